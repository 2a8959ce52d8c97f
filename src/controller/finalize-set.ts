import type { GeneratorSet } from '../api/generatorset-schema.ts';
import { PRUNE_FAILED } from '../api/reasons.ts';
import { readRequests } from '../api/requests.ts';
import { finalizeObjects } from '../apply/finalize-objects.ts';
import { isNotFound } from '../clients/cluster/api-error.ts';
import type { ClusterClient } from '../clients/cluster/cluster-client.ts';
import { isObject, type JsonObject, ownValue } from '../lib/json.ts';
import { hasFinalizer, removeFinalizer } from '../status/finalizer.ts';
import type { StatusSession } from '../status/status-writer.ts';
import { applyOptions } from './cluster-world.ts';
import { finishPass } from './finish-pass.ts';
import type { Handling, Verdict } from './handling.ts';
import { accountName } from './set-account.ts';
import { readStoredSet } from './stored-set.ts';

const DONE: Verdict = { result: 'success', ran: true };

/**
 * Ends a set that is being deleted, suspended or invalid as it may be: its applied resources are deleted or left as
 * `spec.deletionPolicy` says, then the finalizer goes. An account that is gone is never replaced by the controller's
 * own rights: its resources are left, with an event.
 */
export async function finalizeSet(handling: Handling): Promise<Verdict> {
  const { stored, parts, runtime, signal } = handling;
  const object = readStoredSet(stored);
  if (!hasFinalizer(object)) return { result: 'success', ran: false };
  const session = await parts.status.open(object, signal);
  const left = await deleteResources(object, handling, session);
  if (left.retry) return left.retry;
  if (left.orphaned !== undefined) {
    const message = `resources were left as they are: ${left.orphaned}`;
    parts.events.record(session.metadata, { severity: 'error', reason: 'Orphaned', message });
  }
  await removeFinalizer(parts.client, object, signal);
  parts.checkpoint.forget(stored.uid);
  parts.status.forget(stored.uid);
  runtime.release();
  return DONE;
}

/** Nothing: all is gone, or was not to go. `orphaned`: why resources stay. `retry`: the finalizer must wait. */
interface Deletion {
  readonly orphaned?: string;
  readonly retry?: Verdict;
}

async function deleteResources(
  object: JsonObject,
  handling: Handling,
  session: StatusSession,
): Promise<Deletion> {
  const { parts, runtime, signal } = handling;
  const metadata = objectAt(object, 'metadata') ?? {};
  const spec = objectAt(object, 'spec') ?? {};
  if (spec['deletionPolicy'] === 'Orphan') return {};
  const inventory = session.keeper.state?.inventory ?? [];
  if (inventory.length === 0) return {};
  const target = objectAt(spec, 'target') ?? {};
  if (objectAt(target, 'git') || objectAt(target, 'directory')) {
    // Git may declare them now, and files in Git stay.
    return { orphaned: 'they were applied before spec.target named another place' };
  }

  // As whom
  const namespace = String(metadata['namespace']);
  const found = await findClient(spec['serviceAccountName'], namespace, handling);
  if ('gone' in found) return { orphaned: found.gone };

  // Delete
  const set = { metadata: { name: String(metadata['name']), namespace }, spec } as unknown as GeneratorSet;
  const place = { runtime, client: found.client, keeper: session.keeper, force: false };
  const context = { ...applyOptions(set, { parts, place }), signal };
  const { left } = await finalizeObjects(session.keeper.state, context);
  if (left.length === 0) return {};
  const reasons = left.map(({ id, reason }) => `${id}: ${reason}`).slice(0, 10);
  const message = `${left.length} of ${inventory.length} resources could not be deleted: ${reasons.join('; ')}`;
  const annotations = objectAt(metadata, 'annotations') as Record<string, string> | undefined;
  const { isForced, requestedAt } = readRequests(annotations, session.previous);
  if (isForced) return { orphaned: `${message}; forced` };
  if (left.every(({ isForbidden }) => isForbidden === true) && (await isTerminating(namespace, handling)))
    return { orphaned: message };
  const outcome = { type: 'failed', reason: PRUNE_FAILED, message } as const;
  const requests = requestedAt === undefined ? {} : { requestedAt };
  await finishPass({ ...handling, object, session, requests }, { outcome, begun: parts.clock.monotonic() });
  return { retry: { result: 'error', retry: true, ran: true } };
}

async function findClient(
  serviceAccountName: unknown,
  namespace: string,
  { parts, signal }: Handling,
): Promise<{ client: ClusterClient } | { gone: string }> {
  const name = accountName(serviceAccountName, parts);
  if (name === undefined) return { client: parts.client };
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/serviceaccounts/${encodeURIComponent(name)}`;
  try {
    await parts.client.request({ method: 'GET', path }, signal);
  } catch (error) {
    if (isNotFound(error)) return { gone: `the service account ${namespace}/${name} does not exist` };
    throw error;
  }
  return { client: parts.client.as({ namespace, name }) };
}

/** With the namespace go the rights of its accounts, and its objects anyway. */
async function isTerminating(namespace: string, { parts, signal }: Handling): Promise<boolean> {
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}`;
  const object = await parts.client.request({ method: 'GET', path }, signal);
  return objectAt(object, 'status')?.['phase'] === 'Terminating';
}

function objectAt(object: JsonObject, key: string): JsonObject | undefined {
  const value = ownValue(object, key);
  return isObject(value) ? value : undefined;
}
