import assert from 'node:assert/strict';
import fc from 'fast-check';
import { checkFilePath, checkFilePaths, defaultFileName } from './file-path.ts';

describe('checkFilePath', () => {
  const refused = [
    '',
    '../x',
    '/etc/x',
    'a/../../b',
    'a/./b',
    './a',
    'a//b',
    'a/',
    '.',
    '..',
    '.git/config',
    '.GIT/hooks/post-checkout',
    'a/.Git/config',
    'git~1/x',
    'GIT~1',
    'GITMOD~1',
    'gi7eba~1/x',
    '.git /x',
    '.git./x',
    '.git::$INDEX_ALLOCATION/x',
    '.gitmodules',
    'sub/.gitattributes',
    '.github/workflows/x.yml',
    '.gitlab-ci.yml',
    '.circleci/config.yml',
    '.generatorset/ns/name.state',
    '.generatorset/x.yaml',
    'a/.generatorset/x.yaml',
    '.g\u200cit/config',
    'a\u200d.yaml',
    'a\ufeff.yaml',
    'a\u202eb.yaml',
    'a\u00adb.yaml',
    'CON',
    'a/con.yaml',
    'aux',
    'lpt1.txt',
    'COM¹',
    'conin$',
    'name.',
    'name ',
    'dir./x',
    'dir /x',
    'a\\b',
    'a\0b',
    'a\nb',
    'a\u001b[31mb',
    'a\u0085b',
    'a\u2028b',
    '-rf',
    'a/--force',
    ':(glob)**',
    'a:b',
    'a*b',
    'a?b',
    'a"b',
    'a<b',
    'a|b',
    'x'.repeat(256),
    `${'é'.repeat(128)}`,
    `${'a/'.repeat(600)}b`,
    'cafe\u0301.yaml',
    'a\ud800b',
  ];
  for (const path of refused) {
    it(`refuses ${JSON.stringify(path.slice(0, 40))}`, () => {
      assert.throws(() => checkFilePath(path), /^Error: file path "/);
    });
  }

  const allowed = [
    'a',
    'a.yaml',
    'flux-system-kustomization-podinfo.yaml',
    'apps/prod/podinfo.yaml',
    'console.yaml',
    'common/x',
    'café.yaml',
    'a b.yaml',
    '_x_3a_.yaml',
    'git/config',
    'com10.yaml',
    'a..b.yaml',
    'x'.repeat(255),
  ];
  for (const path of allowed) {
    it(`accepts ${JSON.stringify(path.slice(0, 40))}`, () => checkFilePath(path));
  }

  it('quotes a hostile path in its message without control characters', () => {
    assert.throws(
      () => checkFilePath('a\u001b]0;x\u0007'),
      (error: Error) => !/\p{Cc}/u.test(error.message),
    );
  });
});

describe('checkFilePaths', () => {
  const cases = [
    { paths: ['a.yaml', 'A.yaml'], collide: true },
    { paths: ['a.yaml', 'a.yaml'], collide: true },
    { paths: ['a', 'a/b'], collide: true },
    { paths: ['a/b', 'a'], collide: true },
    { paths: ['A', 'a/b'], collide: true },
    { paths: ['apps/x.yaml', 'Apps/y.yaml'], collide: true },
    { paths: ['straße', 'STRASSE'], collide: true },
    { paths: ['\u017f.yaml', 's.yaml'], collide: true },
    { paths: ['a/x.yaml', 'a/y.yaml', 'b/x.yaml'], collide: false },
    { paths: ['a', 'ab', 'b/a'], collide: false },
    { paths: [], collide: false },
  ];
  for (const { paths, collide } of cases) {
    it(`${collide ? 'refuses' : 'accepts'} ${JSON.stringify(paths)} together`, () => {
      if (collide) assert.throws(() => checkFilePaths(paths), /collide/);
      else checkFilePaths(paths);
    });
  }

  it('names both paths of a collision', () => {
    assert.throws(
      () => checkFilePaths(['x/a.yaml', 'X/b.yaml']),
      /"x\/a.yaml" and "X\/b.yaml" collide at "x"/,
    );
  });

  it('refuses a bad path among good ones', () => {
    assert.throws(() => checkFilePaths(['a', '../b']), /"\.\.\/b"/);
  });
});

describe('defaultFileName', () => {
  const resource = (kind: string, name: string, namespace?: string) => ({
    kind,
    metadata: { name, ...(namespace !== undefined && { namespace }) },
  });
  const cases = [
    {
      resource: resource('Kustomization', 'podinfo', 'flux-system'),
      name: 'flux-system-kustomization-podinfo.yaml',
    },
    { resource: resource('Namespace', 'team-a'), name: 'namespace-team-a.yaml' },
    { resource: resource('ClusterRole', 'system:node'), name: 'clusterrole-system_3a_node.yaml' },
    { resource: resource('ClusterRole', 'a/b'), name: 'clusterrole-a_2f_b.yaml' },
    { resource: resource('ClusterRole', '..'), name: 'clusterrole-...yaml' },
  ];
  for (const { resource: given, name } of cases) {
    it(`gives ${name}`, () => assert.equal(defaultFileName(given), name));
  }

  it('gives a path that may be written for any identity', () => {
    const text = fc.string({ minLength: 1, maxLength: 300, unit: 'grapheme' });
    fc.assert(
      fc.property(text, text, fc.option(text, { nil: undefined }), (kind, name, namespace) => {
        const path = defaultFileName(resource(kind, name, namespace));
        checkFilePath(path);
        assert.match(path, /^[a-z0-9_.-]+\.yaml$/);
      }),
    );
  });

  it('differs for names that differ in more than case', () => {
    const text = fc.string({ minLength: 1, maxLength: 250 });
    fc.assert(
      fc.property(text, text, (one, other) => {
        fc.pre(one.toLowerCase() !== other.toLowerCase());
        assert.notEqual(defaultFileName(resource('Secret', one)), defaultFileName(resource('Secret', other)));
      }),
    );
  });
});
