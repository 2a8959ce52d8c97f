import assert from 'node:assert/strict';
import { killAtRandomMoments } from '../harness/kill-moments.ts';
import { useTemporaryFolder } from '../harness/temporary-folder.ts';

describe('soak: a process that is killed', function () {
  this.timeout(3_600_000);
  const folder = useTemporaryFolder();

  it('at 500 random moments never leaves another tree or a second commit', async () => {
    const { committed } = await killAtRandomMoments(folder.path, {
      kills: 500,
      whom: 'both',
      random: Math.random,
    });
    assert.ok(committed > 0 && committed < 500, `${committed} of 500 had pushed`);
  });
});
