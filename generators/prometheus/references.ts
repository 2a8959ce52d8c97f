import type { HttpRequest } from '../../src/api/readers.ts';
import { type ObjectData, readSecret, readText, readTls } from '../../src/api/secret-data.ts';
import type { AskContext } from '../generator.ts';
import type { PrometheusSpec } from './schema.ts';

/** What the Secrets of a spec add to its requests. Nothing that is missing is passed over. */
export async function readReferences(
  spec: PrometheusSpec,
  context: AskContext,
): Promise<Pick<HttpRequest, 'headers' | 'ca' | 'cert' | 'key'>> {
  const [authorization, tls] = await Promise.all([
    spec.secretRef && readSecret(spec.secretRef, context).then(readAuthorization),
    spec.certSecretRef && readSecret(spec.certSecretRef, context).then(readTls),
  ]);
  return { ...(authorization !== undefined && { headers: { authorization } }), ...tls };
}

/** RFC 6750 for a token, RFC 7617 for a name and a password. */
function readAuthorization(secret: ObjectData): string {
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

/** A line break at the end would be part of a password, and is always a mistake. */
function readLine(secret: ObjectData, key: string): string {
  const text = readText(secret, key);
  if (text === '') throw new Error(`${secret.place}: ${key} is empty`);
  if (!/[\0-\x1f\x7f]/.test(text)) return text;
  throw new Error(
    `${secret.place}: ${key} has a line break or control character; write it without one, as printf does`,
  );
}
