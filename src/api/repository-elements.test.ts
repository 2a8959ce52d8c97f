import assert from 'node:assert/strict';
import type { FileTree } from './readers.ts';
import { type RepositorySelection, readRepositoryElements } from './repository-elements.ts';

const FILES: Readonly<Record<string, string>> = {
  'apps/web/k.yaml': 'name: web\nlimit: 12345678901234567890\n',
  'apps/.hidden/k.yaml': 'name: hidden\n',
  'apps/api/v1/k.json': '{"name": "api", "octal": 10}',
  'apps/[x]/k.yaml': 'name: x\n',
  'apps/plain.yaml': '- a\n- b\n',
  'apps/empty.yaml': '',
  'apps/broken.yaml': 'canary: [',
};

const tree: FileTree = {
  async list() {
    const folders = Object.keys(FILES).flatMap((path) => {
      const names = path.split('/').slice(0, -1);
      return names.map((_, index) => names.slice(0, index + 1).join('/'));
    });
    const directories = [...new Set(folders)].map((path) => ({ path, type: 'directory' as const }));
    const files = Object.keys(FILES).map((path) => ({ path, type: 'file' as const }));
    return [...directories, ...files].sort((one, other) => (one.path < other.path ? -1 : 1));
  },
  async read(paths) {
    const missing = paths.find((path) => !Object.hasOwn(FILES, path));
    if (missing !== undefined) throw new Error(`"${missing}" is not there`);
    return new Map(paths.map((path) => [path, Buffer.from(FILES[path] as string)]));
  },
};

function elementsOf(selection: RepositorySelection) {
  return readRepositoryElements(selection, tree, new AbortController().signal);
}

describe('the elements of a repository', () => {
  it('are the objects of its files, in the order of the spec', async () =>
    assert.deepEqual(
      await elementsOf({ files: [{ path: './apps/api/v1/k.json' }, { path: '/apps//web/k.yaml' }] }),
      [
        { name: 'api', octal: 10 },
        { name: 'web', limit: 12345678901234567890n },
      ],
    ));

  it('are those of files where directories are given too', async () =>
    assert.deepEqual(
      await elementsOf({ files: [{ path: 'apps/.hidden/k.yaml' }], directories: [{ path: 'none' }] }),
      [{ name: 'hidden' }],
    ));

  it('have the path and the name of a directory', async () =>
    assert.deepEqual(await elementsOf({ directories: [{ path: 'apps/api/v1' }] }), [
      { Directory: './apps/api/v1', Base: 'v1' },
    ]));

  const selections: readonly [
    what: string,
    directories: RepositorySelection['directories'],
    found: string[],
  ][] = [
    ['directories only, also hidden ones', [{ path: 'apps/*' }], ['.hidden', '[x]', 'api', 'web']],
    ['one level for two stars', [{ path: './apps/**/' }], ['.hidden', '[x]', 'api', 'web']],
    ['the order of the patterns, each once', [{ path: 'apps/w*' }, { path: 'apps/[aw]*' }], ['web', 'api']],
    [
      'no excluded ones, by glob or by their very path, wherever the exclude stands',
      [{ path: 'apps/.*', exclude: true }, { path: 'apps/*' }, { path: './apps/[x]/', exclude: true }],
      ['api', 'web'],
    ],
    ['an exclude of false', [{ path: 'apps/web', exclude: false }], ['web']],
  ];
  for (const [what, directories, found] of selections) {
    it(`have ${what}`, async () => {
      const elements = await elementsOf({ directories });
      assert.deepEqual(
        elements.map((element) => element['Base']),
        found,
      );
    });
  }

  const failing: readonly [what: string, selection: RepositorySelection, message: RegExp][] = [
    ['a missing file', { files: [{ path: 'apps/none.yaml' }] }, /"apps\/none\.yaml" is not there/],
    ['a list', { files: [{ path: 'apps/plain.yaml' }] }, /"apps\/plain\.yaml" does not hold one object/],
    ['an empty file', { files: [{ path: 'apps/empty.yaml' }] }, /"apps\/empty\.yaml"/],
    [
      'no YAML',
      { files: [{ path: 'apps/broken.yaml' }] },
      /"apps\/broken\.yaml" cannot be read: (?!.*canary)/,
    ],
    ['a glob for a file', { files: [{ path: 'apps/*/k.yaml' }] }, /is not there/],
    ['no match', { directories: [{ path: 'teams/*' }] }, /no directory matches "teams\/\*"/],
    ['one pattern of two without a match', { directories: [{ path: 'apps' }, { path: 'x' }] }, /matches "x"/],
    ['a plain file', { directories: [{ path: 'apps/plain.yaml' }] }, /no directory matches/],
    [
      'an exclude of all',
      { directories: [{ path: 'apps' }, { path: '*', exclude: true }] },
      /exclude leaves out every directory that matches "apps"/,
    ],
  ];
  for (const [what, selection, message] of failing) {
    it(`are an error for ${what}`, () => assert.rejects(elementsOf(selection), { message, name: 'Error' }));
  }

  const stalled: readonly RepositorySelection[] = [
    ...['..', '../x', 'a/../../x', '.', '/', './', 'a\0b'].flatMap((path) => [
      { files: [{ path }] },
      { directories: [{ path }] },
    ]),
    { directories: [{ path: 'apps/[' }] },
    { directories: [{ path: 'apps/*' }, { path: '[', exclude: true }] },
  ];
  for (const selection of stalled) {
    it(`need another spec for ${JSON.stringify(selection)}`, () =>
      assert.rejects(elementsOf(selection), { name: 'StalledError' }));
  }
});
