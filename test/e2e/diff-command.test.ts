import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { LIST_SET, useCommandLine } from '../harness/command-line.ts';
import { git, makeRepository } from '../harness/git.ts';

describe('the command line diff', function () {
  this.timeout(60_000);
  const { folder, run, writeSet } = useCommandLine();

  it('exits 1 with a patch, and 0 once it is delivered', async () => {
    const file = await writeSet(LIST_SET);
    const target = ['--directory', join(folder.path, 'out')];
    const before = await run('diff', ...target, file);
    assert.equal(before.code, 1);
    assert.match(before.stdout, /^--- \/dev\/null\n\+\+\+ b\/flux-system-configmap-a\.yaml$/m);
    assert.match(before.stdout, /^\+ {2}size: "1"$/m);
    assert.equal((await run('run', '--once', ...target, file)).code, 0);
    const after = await run('diff', ...target, file);
    assert.deepEqual([after.code, after.stdout], [0, '']);
  });

  it('is a patch for the root of the repository, which git apply takes', async () => {
    const repository = makeRepository(join(folder.path, 'fleet.git'));
    const target = ['--git-url', repository, '--path', './some apps/'];
    assert.equal((await run('run', '--once', ...target, await writeSet(LIST_SET))).code, 0);
    const clone = join(folder.path, 'clone');
    git(folder.path, ['clone', '--quiet', repository, clone]);
    const text = JSON.stringify('line\n'.repeat(3000));
    const changed = LIST_SET.replace('size: 1}', 'size: 9}')
      .replace('{name: b, size: 2}', `{name: c, size: ${text}}`)
      .replace('spec:', 'spec:\n  elementKey: "{{ .Element.name }}"');
    const { stdout, code } = await run('diff', ...target, await writeSet(changed));
    assert.equal(code, 1);
    git(clone, ['apply'], stdout);
    git(clone, ['add', '--all']);
    assert.equal((await run('run', '--once', ...target, await writeSet(changed))).code, 0);
    git(clone, ['fetch', '--quiet']);
    const differs = git(clone, ['diff', '--cached', '--name-only', 'origin/main']);
    assert.equal(differs, 'some apps/.generatorset/flux-system/list.state');
  });

  it('shows no value of a Secret, which git apply leaves out', async () => {
    const repository = makeRepository(join(folder.path, 'secrets.git'));
    const target = ['--git-url', repository, '--path', 'apps'];
    const secret = `    - content:
        apiVersion: v1
        kind: Secret
        metadata: {name: "{{ .Element.name }}"}
        stringData: {token: TOKEN}
`;
    const { stdout } = await run(
      'diff',
      ...target,
      await writeSet(`${LIST_SET}${secret}`.replace('TOKEN', 'sesame')),
    );
    assert.doesNotMatch(stdout, /sesame/);
    assert.match(stdout, /^\+ {2}token: '\*\*\*'$/m);
    const clone = join(folder.path, 'secrets');
    git(folder.path, ['clone', '--quiet', repository, clone]);
    git(clone, ['apply'], stdout);
    assert.deepEqual(await readdir(join(clone, 'apps')), [
      'flux-system-configmap-a.yaml',
      'flux-system-configmap-b.yaml',
    ]);
  });

  const troubles: [string, string[]][] = [
    ['a set without a target', []],
    ['an unknown option', ['--nothing']],
    ['both targets', ['--directory', '/tmp/x', '--git-url', '/tmp/y']],
    ['a repository that is not there', ['--git-url', 'file:///nonexistent/fleet.git']],
  ];
  for (const [what, options] of troubles) {
    it(`exits 2 for ${what}`, async () => {
      const { code, stderr } = await run('diff', ...options, await writeSet(LIST_SET));
      assert.equal(code, 2, stderr);
      assert.notEqual(stderr, '');
    });
  }

  it('gives the plan as JSON', async () => {
    const { stdout } = await run(
      'diff',
      '-o',
      'json',
      '--directory',
      join(folder.path, 'out'),
      await writeSet(LIST_SET),
    );
    const { sets } = JSON.parse(stdout) as {
      sets: { name: string; differs: boolean; changes: { action: string }[] }[];
    };
    assert.deepEqual(
      sets.map(({ name, differs, changes }) => [name, differs, changes.map(({ action }) => action)]),
      [['list', true, ['created', 'created']]],
    );
  });

  it('refuses another target for a set of the cluster, which has its own', async () => {
    const { code, stderr } = await run('diff', 'gset/memory', '--directory', 'out');
    assert.equal(code, 2);
    assert.match(stderr, /^✗ gset\/memory has its target in the cluster: leave --git-url/);
  });
});
