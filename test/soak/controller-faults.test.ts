import assert from 'node:assert/strict';
import { createNamespace, establishCrd } from '../components/cluster-objects.ts';
import {
  killInPasses,
  proveLargeInventory,
  proveNoneBlocks,
  restartWithSets,
  runUnchanged,
} from '../components/controller-faults-restarts.ts';
import { useKubeApiserver } from '../components/kube-apiserver.ts';
import { GENERATORSET_CRD } from '../harness/cluster-sets.ts';
import { startController } from '../harness/controller.ts';
import { type AnswerServer, startAnswers } from '../harness/controller-answers.ts';

describe('soak: a controller of many sets', function suite() {
  this.timeout(3_600_000);
  let answers: AnswerServer;
  before(async () => {
    answers = await startAnswers(['x']);
  });
  after(() => answers?.close());

  // Each has an API server of its own, so that none works on the sets of another.
  for (const [what, prove] of [
    [
      'asks nobody and writes nothing after a restart with 1,000 sets',
      (server, namespace) => restartWithSets({ server, namespace, answers, count: 1000 }),
    ],
    [
      'reads and writes nothing for 1,000 unchanged sets of 10 objects in three intervals',
      (server, namespace) => runUnchanged({ server, namespace, sets: 1000, objects: 10, interval: 10 }),
    ],
    [
      'survives 200 kills in the middle of passes',
      async (server, namespace) => {
        const { cutOff } = await killInPasses({ server, namespace, kills: 200, random: Math.random });
        assert.ok(cutOff >= 50, `${cutOff} of 200 kills found a pass under way`);
      },
    ],
    [
      'brings about 900 sets beside 100 that are broken',
      async (server, namespace) => {
        const controller = await startController(server);
        try {
          await proveNoneBlocks(server, { namespace, count: 1000 });
        } finally {
          await controller.stop('SIGKILL');
        }
      },
    ],
    [
      'owns 20,000 objects, and gives them up with the set',
      (server, namespace) => proveLargeInventory(server, { namespace, count: 20_000 }),
    ],
  ] as const satisfies readonly [string, Proof][]) {
    describe(what, () => {
      const server = useKubeApiserver();
      it('with a real API server', async () => {
        await establishCrd(server(), GENERATORSET_CRD);
        await prove(server(), await createNamespace(server()));
      });
    });
  }
});

type Proof = (server: ReturnType<ReturnType<typeof useKubeApiserver>>, namespace: string) => Promise<void>;
