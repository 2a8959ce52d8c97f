import assert from 'node:assert/strict';
import { killAtRandomMoments } from '../harness/kill-moments.ts';
import { useTemporaryFolder } from '../harness/temporary-folder.ts';

describe('a process that is killed', function () {
  this.timeout(300_000);
  const folder = useTemporaryFolder();

  it('at 50 random moments leaves what the next pass completes: the same tree, no second commit', async () => {
    const { committed } = await killAtRandomMoments(folder.path, 50, Math.random);
    assert.ok(committed > 0 && committed < 50, `${committed} of 50 had pushed when they were killed`);
  });
});
