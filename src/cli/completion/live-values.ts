import type { Command } from 'commander';
import type { ApiKind } from '../../clients/cluster/discovery.ts';
import { isObject, type JsonObject, ownValue } from '../../lib/json.ts';
import { silentLogger } from '../../lib/logger.ts';
import { chooseCluster } from '../choose-cluster.ts';
import type { ClusterOptions } from '../cluster-options.ts';
import type { CommandContext } from '../command-context.ts';
import type { LiveValues } from './complete.ts';

/** Milliseconds that nobody who has pressed a key waits longer than. */
const PATIENCE = 2000;

/** Names that are shown of any list. */
const MAX_NAMES = 500;

const NAMESPACES: ApiKind = {
  apiVersion: 'v1',
  kind: 'Namespace',
  plural: 'namespaces',
  namespaced: false,
  verbs: [],
};

/**
 * Asks the cluster and the kubeconfig that the words of the command line choose. What fails or takes longer than two
 * seconds gives no names, and no message: nobody could read it.
 */
export function createLiveValues(
  command: Command,
  words: readonly string[],
  context: CommandContext,
): LiveValues {
  const options = readOptions(command, words);
  return {
    setNames: () => quietly(() => listNames('sets', options, context)),
    namespaces: () => quietly(() => listNames('namespaces', options, context)),
    kubeconfigNames: (list) => quietly(() => readNames(list, options, context)),
  };
}

async function quietly(ask: () => Promise<readonly string[]>): Promise<readonly string[]> {
  const late = new Promise<readonly string[]>((resolve) => setTimeout(resolve, PATIENCE, []).unref());
  return Promise.race([ask().catch(() => []), late]);
}

/** The options as far as they are written; one that is wrong leaves the rest as it is. */
function readOptions(command: Command, words: readonly string[]): ClusterOptions {
  command.exitOverride().configureOutput({ writeErr: () => {}, writeOut: () => {} });
  try {
    command.parseOptions([...words.slice(0, -1)]);
  } catch {
    // What was read until then still counts.
  }
  return { ...command.opts<ClusterOptions>(), timeout: PATIENCE };
}

async function listNames(
  what: 'sets' | 'namespaces',
  options: ClusterOptions,
  context: CommandContext,
): Promise<readonly string[]> {
  const [cluster, { collectionPath }, { METADATA_LIST }, { SET_KIND }] = await Promise.all([
    chooseCluster(context, options, silentLogger),
    import('../../clients/cluster/paths.ts'),
    import('../../clients/cluster/list-pages.ts'),
    import('../../status/kinds.ts'),
  ]);
  try {
    const { namespace } = options;
    const path = what === 'sets' ? collectionPath(SET_KIND, namespace) : collectionPath(NAMESPACES, '');
    const query = { limit: String(MAX_NAMES) };
    const request = { method: 'GET', path, query, accept: METADATA_LIST } as const;
    const list = await cluster.client.request(request, AbortSignal.timeout(PATIENCE));
    return namesOf(ownValue(list, 'items'), (item) => ownValue(item, 'metadata'));
  } finally {
    await cluster.close();
  }
}

async function readNames(
  list: 'contexts' | 'clusters' | 'users',
  { kubeconfig }: ClusterOptions,
  { env }: CommandContext,
): Promise<readonly string[]> {
  const { readKubeconfigs } = await import('../../clients/cluster/kube-connection-files.ts');
  const files = await readKubeconfigs({ environment: env, ...(kubeconfig !== undefined && { kubeconfig }) });
  return files ? namesOf(ownValue(files.config, list), (item) => item) : [];
}

function namesOf(items: unknown, place: (item: JsonObject) => unknown): string[] {
  const names = (Array.isArray(items) ? items.filter(isObject) : []).map((item) => {
    const named = place(item);
    return isObject(named) ? ownValue(named, 'name') : undefined;
  });
  return names.filter((name) => typeof name === 'string').slice(0, MAX_NAMES);
}
