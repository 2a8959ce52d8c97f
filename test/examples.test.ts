import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, runProgram } from './harness/run-program.ts';

const examples = readdirSync(join(ROOT, 'examples'), { withFileTypes: true }).filter((entry) =>
  entry.isDirectory(),
);

describe('examples', function () {
  this.timeout(30_000);
  for (const { name } of examples) {
    const folder = join(ROOT, 'examples', name);

    it(`${name} renders what its expected.yaml says`, async () => {
      const replay = existsSync(join(folder, 'replay')) ? ['--replay', join(folder, 'replay')] : [];
      const { code, stdout, stderr } = await runProgram([
        'build',
        ...replay,
        join(folder, 'generatorset.yaml'),
      ]);
      assert.equal(code, 0, stderr);
      const golden = join(folder, 'expected.yaml');
      if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(golden, stdout);
      assert.equal(stdout, readFileSync(golden, 'utf8'));
    });

    it(`${name} has a README, and no field that the schema does not know`, async () => {
      assert.ok(existsSync(join(folder, 'README.md')));
      const { code, stderr } = await runProgram(['validate', join(folder, 'generatorset.yaml')]);
      assert.equal(code, 0, stderr);
    });
  }

  it('are there', () => assert.ok(examples.length >= 3));
});
