import type { HttpRequest } from '../../src/api/readers.ts';
import { type ObjectData, readSecret, readText, readTls } from '../../src/api/secret-data.ts';
import type { GenerateContext } from '../generator.ts';
import type { PullRequestsSpec } from './schema.ts';

/** What the Secrets of a spec add to its requests. Nothing that is missing is passed over. */
export async function readReferences(
  spec: PullRequestsSpec,
  context: GenerateContext,
): Promise<Pick<HttpRequest, 'headers' | 'ca' | 'cert' | 'key'>> {
  const [token, tls] = await Promise.all([
    spec.secretRef && readSecret(spec.secretRef, context).then(readToken),
    spec.certSecretRef && readSecret(spec.certSecretRef, context).then(readTls),
  ]);
  // All four servers take their tokens so.
  return { ...(token !== undefined && { headers: { authorization: `Bearer ${token}` } }), ...tls };
}

/** GitOpsSets' key first, which is that of Flux's Secrets for Git. */
function readToken(secret: ObjectData): string {
  const key = secret.data.has('password') ? 'password' : 'token';
  if (!secret.data.has(key)) throw new Error(`${secret.place} has neither password nor token`);
  const text = readText(secret, key);
  if (text === '') throw new Error(`${secret.place}: ${key} is empty`);
  if (/^[\x21-\x7e]+$/.test(text)) return text;
  throw new Error(
    `${secret.place}: ${key} has a line break, a space or another character that no token has; write it as printf does`,
  );
}
