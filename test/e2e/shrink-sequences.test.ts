import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { directoryPlace, repositoryPlace } from '../harness/shrink-places.ts';
import { proveMany } from '../harness/shrink-sequences.ts';
import { useTemporaryFolder } from '../harness/temporary-folder.ts';

const seed = Number(process.env['SHRINK_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

describe(`sets that shrink in every way (seed ${seed})`, function suite() {
  this.timeout(60_000);
  const folder = useTemporaryFolder();

  for (const [where, place, count] of [
    ['a directory', directoryPlace, 30],
    ['a repository', repositoryPlace, 2],
  ] as const) {
    it(`never lose more in 24 hours than their guard lets go, in ${where}`, async () => {
      const figures = await proveMany({ count, seed }, async (index, prove) => {
        const path = join(folder.path, `${index}`);
        await mkdir(path);
        await prove(place(path));
      });
      assert.equal(figures.passes, 20 * count);
      // Something did happen.
      if (count > 10)
        assert.ok(Math.min(figures.deletions, figures.held, figures.elements, figures.failed) > 0);
    });
  }
});
