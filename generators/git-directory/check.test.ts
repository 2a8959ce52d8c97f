import assert from 'node:assert/strict';
import { checkSpec } from './check.ts';
import type { GitDirectorySpec } from './schema.ts';

describe('the check of a gitDirectory', () => {
  const cases: [what: string, fields: Partial<GitDirectorySpec>, path: string | undefined][] = [
    ['nothing wrong', { directories: [{ path: 'apps/*', exclude: ['apps/x'] }] }, undefined],
    ['a relative path', { url: './src' }, 'url'],
    ['a branch with a space', { ref: { branch: 'a b' } }, 'ref.branch'],
    ['a broken glob', { directories: [{ path: 'apps/[' }] }, 'directories.0.path'],
    ['an absolute path', { files: [{ path: '/apps' }] }, 'files.0.path'],
    ['a broken exclusion', { directories: [{ path: 'a', exclude: ['b', '['] }] }, 'directories.0.exclude.1'],
  ];
  for (const [what, fields, path] of cases) {
    it(`finds ${what}`, () => {
      const spec = { interval: '1m', url: 'https://example.com/x.git', ...fields } as GitDirectorySpec;
      assert.deepEqual(
        checkSpec(spec).map((mistake) => mistake.path.join('.')),
        path === undefined ? [] : [path],
      );
    });
  }
});
