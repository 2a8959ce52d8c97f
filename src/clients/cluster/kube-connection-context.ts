import { isObject, type JsonObject, ownValue } from '../../lib/json.ts';
import type { KubeconfigFiles } from './kube-connection-files.ts';
import { type ConnectionOverrides, overrideCluster, overrideUser } from './kube-connection-overrides.ts';

/** The one context that is used, and what belongs to it, as the kubeconfig writes it. */
export interface PickedContext {
  /** For messages: file and context. */
  readonly description: string;
  readonly name: string;
  readonly namespace?: string;
  readonly cluster: JsonObject;
  readonly user: JsonObject;
  /** What of it a person said, who is then told so. */
  readonly overrides: ConnectionOverrides;
}

/**
 * Picks the wanted context, else the current one, with what was said in place of its parts. None is needed where the
 * server itself was named. Throws one sentence that names file and context.
 */
export function pickContext(
  files: KubeconfigFiles,
  wanted: string | undefined,
  overrides: ConnectionOverrides = {},
): PickedContext {
  const { config, description } = files;
  const name = wanted ?? ownValue(config, 'current-context');
  if (typeof name !== 'string' || name === '') {
    if (overrides.server === undefined && overrides.cluster === undefined) {
      throw new Error(`${description}: no current context; name one with --context`);
    }
    return { name: '', overrides, ...readParts(files, { where: description, context: {} }, overrides) };
  }
  const where = `${description}, context ${JSON.stringify(name)}`;
  const context = findEntry(config, 'contexts', name, 'context');
  if (!context) throw new Error(`${where}: no such context`);
  const namespace = ownValue(context, 'namespace');
  const isNamed = typeof namespace === 'string' && namespace !== '';
  const parts = readParts(files, { where, context }, overrides);
  return { name, overrides, ...(isNamed && { namespace }), ...parts };
}

/** The cluster and the user that a context names, unless others are wanted. */
function readParts(
  { config, description }: KubeconfigFiles,
  { where, context }: { where: string; context: JsonObject },
  overrides: ConnectionOverrides,
): Pick<PickedContext, 'cluster' | 'user' | 'description'> {
  const { server, cluster: clusterName, user: userName } = overrides;
  const missing = (part: 'cluster' | 'user', named: string | undefined): Error =>
    new Error(
      named === undefined
        ? `${where}: its ${part} is missing`
        : `${description}: no ${part} ${JSON.stringify(named)}, which --${part} names`,
    );
  const cluster = findEntry(config, 'clusters', clusterName ?? context['cluster'], 'cluster');
  if (!cluster && (server === undefined || clusterName !== undefined)) throw missing('cluster', clusterName);
  if (typeof (server ?? cluster?.['server']) !== 'string') {
    throw new Error(`${where}: its cluster has no server`);
  }
  const user = findEntry(config, 'users', userName ?? context['user'], 'user');
  if (!user && (userName ?? context['user'])) throw missing('user', userName);
  return {
    description: where,
    cluster: overrideCluster(cluster ?? {}, overrides),
    user: overrideUser(user ?? {}, overrides),
  };
}

function findEntry(config: JsonObject, list: string, name: unknown, field: string): JsonObject | undefined {
  const entries = ownValue(config, list);
  const entry = Array.isArray(entries)
    ? entries.find((it) => isObject(it) && it['name'] === name)
    : undefined;
  const value = isObject(entry) ? ownValue(entry, field) : undefined;
  return isObject(value) ? value : undefined;
}
