import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { API_CLIENT_SET, makeIdlePasses } from '../harness/idle-passes.ts';
import { ROOT } from '../harness/run-program.ts';
import { useTemporaryFolder } from '../harness/temporary-folder.ts';

const PASSES = 10_000;
const seed = Number(process.env['IDLE_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

describe('soak: passes that find the same in another form', function () {
  this.timeout(3_600_000);
  const folder = useTemporaryFolder();

  it(`make no commit in ${PASSES} passes (seed ${seed})`, async () => {
    const example = await readFile(join(ROOT, 'examples/memory-tuning/generatorset.yaml'), 'utf8');
    const result = await makeIdlePasses({
      folder: folder.path,
      sets: [example, API_CLIENT_SET],
      passes: PASSES,
      seed,
      onProgress: (passes) => process.stderr.write(`    ${passes} passes\n`),
    });
    process.stderr.write(`    ${JSON.stringify(result)}\n`);
    assert.deepEqual([result.deliveries, result.commits, result.hasMoved], [0, 0, false]);
    assert.ok(result.answers > PASSES, `${result.answers} different answers`);
  });
});
