import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { API_CLIENT_SET, makeIdlePasses } from '../harness/idle-passes.ts';
import { ROOT } from '../harness/run-program.ts';
import { useTemporaryFolder } from '../harness/temporary-folder.ts';

describe('passes that find the same in another form', function () {
  this.timeout(120_000);
  const folder = useTemporaryFolder();

  it('make no commit in 200 passes', async () => {
    const example = await readFile(join(ROOT, 'examples/memory-tuning/generatorset.yaml'), 'utf8');
    const sets = [example, API_CLIENT_SET];
    const result = await makeIdlePasses({ folder: folder.path, sets, passes: 200, seed: 1 });
    assert.deepEqual([result.deliveries, result.commits, result.hasMoved], [0, 0, false]);
    // Three requests of the example and one of the other set, no two of them alike.
    assert.ok(result.answers > 300, `${result.answers} different answers`);
  });
});
