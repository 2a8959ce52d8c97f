import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';

/** A bearer token of the test's API server and whom it stands for. */
export interface UserToken {
  readonly token: string;
  readonly user: string;
  readonly groups?: readonly string[];
}

/** How much of each request the audit log keeps; without it there is no log and no cost. */
export type AuditLevel = 'None' | 'Metadata' | 'Request';

/** The user that the controller is in a cluster, for tests of its rights. */
export const CONTROLLER_USER = 'system:serviceaccount:flux-system:generatorset-controller';

/** What a new API server is given. */
interface Contents {
  readonly tokens: readonly UserToken[];
  readonly audit: AuditLevel;
}

/** The three users that every test's API server knows. */
export interface StandardTokens {
  /** In system:masters: may do everything. */
  readonly admin: string;
  /** The controller's service account: may do what roles give it. */
  readonly controller: string;
  /** Authenticated, and without any right. */
  readonly nobody: string;
}

/** Makes tokens that nobody can guess, as loopback is open to all users of a machine. */
export function makeStandardTokens(): StandardTokens {
  const token = () => randomBytes(16).toString('hex');
  return { admin: token(), controller: token(), nobody: token() };
}

/** The standard users with their groups. */
export function standardUsers(tokens: StandardTokens): UserToken[] {
  const groups = ['system:serviceaccounts', 'system:serviceaccounts:flux-system', 'system:authenticated'];
  return [
    { token: tokens.admin, user: 'admin', groups: ['system:masters'] },
    { token: tokens.controller, user: CONTROLLER_USER, groups },
    { token: tokens.nobody, user: 'nobody' },
  ];
}

/** Writes keys, tokens and the audit policy that an API server reads at its start. */
export async function writeServerFiles(folder: string, { tokens, audit }: Contents): Promise<void> {
  const keys = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'sec1', format: 'pem' },
  });
  await mkdir(join(folder, 'certificates'), { recursive: true });
  await writeFile(join(folder, 'accounts.key'), keys.privateKey, { mode: 0o600 });
  await writeFile(join(folder, 'accounts.pub'), keys.publicKey);
  await writeTokens(folder, tokens);
  if (audit !== 'None') await writeFile(join(folder, 'policy.yaml'), stringify(auditPolicy(audit)));
}

/** Writes the users; the API server reads them at its start only. */
export async function writeTokens(folder: string, tokens: readonly UserToken[]): Promise<void> {
  const lines = tokens.map(
    ({ token, user, groups = [] }) => `${token},${user},${user},"${groups.join(',')}"`,
  );
  await writeFile(join(folder, 'tokens.csv'), `${lines.join('\n')}\n`, { mode: 0o600 });
}

/** https://kubernetes.io/docs/tasks/debug/debug-cluster/audit: everything but the server's talk with itself. */
function auditPolicy(level: AuditLevel): object {
  return {
    apiVersion: 'audit.k8s.io/v1',
    kind: 'Policy',
    omitStages: ['RequestReceived'],
    rules: [
      { level: 'None', users: ['system:apiserver'] },
      { level: 'None', nonResourceURLs: ['/readyz*', '/healthz*', '/livez*'] },
      { level },
    ],
  };
}

/** A kubeconfig with one user who has a token. */
export function kubeconfigText(server: { url: string; ca: string }, token: string): string {
  const data = Buffer.from(server.ca).toString('base64');
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'test', cluster: { server: server.url, 'certificate-authority-data': data } }],
    users: [{ name: 'test', user: { token } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
    'current-context': 'test',
  });
}
