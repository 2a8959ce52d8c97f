import type { HttpRequest } from '../../src/api/readers.ts';
import {
  type DataRef,
  type ObjectData,
  readData,
  readPem,
  readSecret,
  readText,
} from '../../src/api/secret-data.ts';
import type { GenerateContext } from '../generator.ts';
import type { ApiClientSpec } from './schema.ts';

/** What the objects that a spec refers to add to its request. Nothing that is missing is passed over. */
export async function readReferences(
  spec: ApiClientSpec,
  context: GenerateContext,
): Promise<Pick<HttpRequest, 'headers' | 'ca' | 'cert' | 'key'>> {
  const [headers, ca, certificate] = await Promise.all([
    spec.headersRef && readHeaders(spec.headersRef, context),
    spec.secretRef && readSecret(spec.secretRef, context).then(readCa),
    spec.certSecretRef && readSecret(spec.certSecretRef, context).then(readCertificate),
  ]);
  return { ...(headers && { headers }), ...certificate, ...(ca !== undefined && { ca }) };
}

/** Every key of the object is a header, as in GitOpsSets. */
async function readHeaders(ref: DataRef, context: GenerateContext): Promise<Record<string, string>> {
  const object = await readData(ref, context);
  return Object.fromEntries([...object.data.keys()].map((key) => [key, readText(object, key)]));
}

/** GitOpsSets' key first, then the one of Flux and cert-manager. */
function readCa(secret: ObjectData): string {
  const { data } = secret;
  return readPem(secret, data.has('caFile') || !data.has('ca.crt') ? 'caFile' : 'ca.crt');
}

/** The keys of a kubernetes.io/tls Secret: here the server's CA alone is not enough. */
function readCertificate(secret: ObjectData): { cert: string; key: string; ca?: string } {
  return {
    cert: readPem(secret, 'tls.crt'),
    key: readText(secret, 'tls.key'),
    ...(secret.data.has('ca.crt') && { ca: readPem(secret, 'ca.crt') }),
  };
}
