import type { HttpRequest } from '../../src/api/readers.ts';
import { objectData } from '../../src/lib/object-data.ts';
import { checkCertificates } from '../../src/lib/pem.ts';
import type { GenerateContext } from '../generator.ts';
import type { PrometheusSpec } from './schema.ts';

/** A Secret that a spec refers to, with what it holds by key. */
interface Secret {
  /** `Secret namespace/name`, for messages. */
  readonly place: string;
  readonly data: ReadonlyMap<string, Buffer>;
}

/** What the Secrets of a spec add to its requests. Nothing that is missing is passed over. */
export async function readReferences(
  spec: PrometheusSpec,
  context: GenerateContext,
): Promise<Pick<HttpRequest, 'headers' | 'ca' | 'cert' | 'key'>> {
  const [authorization, tls] = await Promise.all([
    spec.secretRef && readSecret(spec.secretRef.name, context).then(readAuthorization),
    spec.certSecretRef && readSecret(spec.certSecretRef.name, context).then(readTls),
  ]);
  return { ...(authorization !== undefined && { headers: { authorization } }), ...tls };
}

/** Reads through the context, so that the Secret is watched. */
async function readSecret(name: string, { namespace, objects, signal }: GenerateContext): Promise<Secret> {
  const place = `Secret ${namespace}/${name}`;
  const object = await objects.get({ apiVersion: 'v1', kind: 'Secret', namespace, name }, signal);
  if (!object) throw new Error(`${place} does not exist`);
  return { place, data: objectData(object) };
}

/** RFC 6750 for a token, RFC 7617 for a name and a password. */
function readAuthorization(secret: Secret): string {
  const has = (key: string) => secret.data.has(key);
  const basic = has('username') || has('password');
  if (has('token') && basic) {
    throw new Error(`${secret.place} has token beside username and password; remove one of both`);
  }
  if (has('token')) return `Bearer ${readLine(secret, 'token')}`;
  if (!basic) throw new Error(`${secret.place} has neither token nor username and password`);
  const username = readLine(secret, 'username');
  if (username.includes(':'))
    throw new Error(`${secret.place}: username has a colon, which no user can have`);
  return `Basic ${Buffer.from(`${username}:${readLine(secret, 'password')}`).toString('base64')}`;
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

/** A line break at the end would be part of a password, and is always a mistake. */
function readLine(secret: Secret, key: string): string {
  const text = readText(secret, key);
  if (text === '') throw new Error(`${secret.place}: ${key} is empty`);
  if (!/[\0-\x1f\x7f]/.test(text)) return text;
  throw new Error(
    `${secret.place}: ${key} has a line break or control character; write it without one, as printf does`,
  );
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
