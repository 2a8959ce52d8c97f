import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { ROOT } from '../harness/run-program.ts';

describe('npm run demo', function () {
  this.timeout(60_000);

  it('shows the four days and exits 0', () => {
    const { status, stdout } = spawnSync('npm', ['run', '--silent', 'demo'], { cwd: ROOT, encoding: 'utf8' });
    assert.equal(status, 0, stdout);
    for (const said of ['360Ki', '432Ki', 'Answer: ', 'Day 4', 'Where to look next'])
      assert.ok(stdout.includes(said), said);
    assert.equal(stdout.match(/The repository is as it was/g)?.length, 2);
  });
});
