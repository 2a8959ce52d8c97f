import assert from 'node:assert/strict';
import type { Plan } from '../../src/plan/plan.ts';
import { type ClusterSet, conditionOf, GENERATORSET_CRD } from '../harness/cluster-sets.ts';
import { APPROVE, annotate, requestPass } from '../harness/controller-suite.ts';
import { proveFaults } from '../harness/fault-proof.ts';
import { openFaultyGitWorld } from '../harness/faulty-git-world.ts';
import type { Trouble } from '../harness/faulty-prometheus.ts';
import { appSeries } from '../harness/faulty-set.ts';
import { git } from '../harness/git.ts';
import { changingSeries } from '../harness/source-fault.ts';
import { SOURCE_FAULTS } from '../harness/source-faults.ts';
import { useTemporaryFolder } from '../harness/temporary-folder.ts';
import { establishCrd, readObject } from './cluster-objects.ts';
import { openFaultyClusterWorld } from './faulty-cluster-world.ts';
import { useKubeApiserver } from './kube-apiserver.ts';
import { usePrometheus } from './prometheus.ts';

/** Each fault that takes little time, and of those that take long the first: test/soak has all of them, often. */
const QUICK = SOURCE_FAULTS.flatMap(({ name, faults }) =>
  ['slowness', 'statuses', 'network'].includes(name) ? faults.slice(0, 1) : faults,
);
/** Of each group the first. */
const FIRST = SOURCE_FAULTS.flatMap(({ faults }) => faults.slice(0, 1));

/** Elements of which there are two resources each. */
const left = (count: number): Trouble => ({
  ...changingSeries((all) => all.slice(0, count)),
  to: ['memory', 'cpu'],
});

describe('what goes wrong with Prometheus', function suite() {
  this.timeout(300_000);
  const prometheus = usePrometheus(appSeries);
  const server = useKubeApiserver({ audit: 'None' });
  const folder = useTemporaryFolder();
  const openGit = () => openFaultyGitWorld(folder.path, prometheus().origin);
  const openCluster = () =>
    openFaultyClusterWorld(server(), { folder: folder.path, origin: prometheus().origin });
  before(() => establishCrd(server(), GENERATORSET_CRD));

  for (const [where, open, faults] of [
    ['a Git repository', openGit, QUICK],
    ['a cluster', openCluster, FIRST],
  ] as const) {
    it(`deletes and changes nothing of 200 resources in ${where}, ${faults.length} faults`, async () => {
      const world = await open();
      // Another form of each at each run of the suite.
      const first = Math.floor(Math.random() * 25);
      try {
        const { injections } = await proveFaults(world, { faults }, { times: () => 1, first });
        assert.equal(injections, faults.length, `first ${first}`);
      } finally {
        await world.close();
      }
    });
  }

  it('lets a fifth of a Git repository go in 24 hours, and more for the digest that was told', async () => {
    const world = await openGit();
    const countFiles = () =>
      git(world.repository, ['ls-tree', '-r', '--name-only', 'main', 'apps/']).split('\n').length - 2;
    const runWith = async (count: number, approved: readonly string[] = []): Promise<Plan> => {
      await world.prometheus.trouble(left(count));
      return (await world.run(approved)).plan;
    };
    try {
      assert.equal((await runWith(90)).held, undefined);
      assert.equal(countFiles(), 180);
      const held = await runWith(79);
      assert.match(
        held.held?.message ?? '',
        /would delete 22 of 180 resources after 20 in the last 24 hours/,
      );
      assert.equal(countFiles(), 180);
      const other = await runWith(78, [held.digest]);
      assert.match(other.held?.message ?? '', /what was approved is another plan/);
      assert.equal((await runWith(80)).held, undefined);
      assert.equal(countFiles(), 160);
      assert.ok((await runWith(79, [held.digest, other.digest])).held, 'approvals of before a delivery');
      const { digest } = await runWith(1);
      assert.equal((await runWith(1, [digest])).held, undefined);
      assert.equal(countFiles(), 2);
    } finally {
      await world.close();
    }
  });

  it('lets a fifth of a cluster go in 24 hours, and more for the digest that was told', async () => {
    const world = await openCluster();
    const passWith = async (count: number): Promise<ClusterSet | undefined> => {
      await world.prometheus.trouble(left(count));
      await requestPass(server(), world.set);
      return readObject<ClusterSet>(server(), world.set);
    };
    const countObjects = async () => (await world.snapshot()).split('\n').length - 1;
    try {
      assert.equal(conditionOf(await passWith(90), 'Ready')?.message, '180 resources');
      assert.equal(await countObjects(), 180);
      const held = await passWith(79);
      assert.equal(conditionOf(held, 'Ready')?.reason, 'PlanHeld');
      await annotate(server(), world.set, { [APPROVE]: held?.status?.held?.digest ?? '' });
      const other = await passWith(78);
      assert.match(conditionOf(other, 'Ready')?.message ?? '', /what was approved is another plan/);
      assert.equal(await countObjects(), 180);
      await passWith(79);
      assert.equal(await countObjects(), 158);
      const spent = await passWith(78);
      assert.equal(conditionOf(spent, 'Ready')?.reason, 'PlanHeld');
      assert.equal(await countObjects(), 158);
    } finally {
      await world.close();
    }
  });
});
