import type { HttpRequest } from '../../src/api/readers.ts';
import { objectData } from '../../src/lib/object-data.ts';
import { checkCertificates } from '../../src/lib/pem.ts';
import type { GenerateContext } from '../generator.ts';
import type { PullRequestsSpec } from './schema.ts';

/** A Secret that a spec refers to, with what it holds by key. */
interface Secret {
  /** `Secret namespace/name`, for messages. */
  readonly place: string;
  readonly data: ReadonlyMap<string, Buffer>;
}

/** What the Secrets of a spec add to its requests. Nothing that is missing is passed over. */
export async function readReferences(
  spec: PullRequestsSpec,
  context: GenerateContext,
): Promise<Pick<HttpRequest, 'headers' | 'ca' | 'cert' | 'key'>> {
  const [token, tls] = await Promise.all([
    spec.secretRef && readSecret(spec.secretRef.name, context).then(readToken),
    spec.certSecretRef && readSecret(spec.certSecretRef.name, context).then(readTls),
  ]);
  // All four servers take their tokens so.
  return { ...(token !== undefined && { headers: { authorization: `Bearer ${token}` } }), ...tls };
}

/** Reads through the context, so that the Secret is watched. */
async function readSecret(name: string, { namespace, objects, signal }: GenerateContext): Promise<Secret> {
  const place = `Secret ${namespace}/${name}`;
  const object = await objects.get({ apiVersion: 'v1', kind: 'Secret', namespace, name }, signal);
  if (!object) throw new Error(`${place} does not exist`);
  return { place, data: objectData(object) };
}

/** GitOpsSets' key first, which is that of Flux's Secrets for Git. */
function readToken(secret: Secret): string {
  const key = secret.data.has('password') ? 'password' : 'token';
  if (!secret.data.has(key)) throw new Error(`${secret.place} has neither password nor token`);
  const text = readText(secret, key);
  if (text === '') throw new Error(`${secret.place}: ${key} is empty`);
  if (/^[\x21-\x7e]+$/.test(text)) return text;
  throw new Error(
    `${secret.place}: ${key} has a line break, a space or another character that no token has; write it as printf does`,
  );
}

/** The keys of a kubernetes.io/tls Secret, each where it is there. */
function readTls(secret: Secret): Pick<HttpRequest, 'ca' | 'cert' | 'key'> {
  const has = (key: string) => secret.data.has(key);
  const client = has('tls.crt') || has('tls.key');
  if (!client && !has('ca.crt')) {
    throw new Error(`${secret.place} has neither ca.crt nor tls.crt and tls.key`);
  }
  return {
    ...(has('ca.crt') && { ca: readPem(secret, 'ca.crt') }),
    ...(client && { cert: readPem(secret, 'tls.crt'), key: readText(secret, 'tls.key') }),
  };
}

/** Broken PEM is found here, where its Secret has a name. */
function readPem(secret: Secret, key: string): string {
  const pem = readText(secret, key);
  try {
    checkCertificates(pem);
    return pem;
  } catch (error) {
    throw new Error(`${secret.place}: ${key}: ${(error as Error).message}`, { cause: error });
  }
}

/** Bytes that are no text would be sent as something else than what is stored. */
function readText({ place, data }: Secret, key: string): string {
  const value = data.get(key);
  if (value === undefined) throw new Error(`${place} has no key ${key}`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(value);
  } catch (error) {
    throw new Error(`${place}: ${key} is not UTF-8 text`, { cause: error });
  }
}
