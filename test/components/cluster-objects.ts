import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { KubeApiserver } from './kube-apiserver.ts';
import type { KubeObject } from './kube-request.ts';
import { pathOfObject } from './object-path.ts';

/** What `createServiceAccount` has made. */
export interface TestAccount {
  readonly name: string;
  readonly namespace: string;
  /** `system:serviceaccount:<namespace>:<name>`, as the audit log names it. */
  readonly user: string;
}

/** A rule of a Role: https://kubernetes.io/docs/reference/access-authn-authz/rbac */
export interface PolicyRule {
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
  readonly verbs: readonly string[];
}

/** Whom the objects of tests belong to. */
const FIELD_MANAGER = 'test';

/** Server-side applies an object as the admin and takes every field; its kind must be known to the server. Throws where the server refuses. */
export async function applyObject<T extends KubeObject = KubeObject>(
  server: KubeApiserver,
  object: KubeObject,
  { fieldManager = FIELD_MANAGER }: { readonly fieldManager?: string } = {},
): Promise<T> {
  const path = `${await pathOfObject(server, object)}?fieldManager=${fieldManager}&force=true`;
  const contentType = 'application/apply-patch+yaml';
  const { status, body } = await server.request<T>('PATCH', path, object, { contentType });
  if (status >= 300) throw new Error(`PATCH ${path}: ${status} ${JSON.stringify(body)}`);
  return body;
}

/** Reads an object as the admin; undefined where there is none. */
export async function readObject<T extends KubeObject = KubeObject>(
  server: KubeApiserver,
  object: Pick<KubeObject, 'apiVersion' | 'kind' | 'metadata'>,
): Promise<T | undefined> {
  const path = await pathOfObject(server, object);
  const { status, body } = await server.request<T>('GET', path);
  if (status === 404) return undefined;
  if (status !== 200) throw new Error(`GET ${path}: ${status} ${JSON.stringify(body)}`);
  return body;
}

/** Deletes an object as the admin; one that is not there is well. */
export async function deleteObject(
  server: KubeApiserver,
  object: Pick<KubeObject, 'apiVersion' | 'kind' | 'metadata'>,
): Promise<void> {
  const path = await pathOfObject(server, object);
  const { status, body } = await server.request('DELETE', path);
  if (status >= 300 && status !== 404) throw new Error(`DELETE ${path}: ${status} ${JSON.stringify(body)}`);
}

/**
 * Asks again until an answer is neither false nor undefined, and gives it. What the last question threw is the
 * cause where the time, in milliseconds, is over.
 */
export async function waitFor<T>(
  what: string,
  check: () => Promise<T | false | undefined> | T | false | undefined,
  timeout = 30_000,
): Promise<T> {
  let cause: unknown;
  const end = Date.now() + timeout;
  do {
    try {
      const answer = await check();
      if (answer !== false && answer !== undefined) return answer;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    await delay(25);
  } while (Date.now() < end);
  const why = cause instanceof Error ? `: ${cause.message}` : '';
  throw new Error(`waited ${timeout / 1000} s for ${what}${why}`, { cause });
}

/** Makes a namespace and gives its name, which no other test has. */
export async function createNamespace(server: KubeApiserver, prefix = 'test'): Promise<string> {
  const name = `${prefix}-${randomBytes(4).toString('hex')}`;
  await applyObject(server, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  return name;
}

/** Makes a service account with a Role of these rules in its own namespace. */
export async function createServiceAccount(
  server: KubeApiserver,
  { name, namespace }: { readonly name: string; readonly namespace: string },
  rules: readonly PolicyRule[] = [],
): Promise<TestAccount> {
  await applyObject(server, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace } });
  await grantRole(server, { user: userOf(namespace, name), namespace, name }, rules);
  return { name, namespace, user: userOf(namespace, name) };
}

/** Lets a user do what the rules say, in one namespace by a Role, or everywhere by a ClusterRole without one. */
export async function grantRole(
  server: KubeApiserver,
  { user, namespace, name }: { readonly user: string; readonly namespace?: string; readonly name: string },
  rules: readonly PolicyRule[],
): Promise<void> {
  const apiVersion = 'rbac.authorization.k8s.io/v1';
  const prefix = namespace === undefined ? 'Cluster' : '';
  const metadata = namespace === undefined ? { name } : { name, namespace };
  await applyObject(server, { apiVersion, kind: `${prefix}Role`, metadata, rules });
  await applyObject(server, {
    apiVersion,
    kind: `${prefix}RoleBinding`,
    metadata,
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: `${prefix}Role`, name },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: user }],
  });
}

/** A token of a service account that exists, from the server itself: it ends with the account. */
export async function requestToken(server: KubeApiserver, account: TestAccount): Promise<string> {
  const path = `/api/v1/namespaces/${account.namespace}/serviceaccounts/${account.name}/token`;
  const request = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} };
  const { status, body } = await server.request<{ status?: { token?: string } }>('POST', path, request);
  const token = body.status?.token;
  if (!token) throw new Error(`POST ${path}: ${status} without a token`);
  return token;
}

/** Applies a custom resource definition and waits until objects of its kind can be written. */
export async function establishCrd(server: KubeApiserver, crd: KubeObject): Promise<void> {
  await applyObject(server, crd);
  await waitFor(
    `the CRD ${crd.metadata.name} to be established`,
    async () => isEstablished(await readObject(server, crd)) && isDiscovered(server, crd),
    30_000,
  );
}

/** Deletes a CRD and waits until its kind is served no more: for a moment it still takes writes. */
export async function removeCrd(server: KubeApiserver, crd: KubeObject): Promise<void> {
  await deleteObject(server, crd);
  await waitFor(
    `the kind of ${crd.metadata.name} to be gone`,
    async () => !(await readObject(server, crd)) && !(await isDiscovered(server, crd)),
    30_000,
  );
}

function isEstablished(crd: KubeObject | undefined): boolean {
  const status = crd?.['status'] as { conditions?: { type: string; status: string }[] } | undefined;
  return status?.conditions?.some((it) => it.type === 'Established' && it.status === 'True') ?? false;
}

/** Established comes before the handlers of all versions do: whoever writes at once may still get 404. */
async function isDiscovered(server: KubeApiserver, crd: KubeObject): Promise<boolean> {
  const spec = crd['spec'] as {
    group: string;
    names: { plural: string };
    versions: { name: string; served: boolean }[];
  };
  for (const version of spec.versions.filter(({ served }) => served)) {
    const path = `/apis/${spec.group}/${version.name}/${spec.names.plural}?limit=1`;
    if ((await server.request('GET', path)).status !== 200) return false;
  }
  return true;
}

function userOf(namespace: string, name: string): string {
  return `system:serviceaccount:${namespace}:${name}`;
}
