import { establishCrd } from '../components/cluster-objects.ts';
import { openFaultyClusterWorld } from '../components/faulty-cluster-world.ts';
import { useKubeApiserver } from '../components/kube-apiserver.ts';
import { usePrometheus } from '../components/prometheus.ts';
import { GENERATORSET_CRD } from '../harness/cluster-sets.ts';
import { type FaultFigures, type FaultyWorld, proveFaults, sumOf } from '../harness/fault-proof.ts';
import { openFaultyGitWorld } from '../harness/faulty-git-world.ts';
import { appSeries } from '../harness/faulty-set.ts';
import type { SourceFault } from '../harness/source-fault.ts';
import { SOURCE_FAULTS } from '../harness/source-faults.ts';
import { useTemporaryFolder } from '../harness/temporary-folder.ts';

/** How often each fault is injected at the least. */
const TIMES = Number(process.env['FAULT_TIMES'] ?? 25);

describe('soak: what goes wrong with Prometheus deletes and changes nothing', function suite() {
  this.timeout(3_600_000);
  const prometheus = usePrometheus(appSeries);

  describe('in a Git repository with 200 resources', () => {
    const folder = useTemporaryFolder();
    // Passes are cheap here: some faults have many more forms.
    proveAll(
      () => openFaultyGitWorld(folder.path, prometheus().origin),
      ({ times = 0 }) => Math.max(TIMES, times),
    );
  });

  describe('in a cluster with 200 resources', () => {
    const server = useKubeApiserver({ audit: 'None' });
    const folder = useTemporaryFolder();
    before(() => establishCrd(server(), GENERATORSET_CRD));
    proveAll(
      () => openFaultyClusterWorld(server(), { folder: folder.path, origin: prometheus().origin }),
      () => TIMES,
    );
  });
});

/** One test for each group of faults, with a world of its own. */
function proveAll(open: () => Promise<FaultyWorld>, times: (fault: SourceFault) => number): void {
  const all: FaultFigures[] = [];
  let world: FaultyWorld | undefined;
  beforeEach(async () => {
    world = await open();
  });
  afterEach(() => world?.close());
  after(() => process.stderr.write(`      all: ${JSON.stringify(sumOf(all))}\n`));

  for (const { name, faults } of SOURCE_FAULTS) {
    it(`${name}: ${faults.length} faults`, async () => {
      const figures = await proveFaults(world as FaultyWorld, { faults }, { times });
      process.stderr.write(`      ${name}: ${JSON.stringify(figures)}\n`);
      all.push(figures);
    });
  }
}
