import { objectData } from '../lib/object-data.ts';
import { checkCertificates } from '../lib/pem.ts';
import type { ObjectPlace } from './object-place.ts';
import type { HttpRequest } from './readers.ts';

/** A Secret or ConfigMap that a spec names. */
export interface DataRef {
  readonly kind: 'Secret' | 'ConfigMap';
  readonly name: string;
}

/** What a Secret or ConfigMap holds by key. */
export interface ObjectData {
  /** `Secret namespace/name`, for messages. */
  readonly place: string;
  readonly data: ReadonlyMap<string, Buffer>;
}

/** Reads a Secret or ConfigMap through the context, so that it is watched. One that is missing is an error. */
export async function readData(
  { kind, name }: DataRef,
  { namespace, objects, signal }: ObjectPlace,
): Promise<ObjectData> {
  const place = `${kind} ${namespace}/${name}`;
  const object = await objects.get({ apiVersion: 'v1', kind, namespace, name }, signal);
  if (!object) throw new Error(`${place} does not exist`);
  return { place, data: objectData(object) };
}

/** Reads the Secret that a `secretRef` names, as `readData` does. */
export function readSecret({ name }: { readonly name: string }, place: ObjectPlace): Promise<ObjectData> {
  return readData({ kind: 'Secret', name }, place);
}

/** The keys of a kubernetes.io/tls Secret, each where it is there; a certificate never without its key. */
export function readTls(secret: ObjectData): Pick<HttpRequest, 'ca' | 'cert' | 'key'> {
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

/** The certificates under a key. Broken PEM is found here, where its Secret has a name. */
export function readPem(secret: ObjectData, key: string): string {
  const pem = readText(secret, key);
  try {
    checkCertificates(pem);
    return pem;
  } catch (error) {
    throw new Error(`${secret.place}: ${key}: ${(error as Error).message}`, { cause: error });
  }
}

/** The text under a key. Bytes that are no text would be sent as something else than what is stored: an error. */
export function readText({ place, data }: ObjectData, key: string): string {
  const value = data.get(key);
  if (value === undefined) throw new Error(`${place} has no key ${key}`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(value);
  } catch (error) {
    throw new Error(`${place}: ${key} is not UTF-8 text`, { cause: error });
  }
}
