import { readFile } from 'node:fs/promises';
import { type JsonObject, ownValue } from '../../lib/json.ts';
import { type AccountPlace, readAccount } from './kube-connection-account.ts';
import { type PickedContext, pickContext } from './kube-connection-context.ts';
import { type KubeconfigFiles, type KubeconfigPlace, readKubeconfigs } from './kube-connection-files.ts';
import { type ConnectionOverrides, impersonationHeaders } from './kube-connection-overrides.ts';
import { createPluginReader, needsPlugin, type PluginAnswer } from './kube-connection-plugin.ts';

/** Which server is meant, and who we are to it, as of one moment. */
export interface Credentials {
  /** URL of the API server, without a slash at its end. */
  readonly server: string;
  /** The context's namespace. */
  readonly namespace?: string;
  /** Lower-case names; a list is a header for each of its values. */
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly tls: TlsSettings;
  /** URL of a proxy to go through. */
  readonly proxy?: string;
}

/** PEM texts and the rest of what a TLS connection is made with. */
export interface TlsSettings {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly servername?: string;
  readonly rejectUnauthorized: boolean;
}

/** Which configuration is meant. */
export interface ConfigOptions extends KubeconfigPlace, AccountPlace {
  /** A context of the kubeconfig; default its current one. */
  readonly context?: string;
  /** What stands in place of what the kubeconfig says. */
  readonly overrides?: ConnectionOverrides;
}

/** Reads the configuration again; `fresh` also asks credential plugins again, whose answers are else kept. */
export type CredentialsLoader = (fresh: boolean) => Promise<Credentials>;

/**
 * Creates what loads credentials: from the named kubeconfig, $KUBECONFIG, ~/.kube/config or a pod's service account,
 * in this order. The context that is current at the first loading stays. Errors name file and context.
 */
export function createCredentialsLoader(options: ConfigOptions): CredentialsLoader {
  const askPlugin = createPluginReader();
  let context = options.context;
  return async (fresh) => {
    const picked = pickContext(await readFiles(options), context, options.overrides);
    // Where no context is current, none need be.
    context = picked.name === '' ? undefined : picked.name;
    const server = readServer(picked);
    const answer = needsPlugin(picked.user) ? await askPlugin(picked, fresh) : {};
    const proxy = textOf(picked.cluster, 'proxy-url');
    return {
      server,
      ...(picked.namespace !== undefined && { namespace: picked.namespace }),
      headers: await readHeaders(picked, answer),
      tls: await readTls(picked, answer),
      ...(proxy !== undefined && { proxy }),
    };
  };
}

/** A server that was named needs neither a kubeconfig nor a pod. */
async function readFiles(options: ConfigOptions): Promise<KubeconfigFiles> {
  const files = await readKubeconfigs(options);
  if (files) return files;
  if (options.overrides?.server === undefined) return readAccount(options);
  return { description: 'command line', config: {} };
}

function readServer({ cluster, description, overrides }: PickedContext): string {
  const server = URL.parse(textOf(cluster, 'server') ?? '');
  const isNamed = overrides.server !== undefined;
  if (!server || !/^https?:$/.test(server.protocol)) {
    throw new Error(
      isNamed
        ? '--server is no URL: write it as https://kubernetes.example.com:6443'
        : `${description}: its server is no URL`,
    );
  }
  if (server.protocol === 'http:' && !isInsecure(cluster)) {
    const allow = isNamed ? 'give --insecure-skip-tls-verify' : 'set insecure-skip-tls-verify';
    throw new Error(
      `${isNamed ? '--server' : description}: a server without TLS is refused; ${allow} to allow it`,
    );
  }
  return `${server.origin}${server.pathname.replace(/\/+$/, '')}`;
}

/** The token wins over the password, as in client-go, which takes the file's before the one that is written. */
async function readHeaders(
  picked: PickedContext,
  answer: PluginAnswer,
): Promise<Record<string, string | string[]>> {
  const { user } = picked;
  const tokenFile = textOf(user, 'tokenFile');
  const token = tokenFile === undefined ? textOf(user, 'token') : await readToken(picked, tokenFile);
  const name = textOf(user, 'username');
  const basic = Buffer.from(`${name}:${textOf(user, 'password') ?? ''}`).toString('base64');
  const password = name === undefined ? undefined : `Basic ${basic}`;
  const authorization = token === undefined ? (answer.authorization ?? password) : `Bearer ${token}`;
  return {
    ...(authorization !== undefined && { authorization }),
    ...impersonationHeaders(user),
  };
}

async function readTls(picked: PickedContext, answer: PluginAnswer): Promise<TlsSettings> {
  const { cluster, user } = picked;
  const ca = await readPem(picked, cluster, 'certificate-authority');
  const cert = (await readPem(picked, user, 'client-certificate')) ?? answer.cert;
  const key = (await readPem(picked, user, 'client-key')) ?? answer.key;
  const servername = textOf(cluster, 'tls-server-name');
  return {
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    ...(servername !== undefined && { servername }),
    // Stated, because NODE_TLS_REJECT_UNAUTHORIZED=0 would turn verification off.
    rejectUnauthorized: !isInsecure(cluster),
  };
}

/** What is written in the kubeconfig wins over the file that it names. */
async function readPem(picked: PickedContext, object: JsonObject, key: string): Promise<string | undefined> {
  const data = textOf(object, `${key}-data`);
  if (data !== undefined) return Buffer.from(data, 'base64').toString();
  const file = textOf(object, key);
  return file === undefined ? undefined : readText(blamed(picked, key), file);
}

/** Never an empty one: the server would see nobody in particular. */
async function readToken(picked: PickedContext, file: string): Promise<string> {
  const token = (await readText(picked.description, file)).trim();
  if (token === '') throw new Error(`${picked.description}: ${file} is empty`);
  return token;
}

/** Who named the file of this key: a flag, or file and context. */
function blamed({ overrides, description }: PickedContext, key: string): string {
  const { certificateAuthority, clientCertificate, clientKey } = overrides;
  const flags = new Map(
    Object.entries({
      'certificate-authority': certificateAuthority,
      'client-certificate': clientCertificate,
      'client-key': clientKey,
    }),
  );
  return flags.get(key) === undefined ? description : `--${key}`;
}

async function readText(where: string, file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new Error(`${where}: cannot read ${file}: ${(error as NodeJS.ErrnoException).code}`, {
      cause: error,
    });
  }
}

function isInsecure(cluster: JsonObject): boolean {
  return ownValue(cluster, 'insecure-skip-tls-verify') === true;
}

/** The text of a field; undefined where it is absent or empty. */
function textOf(object: JsonObject, key: string): string | undefined {
  const value = ownValue(object, key);
  return typeof value === 'string' && value !== '' ? value : undefined;
}
