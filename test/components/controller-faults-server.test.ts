import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { type ClusterSet, clusterSet, waitForCondition } from '../harness/cluster-sets.ts';
import { type AnswerServer, answeredSet, startAnswers } from '../harness/controller-answers.ts';
import { patchObject, useController, writesIn } from '../harness/controller-suite.ts';
import { applyObject, createNamespace, deleteObject, readObject, waitFor } from './cluster-objects.ts';
import { kstatusOf } from './controller-faults-proof.ts';
import type { KubeApiserver } from './kube-apiserver.ts';
import type { KubeObject } from './kube-request.ts';

const READY = { status: 'True', reason: 'ReconciliationSucceeded' } as const;

/** Milliseconds: watches come back with a backoff, as client-go's do. */
const WATCHES_BACK = 30_000;

/** How an API server fails, for so many milliseconds. */
const OUTAGES: readonly {
  what: string;
  fail(server: KubeApiserver, during: () => Promise<void>): Promise<void>;
}[] = [
  {
    what: 'is killed and comes back after 10 s',
    async fail(server, during) {
      await server.stop('SIGKILL');
      await during();
      await delay(10_000);
      await server.start();
    },
  },
  {
    what: 'loses its storage for 6 s',
    async fail(server, during) {
      await server.stopEtcd();
      await during();
      await delay(6000);
      await server.startEtcd();
    },
  },
  {
    what: 'freezes for 6 s',
    async fail(server, during) {
      server.pause();
      await during();
      await delay(6000);
      server.resume();
    },
  },
  {
    what: 'ends and starts at once',
    async fail(server, during) {
      await during();
      await server.restart();
    },
  },
];

describe('an API server that', function suite() {
  this.timeout(120_000);
  const { server, controller } = useController({ flags: ['--max-retry-delay=5s'] });
  let answers: AnswerServer;
  before(async () => {
    answers = await startAnswers(['x']);
  });
  after(() => answers?.close());

  for (const { what, fail } of OUTAGES) {
    it(`${what} costs nothing: what happened meanwhile is made up for, and nothing else is written`, async () => {
      const namespace = await createNamespace(server());
      const quiet = ['one', 'two', 'three'].map((name) =>
        clusterSet(namespace, [`${name}-a`, `${name}-b`], { name }),
      );
      answers.names = ['x', 'y'];
      const asking = answeredSet(namespace, answers, { generator: { interval: '5s' } });
      for (const set of [...quiet, asking]) await applyObject(server(), set);
      for (const set of [...quiet, asking]) await waitForCondition(server(), set, READY);
      await delay(1000);
      const mark = await server().markAudit();

      await fail(server(), async () => {
        // One comes and one goes, as the source says it; a pass meets the outage, or comes soon after it.
        answers.names = ['x', 'z'];
      });
      const back = Date.now();
      const object = (name: string): KubeObject => ({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name, namespace },
      });
      await waitFor('z to come', () => readObject(server(), object('z')), 20_000);
      await waitFor('y to go', async () => (await readObject(server(), object('y'))) === undefined, 20_000);
      await waitForCondition(server(), asking, READY);
      assert.ok(Date.now() - back < 20_000, `${Date.now() - back} ms`);

      // Its watches are back: of sets and of objects.
      const changed = clusterSet(namespace, ['one-a', 'one-b', 'one-c'], { name: 'one' });
      await applyObject(server(), changed);
      await waitForCondition(server(), changed, READY, WATCHES_BACK);
      await patchObject(server(), object('two-a'), { data: { team: 'other' } });
      await waitFor(
        'the edit to be taken back',
        async () => {
          const { data } = (await readObject(server(), object('two-a'))) as { data?: { team?: string } };
          return data?.team === 'two-a';
        },
        WATCHES_BACK,
      );
      for (const set of [...quiet, asking])
        assert.equal(kstatusOf(await readObject<ClusterSet>(server(), set)), 'Current');

      // The log of an API server that was killed may lack its last lines, and refused tries may be many.
      const writes = await writesIn(server(), namespace, mark);
      const allowed = new Set([
        ...['z', 'one-c', 'two-a'].map((name) => `patch configmaps ${name}`),
        'delete configmaps y',
        ...['one', 'two', 'answered'].map((name) => `patch generatorsets/status ${name}`),
      ]);
      const others = writes.filter((write) => !allowed.has(write) && !write.includes('events'));
      assert.deepEqual(others, []);
      assert.equal(writes.filter((write) => write === 'delete configmaps y').length, 1);
      assert.equal(await controller().metric('generatorset_watch_cache_misses_total'), 0);
      for (const set of [...quiet, asking]) await deleteObject(server(), set);
    });
  }
});
