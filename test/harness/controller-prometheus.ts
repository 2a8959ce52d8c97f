import { readFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { parse } from 'yaml';
import type { Series } from '../components/prometheus.ts';
import type { ClusterSet } from './cluster-sets.ts';
import { ROOT } from './run-program.ts';

/** One address behind which servers change, or none is there: then it answers 503, as a gateway does. */
export interface Switchboard {
  /** `http://127.0.0.1:<port>`. */
  readonly origin: string;
  /** How many connections were made so far. */
  readonly connections: number;
  /** Connects to another server, or to none; connections that stand are ended. */
  connectTo(origin: string | undefined): void;
  close(): Promise<void>;
}

const UNAVAILABLE = 'HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\nconnection: close\r\n\r\n';

/** Starts an address that leads nowhere yet. */
export async function startSwitchboard(): Promise<Switchboard> {
  const sockets = new Set<Socket>();
  let target: URL | undefined;
  let connections = 0;
  const server = createServer((socket) => {
    connections++;
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    if (!target) {
      socket.once('data', () => socket.end(UNAVAILABLE));
      return;
    }
    const other = connect(Number(target.port), target.hostname);
    other.on('error', () => {}).on('close', () => socket.destroy());
    socket.on('close', () => other.destroy());
    socket.pipe(other).pipe(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endAll = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get connections() {
      return connections;
    },
    connectTo(origin) {
      target = origin === undefined ? undefined : new URL(origin);
      endAll();
    },
    async close() {
      endAll();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The memory that podinfo used in the last minutes, for the query of the seed. */
export function podinfoMemory(bytes: number): Series {
  const now = Math.floor(Date.now() / 1000);
  return {
    series: 'container_memory_usage_bytes{container="podinfod",pod="podinfo-7b4c9d-2xk"}',
    samples: [
      [now - 7200, bytes - 1024],
      [now - 3600, bytes],
    ],
  };
}

/** The set of examples/podinfo-memory in this namespace, which asks the Prometheus of this origin. */
export async function readSeed(namespace: string, origin: string): Promise<ClusterSet> {
  const text = await readFile(`${ROOT}examples/podinfo-memory/generatorset.yaml`, 'utf8');
  const local = text
    .replaceAll('namespace: flux-system', `namespace: ${namespace}`)
    .replace('http://prometheus.monitoring:9090', origin);
  return parse(local) as ClusterSet;
}
