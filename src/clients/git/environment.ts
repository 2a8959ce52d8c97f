import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StalledError } from '../../api/errors.ts';
import type { GitAuth } from '../../api/readers.ts';
import type { GitUrl } from '../../lib/git-url.ts';
import { guardHost, type HostGuard } from './guard-host.ts';

/** A folder of its own for one command that talks to a remote, with what proves who asks. */
export interface GitSession {
  /** Private; git runs here, so credentials are named by relative paths. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  /** Texts that must never be shown. */
  readonly secrets: readonly string[];
  close(): Promise<void>;
}

/** What git may take at once for one object of a remote: the packed one can be a thousandth of it. */
const ALLOC_LIMIT = '256m';

/** Relative names: the command below is a constant, so no path is ever quoted for a shell. */
const IDENTITY = 'identity';
const KNOWN_HOSTS = 'known_hosts';
const CA = 'ca.crt';

const SSH_COMMAND = [
  'ssh -F none',
  ...[
    'BatchMode=yes',
    'StrictHostKeyChecking=yes',
    `UserKnownHostsFile=${KNOWN_HOSTS}`,
    'GlobalKnownHostsFile=/dev/null',
    `IdentityFile=${IDENTITY}`,
    'IdentitiesOnly=yes',
    'IdentityAgent=none',
    'PreferredAuthentications=publickey',
    'ClearAllForwardings=yes',
    'UpdateHostKeys=no',
    'ConnectTimeout=15',
    'ServerAliveInterval=15',
    'ServerAliveCountMax=2',
  ].map((option) => `-o ${option}`),
].join(' ');

/**
 * The environment of every git process: nothing is inherited but PATH. No prompt, no configuration or
 * attributes of the machine or its user, no replaced objects, paths taken literally.
 */
export function baseEnvironment(gitDir: string): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin',
    // Not the user's: curl would read its .netrc.
    HOME: '/nonexistent',
    LANG: 'C.UTF-8',
    LC_ALL: 'C.UTF-8',
    GIT_DIR: gitDir,
    GIT_ALLOW_PROTOCOL: 'none',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_LITERAL_PATHSPECS: '1',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_PROTOCOL_FROM_USER: '0',
    GIT_TERMINAL_PROMPT: '0',
  };
}

/**
 * Prepares a command that talks to the remote: credentials travel in the environment and in files that only
 * this user can read, never in arguments, URLs or configuration. Close it when the command has ended.
 */
export async function openSession(
  {
    url,
    auth,
    scratch,
    guard,
  }: { url: GitUrl; auth: GitAuth | undefined; scratch: string; guard?: HostGuard },
  gitDir: string,
): Promise<GitSession> {
  const guarded = guard ? await guardHost(url, guard) : [];
  const folder = await mkdtemp(join(scratch, 'session-'));
  const close = (): Promise<void> => rm(folder, { recursive: true, force: true, maxRetries: 3 });
  try {
    await chmod(folder, 0o700);
    const config: [string, string][] = [
      ['http.lowSpeedLimit', '1000'],
      ['http.lowSpeedTime', '30'],
    ];
    const env: Record<string, string> = { ...baseEnvironment(gitDir), GIT_ALLOW_PROTOCOL: url.protocol };
    // The other end of a local repository would have the same environment, and is trusted.
    if (url.protocol !== 'file') env['GIT_ALLOC_LIMIT'] = ALLOC_LIMIT;
    const secrets = [auth?.password, auth?.bearerToken, auth?.identity].filter((text) => text !== undefined);
    if (url.protocol === 'ssh') await addSsh(env, folder, auth);
    if (url.protocol === 'http' || url.protocol === 'https')
      secrets.push(...(await addHttp(config, folder, auth)));
    // Last, since of two values git takes the last.
    config.push(...guarded.map(([key, value]): [string, string] => [key, value]));
    return { folder, env: { ...env, ...configEnvironment(config) }, secrets, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** An unknown host is refused: whoever answers in its place would be given manifests to change. */
async function addSsh(env: Record<string, string>, folder: string, auth: GitAuth | undefined): Promise<void> {
  if (!auth?.identity || !auth.knownHosts) {
    throw new StalledError(
      'InvalidCredentials',
      'a repository over ssh needs a secret with a private key (identity) and the known_hosts of its server',
    );
  }
  // OpenSSH refuses a key whose last line has no end.
  await writeFile(join(folder, IDENTITY), endLine(auth.identity), { mode: 0o600, flag: 'wx' });
  await writeFile(join(folder, KNOWN_HOSTS), endLine(auth.knownHosts), { mode: 0o600, flag: 'wx' });
  env['GIT_SSH_COMMAND'] = SSH_COMMAND;
  env['GIT_SSH_VARIANT'] = 'ssh';
}

/** Adds authorization and CA; returns the further texts that must not be shown. */
async function addHttp(
  config: [string, string][],
  folder: string,
  auth: GitAuth | undefined,
): Promise<string[]> {
  if (auth?.ca !== undefined) {
    await writeFile(join(folder, CA), auth.ca, { mode: 0o600, flag: 'wx' });
    config.push(['http.sslCAInfo', CA]);
  }
  const credential = authorization(auth);
  // git sends the header to wherever it is redirected, so with one it is not.
  config.push(['http.followRedirects', credential === undefined ? 'initial' : 'false']);
  if (credential === undefined) return [];
  config.push(['http.extraHeader', `Authorization: ${credential.scheme} ${credential.value}`]);
  return [credential.value];
}

/** A token goes before user name and password. Servers that want only a token as password take any name. */
function authorization(auth: GitAuth | undefined): { scheme: string; value: string } | undefined {
  if (auth?.bearerToken !== undefined) return { scheme: 'Bearer', value: headerValue(auth.bearerToken) };
  if (auth?.password === undefined && auth?.username === undefined) return undefined;
  const pair = `${auth.username ?? 'git'}:${auth.password ?? ''}`;
  return { scheme: 'Basic', value: Buffer.from(pair).toString('base64') };
}

/** A line end would begin another header. */
function headerValue(token: string): string {
  const value = token.trim();
  if (!/^[\x21-\x7e]+$/.test(value))
    throw new StalledError('InvalidCredentials', 'bearerToken has characters that no header can carry');
  return value;
}

/** Settings as git reads them from its environment: not in arguments, which every user of the machine sees. */
function configEnvironment(config: readonly [string, string][]): Record<string, string> {
  const pairs = config.flatMap(([key, value], index): [string, string][] => [
    [`GIT_CONFIG_KEY_${index}`, key],
    [`GIT_CONFIG_VALUE_${index}`, value],
  ]);
  return { GIT_CONFIG_COUNT: String(config.length), ...Object.fromEntries(pairs) };
}

function endLine(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`;
}
