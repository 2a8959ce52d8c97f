import assert from 'node:assert/strict';
import { useKubeApiserver } from './kube-apiserver.ts';
import { changeLeaders, LEADER_FAULTS } from './leader-changes.ts';

describe('leaders on a real API server', function suite() {
  this.timeout(180_000);
  const server = useKubeApiserver();

  it('never write once another has begun, however a leadership ends', async () => {
    const report = await changeLeaders(server(), LEADER_FAULTS);
    assert.deepEqual([report.late, report.overlapping], [[], []]);
    assert.ok(report.leaderships >= LEADER_FAULTS.length, `${report.leaderships} leaderships`);
    assert.ok(report.writes > 10 * report.leaderships, `${report.writes} writes`);
  });
});
