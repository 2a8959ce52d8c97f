import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEtcd } from './etcd.ts';
import { findFreePort } from './free-port.ts';
import {
  type AuditLevel,
  makeStandardTokens,
  type StandardTokens,
  standardUsers,
  type UserToken,
  writeServerFiles,
} from './kube-apiserver-files.ts';
import { answersOk } from './kube-request.ts';
import { ServerProcess } from './server-process.ts';

/** What a test may want of its API server. */
export interface KubeApiserverOptions {
  /** Default Metadata. */
  readonly audit?: AuditLevel;
  readonly extraTokens?: readonly UserToken[];
  /** More arguments of kube-apiserver, such as `--audit-log-mode=batch`. */
  readonly args?: readonly string[];
}

/** What an API server consists of. */
export interface ApiserverParts {
  readonly folder: string;
  readonly url: string;
  /** Undefined with `audit: 'None'`. */
  readonly auditLog: string | undefined;
  readonly tokens: StandardTokens;
  readonly users: UserToken[];
  readonly etcd: ServerProcess;
  readonly server: ServerProcess;
}

/** Signed by itself at the first start; in the API server's folder. */
export const CERTIFICATE = join('certificates', 'apiserver.crt');

/** Milliseconds that a loaded machine may take; an idle one takes 3 to 5 s. */
const PATIENCE = 90_000;

/**
 * What the server serves: nothing but stable kinds, and those that have no stable version yet. It describes all kinds
 * in OpenAPI at its start and after each change of a definition, which is most of what it costs.
 */
const KINDS = ['api/beta=false', 'autoscaling/v2beta2=true', 'policy/v1beta1=true'].join();

/** Ends both servers and removes their data. */
export async function closeParts({ server, etcd, folder }: ApiserverParts): Promise<void> {
  await Promise.all([server.stop('SIGKILL'), etcd.stop('SIGKILL')]);
  await rm(folder, { recursive: true, force: true });
}

/** Writes the files of an API server and of its etcd, and starts neither. */
export async function prepareParts(options: KubeApiserverOptions): Promise<ApiserverParts> {
  const folder = await mkdtemp(join(tmpdir(), 'generatorset-kube-apiserver-'));
  const audit = options.audit ?? 'Metadata';
  const tokens = makeStandardTokens();
  const users = [...standardUsers(tokens), ...(options.extraTokens ?? [])];
  await writeServerFiles(folder, { tokens: users, audit });
  const etcd = await createEtcd(folder, PATIENCE);
  const port = await findFreePort();
  const url = `https://127.0.0.1:${port}`;
  const auditLog = audit === 'None' ? undefined : join(folder, 'audit.log');
  const auditArgs = [
    `--audit-policy-file=${join(folder, 'policy.yaml')}`,
    `--audit-log-path=${auditLog}`,
    // In MiB: a log that rotates would lose the proof.
    '--audit-log-maxsize=1000000',
  ];
  const server = new ServerProcess({
    program: 'kube-apiserver',
    args: [
      ...serverArgs({ folder, etcd: etcd.url, port }),
      ...(auditLog ? auditArgs : []),
      ...(options.args ?? []),
    ],
    log: join(folder, 'kube-apiserver.log'),
    patience: PATIENCE,
    isReady: () => answersOk(`${url}/readyz`, { token: tokens.admin, caFile: join(folder, CERTIFICATE) }),
  });
  return { folder, url, auditLog, tokens, users, etcd: etcd.process, server };
}

function serverArgs({ folder, etcd, port }: { folder: string; etcd: string; port: number }): string[] {
  return [
    `--etcd-servers=${etcd}`,
    `--cert-dir=${join(folder, 'certificates')}`,
    '--bind-address=127.0.0.1',
    '--advertise-address=127.0.0.1',
    // Loopback is refused as an endpoint of the service `kubernetes`, which nobody here uses.
    '--endpoint-reconciler-type=none',
    `--secure-port=${port}`,
    `--service-account-key-file=${join(folder, 'accounts.pub')}`,
    `--service-account-signing-key-file=${join(folder, 'accounts.key')}`,
    '--service-account-issuer=https://kubernetes.default.svc',
    `--token-auth-file=${join(folder, 'tokens.csv')}`,
    '--authorization-mode=RBAC',
    '--service-cluster-ip-range=10.0.0.0/24',
    '--disable-admission-plugins=ServiceAccount',
    '--watch-cache=true',
    // A test that wants a 429 makes it itself.
    '--enable-priority-and-fairness=false',
    '--max-requests-inflight=1500',
    '--max-mutating-requests-inflight=1000',
    `--runtime-config=${KINDS}`,
  ];
}
