import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { Resource } from '../../src/api/resource.ts';
import { createTreeReader } from '../../src/clients/git/tree-reader.ts';
import { silentLogger } from '../../src/lib/logger.ts';
import {
  basic,
  commitFiles,
  type GitServer,
  git,
  makeRepository,
  startGitServer,
} from '../../test/harness/git.ts';
import { recordingOptions } from '../../test/harness/git-options.ts';
import { useTemporaryFolder } from '../../test/harness/temporary-folder.ts';
import type { GenerateContext } from '../generator.ts';
import { gitDirectory } from './index.ts';
import type { GitDirectorySpec } from './schema.ts';

const FILES = {
  'README.md': 'hello\n',
  'apps/podinfo/kustomization.yaml': 'k: 1\n',
  'apps/redis/kustomization.yaml': 'k: 2\n',
  'apps/legacy/old/kustomization.yaml': 'k: 3\n',
  'apps/file.yaml': 'a: 1\n',
  '.github/workflows/ci.yaml': 'on: push\n',
  'apps/.hidden/x.yaml': 'x: 1\n',
  'teams/a.yaml': 'name: a\nlimit: 1\n',
  'teams/b.json': '{"name": "b", "big": 12345678901234567890}',
  'teams/many.yaml': '- name: c\n- name: d\n',
};

describe('gitDirectory', () => {
  const folder = useTemporaryFolder();
  let repository: string;
  let options: ReturnType<typeof recordingOptions>;

  beforeEach(() => {
    repository = makeRepository(join(folder.path, 'fleet.git'), FILES);
    options = recordingOptions(join(folder.path, 'cache'));
  });

  function context(secrets: Record<string, Record<string, string>> = {}): GenerateContext {
    return {
      namespace: 'flux-system',
      signal: AbortSignal.timeout(60_000),
      log: silentLogger,
      objects: {
        get: async ({ name, namespace }) => {
          const stringData = secrets[name];
          if (!stringData || namespace !== 'flux-system') return undefined;
          return { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace }, stringData } as Resource;
        },
        list: () => assert.fail('no list here'),
      },
      http: { request: () => assert.fail('no http here') },
      git: createTreeReader(options),
      artifacts: { open: () => assert.fail('no artifact here') },
      note: () => {},
      generate: () => assert.fail('no other generator here'),
      originOf: () => assert.fail('no other generator here'),
      isTemplate: () => assert.fail('no templates here'),
      render: () => assert.fail('no templates here'),
    };
  }

  function generate(
    spec: Omit<GitDirectorySpec, 'interval' | 'url'> & { url?: string },
    secrets?: Record<string, Record<string, string>>,
  ) {
    return gitDirectory.generate(
      { interval: '10m', url: repository, ...spec } as GitDirectorySpec,
      context(secrets),
    );
  }

  async function paths(spec: Parameters<typeof generate>[0]): Promise<unknown[]> {
    return (await generate(spec)).map((element) => element['path']);
  }

  it('gives path, basename and segments of a directory', async () => {
    assert.deepEqual(await generate({ directories: [{ path: 'apps/podinfo' }] }), [
      { path: 'apps/podinfo', basename: 'podinfo', segments: ['apps', 'podinfo'] },
    ]);
  });

  it('gives the parsed object of a file, and one element for each object of a list', async () => {
    assert.deepEqual(await generate({ files: [{ path: 'teams/*' }] }), [
      {
        path: 'teams/a.yaml',
        basename: 'a.yaml',
        segments: ['teams', 'a.yaml'],
        file: { name: 'a', limit: 1 },
      },
      {
        path: 'teams/b.json',
        basename: 'b.json',
        segments: ['teams', 'b.json'],
        file: { name: 'b', big: 12345678901234567890n },
      },
      {
        path: 'teams/many.yaml',
        basename: 'many.yaml',
        segments: ['teams', 'many.yaml'],
        file: { name: 'c' },
      },
      {
        path: 'teams/many.yaml',
        basename: 'many.yaml',
        segments: ['teams', 'many.yaml'],
        file: { name: 'd' },
      },
    ]);
  });

  const selections: { name: string; spec: Parameters<typeof generate>[0]; expected: string[] }[] = [
    {
      name: 'directories only, sorted',
      spec: { directories: [{ path: 'apps/*' }] },
      expected: ['apps/legacy', 'apps/podinfo', 'apps/redis'],
    },
    {
      name: 'an excluded glob',
      spec: { directories: [{ path: 'apps/*', exclude: '*/l*' }] },
      expected: ['apps/podinfo', 'apps/redis'],
    },
    {
      name: 'a list of excludes',
      spec: { directories: [{ path: 'apps/*', exclude: ['apps/legacy', 'apps/redis'] }] },
      expected: ['apps/podinfo'],
    },
    {
      name: 'any depth',
      spec: { directories: [{ path: 'apps/**', exclude: 'apps' }] },
      expected: ['apps/legacy', 'apps/legacy/old', 'apps/podinfo', 'apps/redis'],
    },
    {
      name: 'each path once',
      spec: { directories: [{ path: 'apps/redis' }, { path: 'apps/r*' }] },
      expected: ['apps/redis'],
    },
    {
      name: 'what one pattern excludes but another names',
      spec: { directories: [{ path: 'apps/*', exclude: 'apps/r*' }, { path: 'apps/redis' }] },
      expected: ['apps/legacy', 'apps/podinfo', 'apps/redis'],
    },
    {
      name: 'dot-directories by name only',
      spec: { directories: [{ path: '.*' }, { path: 'apps/.h*' }] },
      expected: ['.github', 'apps/.hidden'],
    },
    {
      name: 'directories and files together',
      spec: { directories: [{ path: 'teams' }], files: [{ path: 'apps/file.yaml' }] },
      expected: ['apps/file.yaml', 'teams'],
    },
  ];
  for (const { name, spec, expected } of selections) {
    it(`selects ${name}`, async () => assert.deepEqual(await paths(spec), expected));
  }

  const failures: { name: string; spec: Parameters<typeof generate>[0]; message: RegExp }[] = [
    {
      name: 'a pattern without a match',
      spec: { directories: [{ path: 'apps/*' }, { path: 'charts/*' }] },
      message: /no directory matches "charts\/\*"/,
    },
    {
      name: 'a file pattern that matches directories only',
      spec: { files: [{ path: 'apps/podinfo' }] },
      message: /no file matches "apps\/podinfo"/,
    },
    {
      name: 'an exclude of everything',
      spec: { directories: [{ path: 'apps/*', exclude: '**' }] },
      message: /exclude leaves out every directory that matches "apps\/\*"/,
    },
    {
      name: 'a missing branch',
      spec: { ref: { branch: 'none' }, directories: [{ path: 'apps/*' }] },
      message: /has no branch none/,
    },
    {
      name: 'a file that is a text',
      spec: { files: [{ path: 'README.md' }] },
      message: /"README.md" is neither an object nor a list of objects/,
    },
    { name: 'a broken glob', spec: { directories: [{ path: 'a[' }] }, message: /unfinished/ },
  ];
  for (const { name, spec, message } of failures) {
    it(`fails for ${name}`, () => assert.rejects(generate(spec), message));
  }

  const brokenFiles: { name: string; content: string | Buffer }[] = [
    { name: 'an empty list', content: '[]' },
    { name: 'a list with a text', content: '- a: 1\n- b\n' },
    { name: 'nothing', content: '' },
    { name: 'broken YAML', content: 'a: [1\n' },
    { name: 'two documents', content: 'a: 1\n---\nb: 1\n' },
    { name: 'bytes that are no UTF-8', content: Buffer.from([0x61, 0x3a, 0x20, 0xff]) },
    { name: 'the key __proto__', content: '{"__proto__": {"x": 1}}' },
  ];
  for (const { name, content } of brokenFiles) {
    it(`names the file that holds ${name}`, async () => {
      commitFiles(repository, { 'bad/f.json': content });
      await assert.rejects(generate({ files: [{ path: 'bad/*' }] }), /file "bad\/f.json"/);
    });
  }

  it('passes over symlinks and submodules', async () => {
    const links = {
      'apps/link': { symlink: '/etc' },
      'apps/sub': { submodule: '1'.repeat(40) },
      'teams/l.yaml': { symlink: 'a.yaml' },
    };
    commitFiles(repository, links);
    assert.deepEqual(await paths({ directories: [{ path: 'apps/*' }] }), [
      'apps/legacy',
      'apps/podinfo',
      'apps/redis',
    ]);
    assert.deepEqual((await paths({ files: [{ path: 'teams/*' }] })).length, 4);
    await assert.rejects(generate({ directories: [{ path: 'apps/link' }] }), /no directory matches/);
  });

  it('reads the commit that ref names', async () => {
    const first = git(repository, ['rev-parse', 'main']);
    git(repository, ['tag', 'v1']);
    git(repository, ['branch', 'release']);
    commitFiles(repository, { 'apps/new/x': '1' });
    const directories = [{ path: 'apps/n*' }];
    assert.deepEqual(await paths({ directories }), ['apps/new']);
    for (const ref of [{ tag: 'v1' }, { branch: 'release' }, { commit: first }])
      await assert.rejects(generate({ ref, directories }), /no directory matches/);
  });

  it('says its interval, and its query without credentials', () => {
    const spec = {
      interval: '5m30s',
      url: 'https://user@example.com/org/fleet.git',
      directories: [{ path: '*' }],
    };
    assert.equal(gitDirectory.interval?.(spec), 330_000);
    assert.equal(gitDirectory.query?.(spec), 'https://example.com/org/fleet.git@main');
    assert.equal(
      gitDirectory.query?.({ ...spec, url: 'git@example.com:org/fleet.git', ref: { tag: 'v1' } }),
      'example.com/org/fleet@v1',
    );
  });

  describe('over http with basic authentication', () => {
    let server: GitServer;
    beforeEach(async () => {
      server = await startGitServer(folder.path, { user: 'reader', password: 'pass-canary' });
    });
    afterEach(() => server.close());

    const directories = [{ path: 'apps/*' }];
    const secretRef = { name: 'credentials' };

    it('uses the secret', async () => {
      const spec = { url: `${server.url}/fleet.git`, directories, secretRef };
      assert.equal(
        (await generate(spec, { credentials: { username: 'reader', password: 'pass-canary' } })).length,
        3,
      );
      assert.equal(basic('reader', 'pass-canary'), `Basic ${btoa('reader:pass-canary')}`);
    });

    const wrong: { name: string; secrets: Record<string, Record<string, string>>; message: RegExp }[] = [
      { name: 'that is missing', secrets: {}, message: /Secret flux-system\/credentials does not exist/ },
      {
        name: 'without any known key',
        secrets: { credentials: { token: 'pass-canary' } },
        message: /Secret flux-system\/credentials: has none of username/,
      },
      {
        name: 'with a wrong password',
        secrets: { credentials: { username: 'reader', password: 'x-canary' } },
        message: /authentication failed/,
      },
    ];
    for (const { name, secrets, message } of wrong) {
      it(`fails for a secret ${name}, and does not show it`, async () => {
        const spec = { url: `${server.url}/fleet.git`, directories, secretRef };
        await assert.rejects(generate(spec, secrets), (error: Error) => {
          assert.match(error.message, message);
          assert.ok(!error.message.includes('canary'));
          return true;
        });
      });
    }
  });
});
