import { isObject, type JsonObject, ownValue } from '../../lib/json.ts';
import type { KubeconfigFiles } from './kube-connection-files.ts';

/** The one context that is used, and what belongs to it, as the kubeconfig writes it. */
export interface PickedContext {
  /** For messages: file and context. */
  readonly description: string;
  readonly name: string;
  readonly namespace?: string;
  readonly cluster: JsonObject;
  readonly user: JsonObject;
}

/** Picks the wanted context, else the current one. Throws one sentence that names file and context. */
export function pickContext(
  { config, description }: KubeconfigFiles,
  wanted: string | undefined,
): PickedContext {
  const name = wanted ?? ownValue(config, 'current-context');
  if (typeof name !== 'string' || name === '') {
    throw new Error(`${description}: no current context; name one with --context`);
  }
  const where = `${description}, context ${JSON.stringify(name)}`;
  const context = findEntry(config, 'contexts', name, 'context');
  if (!context) throw new Error(`${where}: no such context`);
  const cluster = findEntry(config, 'clusters', context['cluster'], 'cluster');
  if (!cluster) throw new Error(`${where}: its cluster is missing`);
  if (typeof cluster['server'] !== 'string') throw new Error(`${where}: its cluster has no server`);
  const user = findEntry(config, 'users', context['user'], 'user');
  if (!user && context['user']) throw new Error(`${where}: its user is missing`);
  const namespace = ownValue(context, 'namespace');
  const isNamed = typeof namespace === 'string' && namespace !== '';
  return { description: where, name, ...(isNamed && { namespace }), cluster, user: user ?? {} };
}

function findEntry(config: JsonObject, list: string, name: unknown, field: string): JsonObject | undefined {
  const entries = ownValue(config, list);
  const entry = Array.isArray(entries)
    ? entries.find((it) => isObject(it) && it['name'] === name)
    : undefined;
  const value = isObject(entry) ? ownValue(entry, field) : undefined;
  return isObject(value) ? value : undefined;
}
