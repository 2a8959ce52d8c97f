import type { ControllerOptions } from './controller-options.ts';
import { startHealthServer, startMetricsServer } from './health-server.ts';
import type { Controller } from './open-controller.ts';

/** Serves health and metrics where the flags say. */
export async function serveController(
  { healthAddr, metricsAddr }: Pick<ControllerOptions, 'healthAddr' | 'metricsAddr'>,
  { sets, metrics }: Controller,
): Promise<{ close(): Promise<void> }> {
  const health = {
    address: healthAddr,
    // A loop that is blocked does not answer at all.
    isLive: () => undefined,
    isReady: () => (sets.isFresh() ? undefined : `the cache of GeneratorSets is ${sets.state}`),
  };
  const servers = await Promise.all([
    healthAddr === '0' ? undefined : startHealthServer(health),
    metricsAddr === '0' ? undefined : startMetricsServer({ address: metricsAddr, registry: metrics }),
  ]);
  return { close: async () => void (await Promise.all(servers.map((server) => server?.close()))) };
}
