/** Credentials of a repository by the names that clients use. */
interface GitSecret {
  username?: string;
  password?: string;
  bearerToken?: string;
  ca?: string;
  identity?: string;
  knownHosts?: string;
}

/** The keys of Flux's GitRepository secrets; of two for the same thing the first that is there counts. */
const KEYS = {
  username: ['username'],
  password: ['password'],
  bearerToken: ['bearerToken'],
  ca: ['ca.crt', 'caFile'],
  identity: ['identity'],
  knownHosts: ['known_hosts'],
} as const satisfies Record<keyof GitSecret, readonly string[]>;

/** A Secret has at most a mebibyte; keys and certificates are far smaller. */
const MAX_BYTES = 256 * 1024;

/** Reads a repository's credentials from the data of its Secret. Throws, naming the key, when one is no text. */
export function readGitSecret(data: ReadonlyMap<string, Uint8Array>): GitSecret {
  const secret: GitSecret = {};
  for (const [field, keys] of Object.entries(KEYS)) {
    const key = keys.find((name) => data.has(name));
    if (key !== undefined) secret[field as keyof GitSecret] = decode(key, data.get(key) as Uint8Array);
  }
  if (Object.keys(secret).length === 0)
    throw new Error('has none of username, password, bearerToken, ca.crt, caFile, identity and known_hosts');
  return secret;
}

/** Never quotes the value. */
function decode(key: string, value: Uint8Array): string {
  if (value.length > MAX_BYTES) throw new Error(`${key} is longer than ${MAX_BYTES} bytes`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(value);
  } catch (error) {
    throw new Error(`${key} is not UTF-8 text`, { cause: error });
  }
}
