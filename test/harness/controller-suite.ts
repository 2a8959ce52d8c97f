import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { REQUESTED_AT } from '../../src/api/requests.ts';
import { type AuditEvent, isWrite } from '../components/audit-log.ts';
import { establishCrd, readObject, waitFor } from '../components/cluster-objects.ts';
import { type KubeApiserver, useKubeApiserver } from '../components/kube-apiserver.ts';
import type { KubeObject } from '../components/kube-request.ts';
import { pathOfObject } from '../components/object-path.ts';
import { type ClusterSet, conditionOf, GENERATORSET_CRD } from './cluster-sets.ts';
import { startController, type TestController } from './controller.ts';

/** Releases the held plan of this digest. */
export const APPROVE = 'generatorset.dev/approve';

/** Milliseconds for the start of everything on a loaded machine. */
const START_TIMEOUT = 200_000;

/** Gives the suite that calls it an API server with these kinds, and a controller with a cache folder of its own. */
export function useController({
  crds = [],
  flags = [],
}: {
  readonly crds?: readonly KubeObject[];
  readonly flags?: readonly string[];
} = {}) {
  const server = useKubeApiserver();
  let controller: TestController | undefined;
  let folder = '';
  before(async function start() {
    this.timeout(START_TIMEOUT);
    for (const crd of [GENERATORSET_CRD, ...crds]) await establishCrd(server(), crd);
    folder = await mkdtemp(join(tmpdir(), 'generatorset-controller-'));
    controller = await startController(server(), { flags, env: { XDG_CACHE_HOME: folder } });
  });
  after(async () => {
    await controller?.stop('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  });
  return {
    server,
    controller(): TestController {
      if (!controller) throw new Error('the controller is not running');
      return controller;
    },
  };
}

/** Changes fields of an object by a merge patch, as a person with `kubectl patch` does; gives it as it is then. */
export async function patchObject<T extends KubeObject>(
  server: KubeApiserver,
  object: Pick<T, 'apiVersion' | 'kind' | 'metadata'>,
  patch: unknown,
  { status = false } = {},
): Promise<T> {
  const path = `${await pathOfObject(server, object)}${status ? '/status' : ''}`;
  const contentType = 'application/merge-patch+json';
  const answer = await server.request<T>('PATCH', path, patch, { contentType });
  if (answer.status !== 200)
    throw new Error(`PATCH ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
}

/** Sets annotations of an object; null removes one. */
export function annotate<T extends KubeObject>(
  server: KubeApiserver,
  object: T,
  annotations: Readonly<Record<string, string | null>>,
): Promise<T> {
  return patchObject<T>(server, object, { metadata: { annotations } });
}

/** Asks for a pass as `flux reconcile` does, waits until its end is told, and gives the set. */
export async function requestPass(
  server: KubeApiserver,
  set: ClusterSet,
  timeout = 30_000,
): Promise<ClusterSet> {
  const token = randomUUID();
  await annotate(server, set, { [REQUESTED_AT]: token });
  return waitFor(
    `the requested pass of ${set.metadata.name}`,
    async () => {
      const present = await readObject<ClusterSet>(server, set);
      return present?.status?.lastHandledReconcileAt === token ? present : undefined;
    },
    timeout,
  );
}

/** What Ready says, in one line: `True ReconciliationSucceeded: 1 resource`. */
export function readyOf(set: ClusterSet | undefined): string {
  const ready = conditionOf(set, 'Ready');
  return `${ready?.status} ${ready?.reason}: ${ready?.message}`;
}

/** The requests that controllers made for objects of a namespace since the mark. */
export async function requestsIn(
  server: KubeApiserver,
  namespace: string,
  mark = 0,
): Promise<readonly AuditEvent[]> {
  const events = await server.audit(mark);
  return events.filter(
    ({ userAgent, objectRef, stage }) =>
      userAgent?.startsWith('generatorset-controller/') &&
      objectRef?.namespace === namespace &&
      stage !== 'ResponseStarted',
  );
}

/**
 * The writes among them, as `verb resource/subresource name`; without events, which a queue writes some time after
 * what they tell of: `eventsOf` has them.
 */
export async function writesIn(server: KubeApiserver, namespace: string, mark = 0): Promise<string[]> {
  const events = await requestsIn(server, namespace, mark);
  const writes = events.filter((event) => isWrite(event) && event.objectRef?.resource !== 'events');
  return writes.map(({ verb, objectRef }) => {
    const subresource = objectRef?.subresource ? `/${objectRef.subresource}` : '';
    return `${verb} ${objectRef?.resource}${subresource} ${objectRef?.name ?? ''}`.trim();
  });
}

/** The events of a set, as `reason: message`, the oldest first. */
export async function eventsOf(server: KubeApiserver, set: ClusterSet): Promise<string[]> {
  const path = `/apis/events.k8s.io/v1/namespaces/${set.metadata.namespace}/events`;
  const { body } = await server.request<{ items: KubeEvent[] }>('GET', path);
  return body.items
    .filter(({ regarding }) => regarding?.name === set.metadata.name)
    .sort((a, b) => firstOf(a).localeCompare(firstOf(b)))
    .map(({ reason, note }) => `${reason}: ${note}`);
}

interface KubeEvent {
  readonly eventTime: string | null;
  readonly deprecatedFirstTimestamp?: string;
  readonly reason: string;
  readonly note: string;
  readonly regarding?: { readonly name?: string };
}

function firstOf({ eventTime, deprecatedFirstTimestamp }: KubeEvent): string {
  return deprecatedFirstTimestamp ?? eventTime ?? '';
}
