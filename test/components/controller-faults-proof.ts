import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { Condition } from '../../src/api/status.ts';
import { type ClusterSet, conditionOf, waitForCondition } from '../harness/cluster-sets.ts';
import { requestsIn } from '../harness/controller-suite.ts';
import { type AuditEvent, isWrite } from './audit-log.ts';
import { applyObject, createNamespace, readObject } from './cluster-objects.ts';
import type { KubeApiserver } from './kube-apiserver.ts';

/** Where a fault is brought about. */
export interface FaultPlace {
  readonly server: KubeApiserver;
  readonly namespace: string;
}

/** Something that goes wrong in the cluster, what the set must say of it, and what may be written meanwhile. */
export interface Fault {
  readonly what: string;
  /** Before everything. */
  prepare?(place: FaultPlace): Promise<unknown>;
  /** The set that is well; absent: the fault is there from the beginning. */
  first?(place: FaultPlace): ClusterSet;
  /** Brings the fault about. */
  strike?(place: FaultPlace): Promise<unknown>;
  /** The set that meets the fault. */
  meets(place: FaultPlace): ClusterSet;
  readonly expected: FaultExpectations;
  /** Ends the fault; the set must recover by itself. */
  mend(place: FaultPlace): Promise<unknown>;
  /** What must be so after the recovery. */
  after?(place: FaultPlace): Promise<unknown>;
}

interface FaultExpectations {
  readonly status: Condition['status'];
  readonly reason: string;
  readonly message: RegExp;
  /** What kstatus makes of the set. */
  readonly kstatus: 'InProgress' | 'Failed' | 'Current';
  /** Writes of objects that the server carried out while the fault lasted, each once: `patch configmaps a`. */
  readonly done: readonly string[];
  /** Writes that it refused from the moment on when the fault came about. */
  readonly refused: readonly string[];
  /** What is deleted, and only after the fault. */
  readonly pruned?: readonly string[];
  /** Milliseconds within which the set is ready again. */
  readonly recovery: number;
}

/** Milliseconds in which a fault that lasts must cause no more than retries. */
const WHILE = 2000;
/** Of one fault: what a delivery is to bring about, and what came of it. */
const MAX_STATUS_WRITES = 2;
/** What no set renders here. */
const NO_OBJECTS: ReadonlySet<string | undefined> = new Set(['events', 'generatorsets']);

/** Brings a fault about and proves what follows; gives the milliseconds that the recovery took. */
export async function proveFault(server: KubeApiserver, fault: Fault): Promise<number> {
  const place: FaultPlace = { server, namespace: await createNamespace(server) };
  const { status, reason, message, kstatus, recovery } = fault.expected;
  await fault.prepare?.(place);
  const first = fault.first?.(place);
  if (first) {
    await applyObject(server, first);
    await waitForCondition(server, first, { status: 'True', reason: 'ReconciliationSucceeded' });
  }
  const begin = await server.markAudit();
  await fault.strike?.(place);
  // What a controller mended while the fault came about is no part of what it does once it is there.
  const mark = await server.markAudit();
  const set = fault.meets(place);
  await applyObject(server, set);
  await waitForCondition(server, set, { status, reason, message });
  await delay(WHILE);

  const present = await readObject<ClusterSet>(server, set);
  assert.match(conditionOf(present, 'Ready')?.message ?? '', message);
  assert.equal(kstatusOf(present), kstatus);
  assert.deepEqual(await writesOf(place, { begin, mark }), expectedWrites(fault.expected));

  const begun = Date.now();
  await fault.mend(place);
  await waitForCondition(server, set, { status: 'True', reason: 'ReconciliationSucceeded' }, recovery);
  const took = Date.now() - begun;
  assert.equal(kstatusOf(await readObject<ClusterSet>(server, set)), 'Current');
  await fault.after?.(place);
  const requests = await requestsIn(server, place.namespace, begin);
  const deletes = requests.filter(({ verb }) => verb.startsWith('delete'));
  assert.deepEqual(
    deletes.map(({ objectRef }) => `${objectRef?.resource} ${objectRef?.name}`),
    fault.expected.pruned ?? [],
  );
  return took;
}

function expectedWrites({ done, refused }: FaultExpectations): object {
  return { done: [...done].sort(), refused: [...refused].sort(), hasTooManyStatusWrites: false };
}

async function writesOf(
  { server, namespace }: FaultPlace,
  { begin, mark }: { readonly begin: number; readonly mark: number },
): Promise<object> {
  const events = (await requestsIn(server, namespace, mark)).filter(isWrite);
  const refused = objectWrites(await requestsIn(server, namespace, begin)).filter(({ isDone }) => !isDone);
  const done = objectWrites(events).filter(({ isDone }) => isDone);
  const statusWrites = events.filter(({ objectRef }) => objectRef?.subresource === 'status');
  return {
    done: done.map(({ write }) => write).sort(),
    refused: [...new Set(refused.map(({ write }) => write))].sort(),
    hasTooManyStatusWrites: statusWrites.length > MAX_STATUS_WRITES,
  };
}

/** The writes of objects among requests: neither those of sets nor those of events. */
function objectWrites(
  requests: readonly AuditEvent[],
): { readonly write: string; readonly isDone: boolean }[] {
  return requests
    .filter((request) => isWrite(request) && !NO_OBJECTS.has(request.objectRef?.resource))
    .map(({ verb, objectRef, responseStatus }) => ({
      write: `${verb} ${objectRef?.resource} ${objectRef?.name}`,
      isDone: (responseStatus?.code ?? 500) < 300,
    }));
}

/** https://github.com/kubernetes-sigs/cli-utils/blob/master/pkg/kstatus/README.md */
export function kstatusOf(set: ClusterSet | undefined): string {
  if (!set) return 'NotFound';
  if (set.metadata.deletionTimestamp !== undefined) return 'Terminating';
  const isTrue = (type: string): boolean => conditionOf(set, type)?.status === 'True';
  const { observedGeneration } = set.status ?? {};
  if (observedGeneration !== undefined && observedGeneration !== set.metadata.generation) return 'InProgress';
  if (isTrue('Reconciling')) return 'InProgress';
  if (isTrue('Stalled')) return 'Failed';
  return isTrue('Ready') ? 'Current' : 'InProgress';
}
