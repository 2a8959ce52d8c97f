import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { NAME_LABEL } from '../../src/api/resource.ts';
import { type ClusterSet, clusterSet, waitForCondition } from '../harness/cluster-sets.ts';
import { startController } from '../harness/controller.ts';
import { type AnswerServer, answeredSet } from '../harness/controller-answers.ts';
import { patchObject, requestPass, requestsIn, writesIn } from '../harness/controller-suite.ts';
import { startHttpServer } from '../harness/http-server.ts';
import { type AuditEvent, isWrite } from './audit-log.ts';
import { applyObject, deleteObject, readObject, waitFor } from './cluster-objects.ts';
import type { KubeApiserver } from './kube-apiserver.ts';
import type { KubeObject } from './kube-request.ts';

/** The most that an interval grows. */
const MAX_JITTER = 1.05;
const READY = { status: 'True', reason: 'ReconciliationSucceeded' } as const;

interface Killing {
  readonly server: KubeApiserver;
  readonly namespace: string;
  readonly kills: number;
  readonly random: () => number;
}

/** What every try ends with, and how many of the kills found the pass under way. */
export interface KillFigures {
  readonly cutOff: number;
}

/**
 * Changes a set, and kills the controller at a random moment after that; a new one must bring about what is wanted,
 * and nothing else: every object with the set's labels is in the inventory, and the other way round.
 */
export async function killInPasses({ server, namespace, kills, random }: Killing): Promise<KillFigures> {
  let cutOff = 0;
  let controller = await startController(server);
  const ofRound = (round: number): ClusterSet => {
    const names = Array.from({ length: 12 }, (_, index) => `o-${(round * 2 + index) % 40}`);
    return clusterSet(namespace, names, { spec: { guard: { maxPrune: '100%', onEmpty: 'prune' } } });
  };
  try {
    await applyObject(server, ofRound(0));
    const first = await waitForCondition(server, ofRound(0), READY, 30_000);
    let generation = first.metadata.generation ?? 0;
    for (let round = 1; round <= kills; round++) {
      await applyObject(server, ofRound(round));
      await delay(random() * 150);
      await controller.stop('SIGKILL');
      const present = await readObject<ClusterSet>(server, first);
      const ready = present?.status?.conditions?.find(({ type }) => type === 'Ready');
      const isDone = ready?.status === 'True' && ready.observedGeneration === ++generation;
      if (!isDone) cutOff++;
      controller = await startController(server);
      await waitForCondition(server, ofRound(round), READY, 30_000);
      await proveNoOrphans(server, ofRound(round));
    }
  } finally {
    await controller.stop('SIGKILL');
  }
  return { cutOff };
}

/** The set's labels, its inventory and what it renders name the same objects. */
async function proveNoOrphans(server: KubeApiserver, set: ClusterSet): Promise<void> {
  const { namespace } = set.metadata;
  const spec = set['spec'] as { generators: [{ list: { elements: { name: string }[] } }] };
  const wanted = spec.generators[0].list.elements.map(({ name }) => name).sort();
  const path = `/api/v1/namespaces/${namespace}/configmaps?labelSelector=${NAME_LABEL}%3D${set.metadata.name}`;
  const { body } = await server.request<{ items: KubeObject[] }>('GET', path);
  assert.deepEqual(body.items.map(({ metadata }) => metadata.name).sort(), wanted);
  const present = await readObject<ClusterSet>(server, set);
  const entries = present?.status?.inventory?.entries?.map(({ id }) => id.split('_')[1]);
  assert.deepEqual(entries?.sort(), wanted);
}

interface Restart {
  readonly server: KubeApiserver;
  readonly namespace: string;
  readonly answers: AnswerServer;
  readonly count: number;
}

/**
 * Restarts a controller of so many sets that are due once a day, all but one of them of lists. The new process must ask
 * nobody and write nothing.
 */
export async function restartWithSets({ server, namespace, answers, count }: Restart): Promise<void> {
  const sets = [
    ...Array.from({ length: count - 1 }, (_, index) =>
      clusterSet(namespace, [`o-${index}`], { name: `set-${index}`, spec: { interval: '24h' } }),
    ),
    answeredSet(namespace, answers, { name: 'asking' }),
  ];
  const env = { RUNTIME_NAMESPACE: namespace };
  const first = await startController(server, { env });
  try {
    await applyAll(server, sets);
    for (const set of sets) await waitForCondition(server, set, READY, 60_000);
  } finally {
    assert.equal(await first.stop(), 0);
  }
  const asked = answers.asked.length;
  const mark = await server.markAudit();
  const second = await startController(server, { env });
  try {
    await waitFor(
      'all sets to be looked at',
      async () => (await second.metric('workqueue_depth')) === 0,
      60_000,
    );
    await delay(5000);
    assert.equal(answers.asked.length, asked);
    assert.deepEqual(brief((await requestsIn(server, namespace, mark)).filter(isWrite)), []);
    // What happens from now on is seen all the same.
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'o-0', namespace } };
    await patchObject(server, object, { data: { team: 'other' } });
    await waitFor('the edit to be taken back', async () => {
      const { data } = (await readObject(server, object)) as { data?: { team?: string } };
      return data?.team === 'o-0';
    });
  } finally {
    await second.stop('SIGKILL');
  }
}

interface Unchanged {
  readonly server: KubeApiserver;
  readonly namespace: string;
  readonly sets: number;
  readonly objects: number;
  /** Seconds between the passes of each set; at least 5. */
  readonly interval: number;
}

/** Lets sets of so many objects run for three intervals, in which nothing may be read or written for an object. */
export async function runUnchanged({ server, namespace, sets, objects, interval }: Unchanged): Promise<void> {
  let asked = 0;
  const answers = await startHttpServer(({ url }, response) => {
    asked++;
    const names = Array.from({ length: objects }, (_, index) => ({ name: `o-${url?.slice(1)}-${index}` }));
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(names));
  });
  const controller = await startController(server, { env: { RUNTIME_NAMESPACE: namespace } });
  try {
    const all = Array.from({ length: sets }, (_, index) => {
      const apiClient = { interval: `${interval}s`, endpoint: `${answers.origin}/${index}` };
      return clusterSet(namespace, [], { name: `set-${index}`, spec: { generators: [{ apiClient }] } });
    });
    await applyAll(server, all);
    for (const set of all) await waitForCondition(server, set, READY, 20_000 + sets * 200);
    // Events are sent a moment later.
    await delay(3000);
    const mark = await server.markAudit();
    const before = asked;
    await delay(3 * interval * 1000 * MAX_JITTER + 1000);
    assert.ok(asked - before >= 3 * sets, `${asked - before} queries of ${sets} sets`);
    const requests = await requestsIn(server, namespace, mark);
    // The last runs are kept once a minute, whatever the number of sets.
    const others = requests.filter(
      ({ verb, objectRef }) => verb !== 'watch' && !objectRef?.name?.endsWith('-checkpoint'),
    );
    assert.deepEqual(brief(others), []);
  } finally {
    await controller.stop('SIGKILL');
    await answers.close();
  }
}

/** Specs that no pass can bring about, each for another reason. */
const BROKEN: readonly object[] = [
  { templates: [{ content: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: '{{ .Nothing }}' } } }] },
  { templates: [{ content: { apiVersion: 'nowhere/v1', kind: 'Nothing', metadata: { name: 'x' } } }] },
  { generators: [{ apiClient: { interval: '1h', endpoint: 'http://127.0.0.1:1/' } }] },
  { serviceAccountName: 'nobody' },
];

/** Applies so many sets, of which every tenth is broken: those say so, and are in the way of nobody. */
export async function proveNoneBlocks(
  server: KubeApiserver,
  { namespace, count }: { namespace: string; count: number },
): Promise<void> {
  const sets = Array.from({ length: count }, (_, index) => {
    const spec = index % 10 === 0 ? (BROKEN[(index / 10) % BROKEN.length] as object) : {};
    return clusterSet(namespace, [`o-${index}`], { name: `set-${index}`, spec });
  });
  await applyAll(server, sets);
  for (const [index, set] of sets.entries()) {
    await waitForCondition(server, set, index % 10 === 0 ? { status: 'False' } : READY, 20_000 + count * 100);
  }
  const late = clusterSet(namespace, ['late'], { name: 'late' });
  const begun = Date.now();
  await applyObject(server, late);
  await waitForCondition(server, late, READY);
  const took = Date.now() - begun;
  assert.ok(took < 3000, `a set that came later took ${took} ms`);
}

/** A set of so many objects: kept in shards, unchanged passes cost nothing, and all go with it. */
export async function proveLargeInventory(
  server: KubeApiserver,
  { namespace, count }: { namespace: string; count: number },
): Promise<void> {
  const patience = 30_000 + count * 20;
  const names = Array.from({ length: count / 2 }, (_, index) => ({ name: `o-${index}` }));
  const answers = await startHttpServer((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(names));
  });
  const controller = await startController(server, { env: { RUNTIME_NAMESPACE: namespace } });
  try {
    const apiClient = { interval: '24h', endpoint: answers.origin };
    const templates = ['a', 'b'].map((kind) => ({ content: namedConfigMap(`{{ .Element.name }}-${kind}`) }));
    const set = clusterSet(namespace, [], { spec: { generators: [{ apiClient }], templates } });
    await applyObject(server, set);
    const present = await waitForCondition(server, set, READY, patience);
    assert.equal(present.status?.inventory?.count, count);
    const mark = await server.markAudit();
    await requestPass(server, set, patience);
    assert.deepEqual(await writesIn(server, namespace, mark), [
      `patch generatorsets/status ${set.metadata.name}`,
    ]);
    await deleteObject(server, set);
    await waitFor('the set to be gone', async () => !(await readObject(server, set)), patience);
    const path = `/api/v1/namespaces/${namespace}/configmaps?labelSelector=${NAME_LABEL}&limit=10`;
    const { body } = await server.request<{ items: KubeObject[] }>('GET', path);
    assert.deepEqual(body.items, []);
  } finally {
    await controller.stop('SIGKILL');
    await answers.close();
  }
}

function namedConfigMap(name: string): object {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { team: '{{ .Element.name }}' } };
}

/** Applies sets, a few at a time. */
export async function applyAll(server: KubeApiserver, sets: readonly ClusterSet[]): Promise<void> {
  for (let at = 0; at < sets.length; at += 16) {
    await Promise.all(sets.slice(at, at + 16).map((set) => applyObject(server, set)));
  }
}

function brief(events: readonly AuditEvent[]): string[] {
  return events
    .slice(0, 10)
    .map(
      ({ verb, objectRef }) =>
        `${verb} ${objectRef?.resource}/${objectRef?.subresource ?? ''} ${objectRef?.name}`,
    );
}
