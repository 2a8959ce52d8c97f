import type { Cluster } from '../clients/cluster/open-cluster.ts';
import type { Logger } from '../lib/logger.ts';
import { type ConnectionOptions, overridesOf } from './cluster-options.ts';
import type { CommandContext } from './command-context.ts';

/** Opens the cluster that the options choose; nothing is asked of it yet. Throws one sentence that names file and context. */
export async function chooseCluster(
  { version }: Pick<CommandContext, 'version'>,
  options: ConnectionOptions,
  log: Logger,
): Promise<Cluster> {
  // Only now: the libraries behind it take long to load.
  const { openCluster } = await import('../clients/cluster/open-cluster.ts');
  const { kubeconfig, context } = options;
  return openCluster({
    ...(kubeconfig !== undefined && { kubeconfig }),
    ...(context !== undefined && { context }),
    overrides: overridesOf(options),
    userAgent: `generatorset/${version}`,
    log,
  });
}
