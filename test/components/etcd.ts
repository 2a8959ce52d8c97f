import { join } from 'node:path';
import { findFreePort } from './free-port.ts';
import { ServerProcess } from './server-process.ts';

/** An etcd whose data last as long as its folder. */
export interface Etcd {
  readonly url: string;
  readonly process: ServerProcess;
}

/** Prepares an etcd with its default limits, not yet started. It trades safety at power cuts for speed. */
export async function createEtcd(folder: string, patience: number): Promise<Etcd> {
  const url = `http://127.0.0.1:${await findFreePort()}`;
  const peers = `http://127.0.0.1:${await findFreePort()}`;
  const args = [
    `--data-dir=${join(folder, 'etcd')}`,
    `--listen-client-urls=${url}`,
    `--advertise-client-urls=${url}`,
    `--listen-peer-urls=${peers}`,
    `--initial-advertise-peer-urls=${peers}`,
    `--initial-cluster=default=${peers}`,
    '--unsafe-no-fsync',
    '--log-level=warn',
    '--logger=zap',
  ];
  const process = new ServerProcess({
    program: 'etcd',
    args,
    log: join(folder, 'etcd.log'),
    // Debian's etcd refuses other processors than amd64 without it.
    env: { ETCD_UNSUPPORTED_ARCH: globalThis.process.arch },
    patience,
    isReady: async () => {
      const answer = await fetch(`${url}/health`);
      return answer.ok && ((await answer.json()) as { health?: unknown }).health === 'true';
    },
  });
  return { url, process };
}
