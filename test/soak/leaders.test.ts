import assert from 'node:assert/strict';
import { useKubeApiserver } from '../components/kube-apiserver.ts';
import { changeLeaders, LEADER_FAULTS, type LeaderFault } from '../components/leader-changes.ts';

/** Restarts of the server take long and end every kind of leadership the same way: every 20th change is enough. */
function chooseFaults(count: number): LeaderFault[] {
  const usual = LEADER_FAULTS.filter((fault) => fault !== 'server restarted');
  return Array.from({ length: count }, (_, index) =>
    index % 20 === 19 ? 'server restarted' : (usual[index % usual.length] as LeaderFault),
  );
}

describe('soak: leaders', function suite() {
  this.timeout(3_600_000);
  const server = useKubeApiserver();

  it('never write once another has begun, in 200 changes of all kinds', async () => {
    const report = await changeLeaders(server(), chooseFaults(200));
    const { leaderships, writes, shortestGap, lateInVain } = report;
    process.stdout.write(`${leaderships} leaderships, ${writes} writes, shortest gap ${shortestGap} ms\n`);
    process.stdout.write(`late and in vain: ${lateInVain.join(', ') || 'none'}\n`);
    assert.deepEqual([report.late, report.overlapping], [[], []]);
    assert.ok(leaderships >= 200, `${leaderships} leaderships`);
  });
});
