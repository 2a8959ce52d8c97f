import { resolve } from 'node:path';
import { type JsonObject, ownValue } from '../../lib/json.ts';

/** What a person says in place of what the kubeconfig says; the same as kubectl's flags of these names. */
export interface ConnectionOverrides {
  /** The name of a cluster, and of a user, of the kubeconfig. */
  readonly cluster?: string;
  readonly user?: string;
  /** URL of the API server. */
  readonly server?: string;
  readonly token?: string;
  /** Paths of PEM files. */
  readonly certificateAuthority?: string;
  readonly clientCertificate?: string;
  readonly clientKey?: string;
  readonly tlsServerName?: string;
  readonly insecureSkipTlsVerify?: boolean;
  /** Whom to act as; the API server decides whether that is allowed. */
  readonly as?: string;
  readonly asGroups?: readonly string[];
  readonly asUid?: string;
}

/**
 * The cluster of a kubeconfig with what was said in its place. As in client-go, another server does away with the
 * name that the certificate had to have, and another authority, or none, with the one before.
 */
export function overrideCluster(cluster: JsonObject, overrides: ConnectionOverrides): JsonObject {
  const { server, certificateAuthority, tlsServerName, insecureSkipTlsVerify } = overrides;
  const isTrustOther = certificateAuthority !== undefined || insecureSkipTlsVerify === true;
  if (certificateAuthority !== undefined && insecureSkipTlsVerify) {
    throw new Error('--certificate-authority and --insecure-skip-tls-verify exclude each other');
  }
  return {
    ...without(cluster, [
      ...(server === undefined ? [] : ['tls-server-name']),
      ...(isTrustOther ? AUTHORITY : []),
    ]),
    ...(server !== undefined && { server }),
    ...(certificateAuthority !== undefined && { 'certificate-authority': resolve(certificateAuthority) }),
    ...(tlsServerName !== undefined && { 'tls-server-name': tlsServerName }),
    ...(insecureSkipTlsVerify === true && { 'insecure-skip-tls-verify': true }),
  };
}

/**
 * The user of a kubeconfig with what was said in its place. A token, or a certificate, is instead of all that the
 * kubeconfig knows: the server would else take a certificate of the kubeconfig for the user, and not look at the token.
 */
export function overrideUser(user: JsonObject, overrides: ConnectionOverrides): JsonObject {
  const { token, clientCertificate, clientKey, as, asGroups = [], asUid } = overrides;
  if ((clientCertificate === undefined) !== (clientKey === undefined)) {
    throw new Error('--client-certificate and --client-key are given together, or not at all');
  }
  const isOther = token !== undefined || clientCertificate !== undefined;
  const acts = as !== undefined || asGroups.length > 0 || asUid !== undefined;
  const kept = without(user, [...(isOther ? CREDENTIALS : []), ...(acts ? IMPERSONATION : [])]);
  return {
    ...kept,
    ...(token !== undefined && { token }),
    ...(clientCertificate !== undefined && { 'client-certificate': resolve(clientCertificate) }),
    ...(clientKey !== undefined && { 'client-key': resolve(clientKey) }),
    ...(as !== undefined && { as }),
    ...(asGroups.length > 0 && { 'as-groups': [...asGroups] }),
    ...(asUid !== undefined && { 'as-uid': asUid }),
  };
}

/**
 * The headers of whom a user acts as. Throws where groups or a uid stand without a user, which the server would
 * refuse in words of its own, and for what cannot be a header.
 * Source: https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation
 */
export function impersonationHeaders(user: JsonObject): Record<string, string | string[]> {
  const [as, uid, listed] = [ownValue(user, 'as'), ownValue(user, 'as-uid'), ownValue(user, 'as-groups')];
  const groups = Array.isArray(listed) ? listed.map(String) : [];
  if (!isText(as)) {
    if (groups.length > 0 || isText(uid)) throw new Error('--as-group and --as-uid need the user of --as');
    return {};
  }
  for (const value of [as, ...groups, ...(isText(uid) ? [uid] : [])]) {
    if (!/^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(value)) {
      throw new Error('the user, group or uid to act as must be printable ASCII');
    }
  }
  return {
    'impersonate-user': as,
    ...(groups.length > 0 && { 'impersonate-group': groups }),
    ...(isText(uid) && { 'impersonate-uid': uid }),
  };
}

const AUTHORITY = ['certificate-authority', 'certificate-authority-data', 'insecure-skip-tls-verify'];
const CREDENTIALS = [
  ...['token', 'tokenFile', 'username', 'password', 'exec', 'auth-provider'],
  ...['client-certificate', 'client-certificate-data', 'client-key', 'client-key-data'],
];
const IMPERSONATION = ['as', 'as-groups', 'as-uid'];

function without(object: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
