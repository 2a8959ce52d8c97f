import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { useTemporaryFolder } from '../../test/harness/temporary-folder.ts';
import { findReferences } from './set-reference.ts';

describe('findReferences', () => {
  const folder = useTemporaryFolder();

  const names: [word: string, name: string | undefined][] = [
    ['gset/memory', 'memory'],
    ['generatorset/memory', 'memory'],
    ['generatorsets/memory.v1', 'memory.v1'],
    ['generatorsets.generatorset.dev/memory', 'memory'],
    ['GeneratorSet/memory', 'memory'],
    ['gset/Memory', undefined],
    ['gset/a/b', undefined],
    ['gset/../etc', undefined],
    ['gset/-a', undefined],
    ['gset/', undefined],
    ['gset', undefined],
    ['./gset/memory', undefined],
    ['gset/a?b', undefined],
    ['configmap/memory', undefined],
    ['-', undefined],
    [`gset/${'a'.repeat(253)}`, 'a'.repeat(253)],
    [`gset/${'a'.repeat(254)}`, undefined],
  ];
  for (const [word, name] of names) {
    it(`takes ${JSON.stringify(word.slice(0, 50))} for ${name === undefined ? 'a path' : 'a name'}`, async () => {
      const expected = name === undefined ? { files: [word], names: [] } : { files: [], names: [name] };
      assert.deepEqual(await findReferences([word]), expected);
    });
  }

  it('takes a file that is there for a file', async () => {
    const before = process.cwd();
    await mkdir(join(folder.path, 'gset'));
    await writeFile(join(folder.path, 'gset/memory'), '');
    process.chdir(folder.path);
    try {
      const found = await findReferences(['gset/memory', 'gset/other', 'x.yaml']);
      assert.deepEqual(found, { files: ['gset/memory', 'x.yaml'], names: ['other'] });
    } finally {
      process.chdir(before);
    }
  });
});
