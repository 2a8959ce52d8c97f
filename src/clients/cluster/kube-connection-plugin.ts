import type { KubeConfig } from '@kubernetes/client-node';
import { isObject, type JsonObject, ownValue, stringifyJson } from '../../lib/json.ts';
import type { PickedContext } from './kube-connection-context.ts';

/** Milliseconds for a credential plugin or an identity provider. */
const PLUGIN_TIMEOUT = 60_000;

/** Who a plugin says that we are. */
export interface PluginAnswer {
  /** The header's value. */
  readonly authorization?: string;
  /** PEM. */
  readonly cert?: string;
  readonly key?: string;
}

/** Asks the plugin or the identity provider of a user; its answer is kept until it expires, unless `fresh`. */
export type PluginReader = (picked: PickedContext, fresh: boolean) => Promise<PluginAnswer>;

/** Whether only a plugin or an identity provider knows the credentials of this user. */
export function needsPlugin(user: JsonObject): boolean {
  return isObject(ownValue(user, 'exec')) || isObject(ownValue(user, 'auth-provider'));
}

/** Creates what asks plugins, by client-node. */
export function createPluginReader(): PluginReader {
  let kept: { readonly text: string; readonly config: KubeConfig } | undefined;
  return async (picked, fresh) => {
    const text = stringifyJson(pluginConfig(picked));
    // Answers that have not expired stay in this object.
    if (fresh || kept?.text !== text) kept = { text, config: await loadConfig(text, picked) };
    return askPlugin(kept.config, picked);
  };
}

/** A kubeconfig with nothing in it but what a plugin is asked for. */
function pluginConfig({ cluster, user }: PickedContext): JsonObject {
  const exec = ownValue(user, 'exec');
  const provider = ownValue(user, 'auth-provider');
  const asked: JsonObject = isObject(exec)
    ? { exec: withInfo(exec, cluster) }
    : { 'auth-provider': provider ?? {} };
  return {
    clusters: [{ name: 'cluster', cluster: { server: cluster['server'] ?? '' } }],
    users: [{ name: 'user', user: asked }],
    contexts: [{ name: 'context', context: { cluster: 'cluster', user: 'user' } }],
    'current-context': 'context',
  };
}

/** Plugins want to be told what they run for: https://kubernetes.io/docs/reference/config-api/client-authentication.v1 */
function withInfo(exec: JsonObject, cluster: JsonObject): JsonObject {
  const data = ownValue(cluster, 'certificate-authority-data');
  const spec: JsonObject = { interactive: false };
  if (exec['provideClusterInfo'] === true) {
    spec['cluster'] = {
      server: cluster['server'] ?? '',
      ...(data !== undefined && { 'certificate-authority-data': data }),
    };
  }
  const value = JSON.stringify({ apiVersion: exec['apiVersion'] ?? '', kind: 'ExecCredential', spec });
  const env = Array.isArray(exec['env']) ? exec['env'] : [];
  return { ...exec, env: [...env, { name: 'KUBERNETES_EXEC_INFO', value }] };
}

async function loadConfig(text: string, { description }: PickedContext): Promise<KubeConfig> {
  // 80 MiB and most of a second: only those pay who have a plugin.
  const client = await import('@kubernetes/client-node');
  const config = new client.KubeConfig();
  try {
    config.loadFromString(text);
  } catch (error) {
    throw new Error(`${description}: ${(error as Error).message}`, { cause: error });
  }
  return config;
}

/** Bounded in time. What a plugin says when it fails may be secret, and is not repeated. */
async function askPlugin(config: KubeConfig, { description, user }: PickedContext): Promise<PluginAnswer> {
  const options: { headers: Record<string, string>; cert?: Buffer | string; key?: Buffer | string } = {
    headers: {},
  };
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer in time')), PLUGIN_TIMEOUT);
  });
  try {
    await Promise.race([config.applyToHTTPSOptions(options as never), late]);
  } catch (error) {
    throw new Error(`${description}: ${describeTrouble(user, error)}`, { cause: error });
  } finally {
    clearTimeout(timer);
  }
  const authorization = options.headers['Authorization']?.trim();
  if (!authorization && !options.cert) throw new Error(`${description}: ${describeTrouble(user, undefined)}`);
  return {
    ...(authorization && { authorization }),
    ...(options.cert && { cert: options.cert.toString() }),
    ...(options.key && { key: options.key.toString() }),
  };
}

function describeTrouble(user: JsonObject, error: unknown): string {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  const exec = ownValue(user, 'exec');
  const what = isObject(exec)
    ? `the credential plugin ${exec['command']} gave no credentials`
    : 'the identity provider gave no credentials';
  return `${what}${code ? ` (${code})` : ''}${isObject(exec) ? '; run it by hand to see why' : ''}`;
}
