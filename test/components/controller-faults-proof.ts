import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { Condition } from '../../src/api/status.ts';
import { type ClusterSet, conditionOf, waitForCondition } from '../harness/cluster-sets.ts';
import { requestsIn } from '../harness/controller-suite.ts';
import { isWrite } from './audit-log.ts';
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
  /** Writes that it refused, as often as they were tried. */
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
  const mark = await server.markAudit();
  await fault.strike?.(place);
  const set = fault.meets(place);
  await applyObject(server, set);
  await waitForCondition(server, set, { status, reason, message });
  await delay(WHILE);

  const present = await readObject<ClusterSet>(server, set);
  assert.match(conditionOf(present, 'Ready')?.message ?? '', message);
  assert.equal(kstatusOf(present), kstatus);
  assert.deepEqual(await writesOf(place, mark), expectedWrites(fault.expected));

  const begun = Date.now();
  await fault.mend(place);
  await waitForCondition(server, set, { status: 'True', reason: 'ReconciliationSucceeded' }, recovery);
  const took = Date.now() - begun;
  assert.equal(kstatusOf(await readObject<ClusterSet>(server, set)), 'Current');
  await fault.after?.(place);
  const requests = await requestsIn(server, place.namespace, mark);
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

async function writesOf({ server, namespace }: FaultPlace, mark: number): Promise<object> {
  const events = (await requestsIn(server, namespace, mark)).filter(
    (event) => isWrite(event) && event.objectRef?.resource !== 'events',
  );
  const isStatus = events.map(({ objectRef }) => objectRef?.subresource === 'status');
  const writes = events
    .filter((_, index) => !isStatus[index])
    .filter(({ objectRef }) => objectRef?.resource !== 'generatorsets')
    .map(({ verb, objectRef, responseStatus }) => ({
      write: `${verb} ${objectRef?.resource} ${objectRef?.name}`,
      isDone: (responseStatus?.code ?? 500) < 300,
    }));
  const refused = writes.filter(({ isDone }) => !isDone).map(({ write }) => write);
  return {
    done: writes.flatMap(({ write, isDone }) => (isDone ? [write] : [])).sort(),
    refused: [...new Set(refused)].sort(),
    hasTooManyStatusWrites: isStatus.filter((it) => it).length > MAX_STATUS_WRITES,
  };
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
