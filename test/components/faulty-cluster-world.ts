import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256 } from '../../src/lib/digest.ts';
import { type ClusterSet, conditionOf, waitForCondition } from '../harness/cluster-sets.ts';
import { startController } from '../harness/controller.ts';
import { requestPass } from '../harness/controller-suite.ts';
import type { FaultyWorld, Told } from '../harness/fault-proof.ts';
import { startFaultyPrometheus } from '../harness/faulty-prometheus.ts';
import { faultySet, RESOURCES, secretData } from '../harness/faulty-set.ts';
import { ROOT } from '../harness/run-program.ts';
import type { Word } from '../harness/source-fault.ts';
import { applyObject, createNamespace, deleteObject, readObject, waitFor } from './cluster-objects.ts';
import type { KubeApiserver } from './kube-apiserver.ts';
import type { KubeObject } from './kube-request.ts';

/** Milliseconds until a set must say what happened, and be well again. */
const PATIENCE = 20_000;
const READY = { status: 'True', reason: 'ReconciliationSucceeded' } as const;
const WORDS = new Map<string | undefined, Word>([
  ['PlanHeld', 'PlanHeld'],
  ['ElementsHeld', 'ElementsHeld'],
  [READY.reason, 'Same'],
]);

/** A set in a cluster, with a controller in a process of its own. */
export interface FaultyClusterWorld extends FaultyWorld {
  readonly set: ClusterSet;
}

/** Delivers the set to a cluster that knows its kind; it asks the Prometheus of this origin. */
export async function openFaultyClusterWorld(
  server: KubeApiserver,
  { folder, origin }: { readonly folder: string; readonly origin: string },
): Promise<FaultyClusterWorld> {
  const prometheus = await startFaultyPrometheus(origin);
  const namespace = await createNamespace(server);
  const file = join(folder, 'names.json');
  let written = 0;
  // Each time another text, so that the answers begin anew.
  const resolve: FaultyWorld['resolve'] = (addresses) =>
    writeFile(file, JSON.stringify({ addresses, written: ++written }));
  await resolve(undefined);
  const controller = await startController(server, {
    flags: ['--min-retry-delay=100ms', '--max-retry-delay=200ms'],
    env: {
      XDG_CACHE_HOME: folder,
      FAULTY_NAMES: file,
      NODE_OPTIONS: `--import=${ROOT}test/harness/faulty-names-program.ts`,
    },
  });
  const secret = (name: string, data = {}): KubeObject => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace },
    stringData: data,
  });
  const writeSecret: FaultyWorld['writeSecret'] = async (name, data) => {
    await deleteObject(server, secret(name));
    if (data) await applyObject(server, secret(name, data));
  };
  for (const [name, data] of Object.entries(secretData(prometheus.certificates.ca.cert))) {
    await writeSecret(name, data);
  }
  const set = faultySet(namespace, prometheus.port) as ClusterSet;
  await applyObject(server, set);
  const first = await waitForCondition(server, set, READY, PATIENCE);
  assert.equal(first.status?.inventory?.count, RESOURCES);

  const tell = async (): Promise<Told> => tellOf(await readObject<ClusterSet>(server, set));
  return {
    prometheus,
    set,
    resolve,
    writeSecret,
    async pass({ word }) {
      await requestPass(server, set, PATIENCE);
      return tellAs(word, tell);
    },
    async recover({ word }) {
      // What failed is tried again without being asked.
      if (word !== 'Failed') await requestPass(server, set, PATIENCE);
      await waitForCondition(server, set, READY, PATIENCE);
    },
    snapshot: () => snapshotOf(server, set),
    async close() {
      await controller.stop('SIGKILL');
      await prometheus.close();
    },
  };
}

/** What is told, where it is this word soon; else what is told at last. */
async function tellAs(word: Word, tell: () => Promise<Told>): Promise<Told> {
  const found = await waitFor(word, async () => {
    const told = await tell();
    return told.word === word ? told : undefined;
  }).catch(() => undefined);
  return found ?? tell();
}

function tellOf(set: ClusterSet | undefined): Told {
  const ready = conditionOf(set, 'Ready');
  const held = (set?.status?.elementStates ?? []).filter(({ phase }) => phase === 'Held');
  const message = [ready?.message ?? '', ...held.map((element) => element.message ?? '')].join('\n');
  return { word: WORDS.get(ready?.reason) ?? 'Failed', message };
}

/** Each object with its version, which every write changes, and what the set remembers. */
async function snapshotOf(server: KubeApiserver, set: ClusterSet): Promise<string> {
  const { namespace } = set.metadata;
  const lists = await Promise.all(
    [
      `/api/v1/namespaces/${namespace}/configmaps`,
      `/apis/autoscaling/v1/namespaces/${namespace}/horizontalpodautoscalers`,
    ].map((path) => server.request<List>('GET', `${path}?labelSelector=generatorset.dev/name=apps`)),
  );
  const objects = lists.flatMap(({ body }) => body.items.map(versionOf)).sort();
  const { inventory, decisions, delivered } = (await readObject<ClusterSet>(server, set))?.status ?? {};
  return [...objects, sha256(JSON.stringify([inventory, decisions, delivered]))].join('\n');
}

interface List {
  readonly items: readonly KubeObject[];
}

function versionOf({ kind = '', metadata }: KubeObject): string {
  return `${kind} ${metadata.name} ${metadata['uid']} ${metadata.resourceVersion}`;
}
