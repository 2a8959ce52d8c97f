import assert from 'node:assert/strict';
import { killAtRandomMoments, PARTS } from '../harness/kill-moments.ts';
import { useTemporaryFolder } from '../harness/temporary-folder.ts';

describe('a process that is killed alone', function () {
  this.timeout(300_000);
  const folder = useTemporaryFolder();

  it(`at ${PARTS} moments, one in each part of its life, leaves what the next pass completes`, async () => {
    const kills = { kills: PARTS, whom: 'alone', random: Math.random } as const;
    const { committed } = await killAtRandomMoments(folder.path, kills);
    assert.ok(
      committed > 0 && committed < PARTS,
      `${committed} of ${PARTS} had pushed when they were killed`,
    );
  });
});
