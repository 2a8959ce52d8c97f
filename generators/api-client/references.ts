import type { HttpRequest } from '../../src/api/readers.ts';
import { objectData } from '../../src/lib/object-data.ts';
import { checkCertificates } from '../../src/lib/pem.ts';
import type { GenerateContext } from '../generator.ts';
import type { ApiClientSpec } from './schema.ts';

/** An object in the set's namespace. */
interface Reference {
  readonly kind: 'Secret' | 'ConfigMap';
  readonly name: string;
}

/** What the objects that a spec refers to add to its request. Nothing that is missing is passed over. */
export async function readReferences(
  spec: ApiClientSpec,
  context: GenerateContext,
): Promise<Pick<HttpRequest, 'headers' | 'ca' | 'cert' | 'key'>> {
  const [headers, ca, certificate] = await Promise.all([
    spec.headersRef && readHeaders(spec.headersRef, context),
    spec.secretRef && readCa({ kind: 'Secret', name: spec.secretRef.name }, context),
    spec.certSecretRef && readCertificate({ kind: 'Secret', name: spec.certSecretRef.name }, context),
  ]);
  return { ...(headers && { headers }), ...certificate, ...(ca !== undefined && { ca }) };
}

/** Every key of the object is a header, as in GitOpsSets. */
async function readHeaders(ref: Reference, context: GenerateContext): Promise<Record<string, string>> {
  const data = await readData(ref, context);
  return Object.fromEntries([...data].map(([key, value]) => [key, textOf(value, { ref, key, context })]));
}

/** GitOpsSets' key first, then the one of Flux and cert-manager. */
async function readCa(ref: Reference, context: GenerateContext): Promise<string> {
  const data = await readData(ref, context);
  const key = data.has('caFile') || !data.has('ca.crt') ? 'caFile' : 'ca.crt';
  return readPem(data, { ref, key, context });
}

/** The keys of a kubernetes.io/tls Secret. */
async function readCertificate(
  ref: Reference,
  context: GenerateContext,
): Promise<{ cert: string; key: string; ca?: string }> {
  const data = await readData(ref, context);
  return {
    cert: readPem(data, { ref, key: 'tls.crt', context }),
    key: readText(data, { ref, key: 'tls.key', context }),
    ...(data.has('ca.crt') && { ca: readPem(data, { ref, key: 'ca.crt', context }) }),
  };
}

/** One key of one object, for messages. */
interface Place {
  readonly ref: Reference;
  readonly key: string;
  readonly context: GenerateContext;
}

/** Reads through the context, so that the object is watched. */
async function readData(ref: Reference, context: GenerateContext): Promise<Map<string, Buffer>> {
  const { namespace } = context;
  const object = await context.objects.get({ apiVersion: 'v1', ...ref, namespace }, context.signal);
  if (!object) throw new Error(`${ref.kind} ${namespace}/${ref.name} does not exist`);
  return objectData(object);
}

/** Broken PEM is found here, where its object has a name. */
function readPem(data: Map<string, Buffer>, place: Place): string {
  const pem = readText(data, place);
  try {
    checkCertificates(pem);
    return pem;
  } catch (error) {
    throw new Error(`${describe(place)}: ${(error as Error).message}`, { cause: error });
  }
}

function readText(data: Map<string, Buffer>, place: Place): string {
  const value = data.get(place.key);
  if (value === undefined) {
    const { ref, context } = place;
    throw new Error(`${ref.kind} ${context.namespace}/${ref.name} has no key ${place.key}`);
  }
  return textOf(value, place);
}

/** Bytes that are no text would be sent as something else than what is stored. */
function textOf(value: Buffer, place: Place): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(value);
  } catch (error) {
    throw new Error(`${describe(place)} is not UTF-8 text`, { cause: error });
  }
}

function describe({ ref, key, context }: Place): string {
  return `${ref.kind} ${context.namespace}/${ref.name}: ${key}`;
}
