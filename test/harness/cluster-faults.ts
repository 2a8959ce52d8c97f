import { writeFile } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { type Cluster, type ClusterOptions, openCluster } from '../../src/clients/cluster/open-cluster.ts';
import { silentLogger } from '../../src/lib/logger.ts';
import { startHttpServer, type TestServer } from './http-server.ts';
import { useTemporaryFolder } from './temporary-folder.ts';

/** What differs between two tests. */
type Options = Partial<ClusterOptions> & { readonly user?: object; readonly cluster?: object };

/** Servers that misbehave as no real API server does at will, and clients of them; all end with the test. */
export function useClusterFaults() {
  const folder = useTemporaryFolder();
  let servers: TestServer[] = [];
  let clusters: Cluster[] = [];
  let files = 0;
  afterEach(async () => {
    await Promise.all(clusters.map((it) => it.close()));
    await Promise.all(servers.map((it) => it.close()));
    servers = [];
    clusters = [];
  });

  /** A server without TLS that answers so. */
  async function serve(listener: RequestListener): Promise<string> {
    const server = await startHttpServer(listener);
    servers.push(server);
    return server.origin;
  }

  /** A client of the server at this URL. */
  async function connect(
    server: string,
    { user = {}, cluster = {}, ...options }: Options = {},
  ): Promise<Cluster> {
    const kubeconfig = join(folder.path, `${++files}.kubeconfig`);
    await writeFile(kubeconfig, kubeconfigOf(server, { user, cluster }));
    const opened = await openCluster({ kubeconfig, userAgent: 'test', log: silentLogger, ...options });
    clusters.push(opened);
    return opened;
  }
  return { folder, serve, connect };
}

/** A kubeconfig with one cluster; a server without TLS is allowed. */
export function kubeconfigOf(server: string, { user, cluster }: { user: object; cluster?: object }): string {
  const insecure = server.startsWith('http:') ? { 'insecure-skip-tls-verify': true } : {};
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'c', cluster: { server, ...insecure, ...cluster } }],
    users: [{ name: 'u', user }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u', namespace: 'here' } }],
    'current-context': 'x',
  });
}
