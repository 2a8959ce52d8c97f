import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { createRequire } from 'node:module';
import { ROOT } from './harness/run-program.ts';

const { spec } = createRequire(import.meta.url)('./all.mocharc.cjs') as { readonly spec: readonly string[] };

describe('the files of npm run unit', () => {
  it('are all but those of npm run soak, each once', () => {
    const present = globSync('{src,generators,test,config,bench,examples}/**/*.test.ts', { cwd: ROOT });
    assert.deepEqual(spec.toSorted(), present.filter((file) => !file.startsWith('test/soak/')).sort());
  });

  it('begin with those that take longest', () => {
    const last = spec.findLastIndex((file) => file.startsWith('test/'));
    const first = spec.findIndex((file) => !file.startsWith('test/'));
    assert.match(spec[0] ?? '', /^test\/e2e\/kills/);
    assert.ok(last < first, `${spec[last]} comes after ${spec[first]}`);
  });
});
