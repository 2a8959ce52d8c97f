import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';
import type { GeneratorSetStatus } from '../../src/api/status.ts';
import { type ClusterSet, conditionOf } from '../harness/cluster-sets.ts';
import { startController, type TestController } from '../harness/controller.ts';
import { ROOT } from '../harness/run-program.ts';
import type { AuditEvent } from './audit-log.ts';
import { applyObject, establishCrd, grantRole, readObject, waitFor } from './cluster-objects.ts';
import { type KubeApiserver, useKubeApiserver } from './kube-apiserver.ts';
import { CONTROLLER_USER } from './kube-apiserver-files.ts';
import type { Answer, KubeObject } from './kube-request.ts';
import { pathOfObject } from './object-path.ts';

/** The flags of a controller that serves tenants: those of a cluster, with quick retries. */
export const TENANCY_FLAGS: readonly string[] = [
  '--default-service-account=default',
  '--allow-loopback=false',
  '--allow-file=false',
  '--min-retry-delay=500ms',
  '--max-retry-delay=5s',
];

/** The rules of `config/`, which the controller has in a cluster, and the definition of its kind. */
export async function installController(server: KubeApiserver): Promise<void> {
  await applyObject(server, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'flux-system' } });
  for (const folder of ['crd', 'rbac']) {
    const files = readdirSync(`${ROOT}config/${folder}`).filter((name) => name !== 'kustomization.yaml');
    for (const object of files.flatMap((file) =>
      readYaml(readFileSync(`${ROOT}config/${folder}/${file}`, 'utf8')),
    )) {
      if (object.kind === 'CustomResourceDefinition') await establishCrd(server, object);
      else await applyObject(server, object);
    }
  }
}

/** One team, as the guide sets it up, with somebody in it who means harm. */
export interface Tenant {
  readonly namespace: string;
  /** Does something as the person, who may write sets, their status and ConfigMaps in the namespace. */
  apply(object: KubeObject): Promise<Answer<KubeObject>>;
  remove(object: KubeObject): Promise<void>;
  /** Writes whatever the person wants into the status of a set. */
  forge(set: ClusterSet, status: object): Promise<void>;
}

/** Applies what docs/guides/tenancy.md tells to apply, for a namespace that no other test has. */
export async function makeTenant(server: KubeApiserver, prefix: string): Promise<Tenant> {
  const namespace = `${prefix}-${randomBytes(3).toString('hex')}`;
  const objects = readGuide(namespace).filter(({ kind }) => kind !== 'GeneratorSet');
  for (const object of objects) await applyObject(server, object);
  const as = { user: `mallory-of-${namespace}`, groups: [namespace, 'system:authenticated'] };
  await applyObject(server, {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: 'default', namespace },
  });
  await grantRole(server, { user: as.user, namespace, name: 'mallory' }, [
    { apiGroups: [''], resources: ['configmaps'], verbs: ['*'] },
    { apiGroups: ['generatorset.dev'], resources: ['generatorsets/status'], verbs: ['*'] },
  ]);
  return {
    namespace,
    async apply(object) {
      const path = `${await pathOfObject(server, object)}?fieldManager=mallory&force=true`;
      return server.request<KubeObject>('PATCH', path, object, {
        contentType: 'application/apply-patch+yaml',
        as,
      });
    },
    async remove(object) {
      const { status } = await server.request('DELETE', await pathOfObject(server, object), undefined, {
        as,
      });
      if (status >= 300) throw new Error(`${object.metadata.name} could not be deleted: ${status}`);
    },
    async forge(set, status) {
      const path = `${await pathOfObject(server, set)}/status`;
      const contentType = 'application/merge-patch+json';
      const answer = await server.request('PATCH', path, { status }, { contentType, as });
      if (answer.status !== 200)
        throw new Error(`the forged status: ${answer.status} ${JSON.stringify(answer.body)}`);
    },
  };
}

/** What docs/guides/tenancy.md shows, for another namespace than its example. */
export function readGuide(namespace: string): KubeObject[] {
  const guide = readFileSync(`${ROOT}docs/guides/tenancy.md`, 'utf8');
  const blocks = [...guide.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, text = '']) => text);
  return blocks.flatMap((text) => readYaml(text.replaceAll('team-a', namespace)));
}

/** Waits until the controller has said something lasting of the set as it is now: it is ready, failed or stalled. */
export async function waitForVerdict(server: KubeApiserver, set: ClusterSet): Promise<Verdict> {
  return waitFor(
    `a verdict about ${set.metadata.name}`,
    async () => {
      const present = await readObject<ClusterSet>(server, set);
      const ready = conditionOf(present, 'Ready');
      if (!present || !ready || ready.observedGeneration !== present.metadata.generation) return undefined;
      if (ready.status === 'Unknown') return undefined;
      const stalled = conditionOf(present, 'Stalled')?.status === 'True';
      const { status, reason, message } = ready;
      return { status, reason, message, stalled, set: present, full: present.status ?? {} };
    },
    60_000,
  );
}

/** What the controller says of a set. */
export interface Verdict {
  readonly status: string;
  readonly reason: string;
  readonly message: string;
  readonly stalled: boolean;
  readonly set: ClusterSet;
  readonly full: GeneratorSetStatus;
}

/** What the controller itself may ask for, in the words of the audit log; all else is done as a service account. */
const OWN_REQUESTS: readonly RegExp[] = [
  /^(list|watch) generatorsets\.generatorset\.dev $/,
  /^patch generatorsets\.generatorset\.dev(\/status)? \S+$/,
  /^get generatorsets\.generatorset\.dev \S+$/,
  /^create events \S+$/,
  /^patch events \S+$/,
  /^(get|patch|delete) configmaps \S+-inventory-[0-9a-f]{10}-\d+-\d+$/,
  /^(get|patch|update|create) configmaps flux-system\/generatorset-controller-checkpoint\S*$/,
  /^create configmaps flux-system\/\S*$/,
  /^get serviceaccounts \S+$/,
  /^get namespaces \S+$/,
  /^get \/apis?(\/[^/?]+){0,2}$/,
];

/**
 * Everything that the controller did which it should not have: a request in its own name that is not its own business,
 * or one in the name of an account that no set of that namespace may act as.
 */
export function trespasses(events: readonly AuditEvent[], accounts: ReadonlySet<string>): string[] {
  const found = events
    .filter(({ userAgent }) => userAgent?.startsWith('generatorset-controller/'))
    .filter((event) => !isAllowed(event, accounts))
    .map((event) => `${event.impersonatedUser?.username ?? 'itself'}: ${describe(event)}`);
  return [...new Set(found)];
}

function isAllowed(event: AuditEvent, accounts: ReadonlySet<string>): boolean {
  const { impersonatedUser, user } = event;
  if (impersonatedUser) return accounts.has(impersonatedUser.username);
  if (![CONTROLLER_USER, 'admin'].includes(user.username)) return false;
  return OWN_REQUESTS.some((pattern) => pattern.test(describe(event)));
}

/** `verb resource.group/subresource namespace/name`, or `verb path`. */
export function describe({ verb, objectRef, requestURI }: AuditEvent): string {
  if (!objectRef?.resource) return `${verb} ${requestURI.replace(/\?.*$/s, '')}`;
  const { resource, apiGroup, subresource, namespace, name } = objectRef;
  const what = [resource, ...(apiGroup ? [apiGroup] : [])].join('.');
  const where = [namespace, name].filter((part) => part !== undefined && part !== '').join('/');
  return `${verb} ${what}${subresource ? `/${subresource}` : ''} ${where}`;
}

/** The objects of a YAML text. */
function readYaml(text: string): KubeObject[] {
  return parseAllDocuments(text).flatMap((document) => {
    const object = (document as { toJS(): KubeObject | null }).toJS();
    return object ? [object] : [];
  });
}

/** Gives a suite an API server, a controller with the rights of its installation, and two tenants. */
export function useTenants(flags: readonly string[] = []): {
  server(): KubeApiserver;
  controller(): TestController;
  alice(): Tenant;
  mallory(): Tenant;
  /** Another controller in place of the one that runs. */
  restart(): Promise<void>;
} {
  const server = useKubeApiserver();
  let controller: TestController | undefined;
  let tenants: { alice: Tenant; mallory: Tenant } | undefined;
  const start = async (): Promise<void> => {
    const kubeconfig = await server().kubeconfigFor(server().tokens.controller);
    controller = await startController(server(), {
      kubeconfig,
      flags: [...TENANCY_FLAGS, ...flags],
      // As much memory as the Deployment gives it.
      env: { NODE_OPTIONS: '--max-old-space-size=384' },
    });
  };
  before(async function prepare() {
    this.timeout(120_000);
    await installController(server());
    tenants = { alice: await makeTenant(server(), 'alice'), mallory: await makeTenant(server(), 'mallory') };
    await start();
  });
  after(() => controller?.stop('SIGKILL'));
  const given = <T>(value: T | undefined): T => {
    if (value === undefined) throw new Error('the suite has not begun');
    return value;
  };
  return {
    server,
    controller: () => given(controller),
    alice: () => given(tenants).alice,
    mallory: () => given(tenants).mallory,
    async restart() {
      await controller?.stop('SIGKILL');
      await start();
    },
  };
}

/** A set of a tenant that makes a ConfigMap for each name, as the team's account. */
export function tenantSet(
  { namespace }: Tenant,
  name: string,
  {
    elements = [name],
    metadata = {},
    ...spec
  }: Record<string, unknown> & { elements?: readonly string[]; metadata?: object } = {},
): ClusterSet {
  return {
    apiVersion: 'generatorset.dev/v1alpha1',
    kind: 'GeneratorSet',
    metadata: { name, namespace, ...metadata },
    spec: {
      serviceAccountName: 'deployer',
      generators: [{ list: { elements: elements.map((element) => ({ name: element })) } }],
      templates: [{ content: tenantMap(namespace, '{{ .Element.name }}') }],
      ...spec,
    },
  };
}

/** A ConfigMap that says which namespace it was made for. */
export function tenantMap(namespace: string, name: string, metadata: object = {}): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace, ...metadata },
    data: { of: namespace },
  };
}
