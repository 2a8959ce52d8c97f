import assert from 'node:assert/strict';
import { killAtRandomMoments } from '../harness/kill-moments.ts';
import { useTemporaryFolder } from '../harness/temporary-folder.ts';

describe('a process that is killed with its children', function () {
  this.timeout(300_000);
  const folder = useTemporaryFolder();

  it('at 25 random moments leaves what the next pass completes: the same tree, no second commit', async () => {
    const kills = { kills: 25, whom: 'with children', random: Math.random } as const;
    const { committed } = await killAtRandomMoments(folder.path, kills);
    assert.ok(committed > 0 && committed < 25, `${committed} of 25 had pushed when they were killed`);
  });
});
