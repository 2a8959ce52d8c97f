import assert from 'node:assert/strict';
import { join } from 'node:path';
import { branchFiles, branchHead, commitFiles, countCommits, git } from '../../test/harness/git.ts';
import { deliverFiles, manyDecisions, planFiles } from '../../test/harness/git-delivery.ts';
import { recordingOptions } from '../../test/harness/git-options.ts';
import { SET, STATE, useGitTarget } from '../../test/harness/git-target.ts';
import { openRepository } from '../clients/git/git-repository.ts';
import { sha256 } from '../lib/digest.ts';
import { TargetMovedError } from '../plan/target.ts';
import { createGitTarget, type GitTargetOptions } from './git-target.ts';

describe('createGitTarget', () => {
  const bench = useGitTarget();
  const { folder, openTarget } = bench;
  const signal = new AbortController().signal;
  let options: typeof bench.options;
  let repository: string;

  beforeEach(() => {
    ({ options, repository } = bench);
  });

  it('commits files and state together, on top of what others committed', async () => {
    const before = branchHead(repository);
    const { revision } = await deliverFiles(openTarget(), { 'a.yaml': 'a: 1\n', 'sub/b.yaml': 'b: 1\n' });
    assert.equal(revision, `main@sha1:${branchHead(repository)}`);
    assert.equal(git(repository, ['rev-parse', 'main~1']), before);
    const { [`apps/${STATE}`]: state, ...files } = branchFiles(repository);
    assert.deepEqual(files, {
      'README.md': 'hello\n',
      'apps/other.yaml': 'o: 1\n',
      'apps/a.yaml': 'a: 1\n',
      'apps/sub/b.yaml': 'b: 1\n',
    });
    assert.match(state ?? '', /"path":"sub\/b.yaml"/);
    assert.match(git(repository, ['ls-tree', '-r', 'main', 'apps/a.yaml']), /^100644 /);
    assert.equal(
      git(repository, ['log', '-1', '--format=%an <%ae> %cn', 'main']),
      'Bot <bot@example.com> Bot',
    );
    assert.deepEqual(options.commands, ['ls-remote', 'fetch', 'push']);
  });

  it('reads a state again that is larger than any other file may be', async () => {
    const target = openTarget();
    const delivery = await planFiles(await target.read(signal), { 'a.yaml': 'a: 1\n' });
    const next = { ...delivery.next, decisions: manyDecisions() };
    await target.deliver({ ...delivery, next }, signal);
    assert.deepEqual((await openTarget().read(signal)).state?.decisions, next.decisions);
  });

  it('costs one ls-remote to read again, in this program and in another', async () => {
    await deliverFiles(openTarget(), { 'a.yaml': 'a: 1\n' });
    for (let round = 0; round < 2; round++) {
      options.commands.length = 0;
      const previous = await openTarget().read(signal);
      assert.equal(previous.revision, `main@sha1:${branchHead(repository)}`);
      assert.equal(previous.compare('a.yaml', 'a: 1\n'), 'same');
      assert.equal(previous.compare('a.yaml', 'a: 2\n'), 'different');
      assert.equal(previous.compare('missing.yaml', ''), 'absent');
      assert.deepEqual(
        previous.state?.inventory.map((entry) => entry.path),
        ['a.yaml'],
      );
      assert.deepEqual(options.commands, ['ls-remote']);
    }
    const other = recordingOptions(join(folder.path, 'other-cache'));
    const target = createGitTarget({
      set: SET,
      repository: openRepository({ url: repository }, other),
      branch: 'main',
      author: { name: 'a', email: 'b' },
    });
    assert.equal((await target.read(signal)).compare('apps/a.yaml', 'a: 1\n'), 'same');
    assert.deepEqual(other.commands, ['ls-remote', 'fetch']);
  });

  it('reads the texts of those files that exist', async () => {
    const previous = await openTarget().read(signal);
    assert.deepEqual(
      await previous.read(['other.yaml', 'missing.yaml'], signal),
      new Map([['other.yaml', 'o: 1\n']]),
    );
    assert.equal(previous.state, undefined);
  });

  it('makes no commit for the tree that is there already', async () => {
    const target = openTarget();
    const { revision } = await deliverFiles(target, { 'a.yaml': 'a: 1\n' });
    options.commands.length = 0;
    assert.deepEqual(await deliverFiles(target, { 'a.yaml': 'a: 1\n' }), { revision });
    assert.deepEqual(options.commands, ['ls-remote']);
    assert.equal(countCommits(repository), 2);
  });

  it('removes a file that is as it was delivered', async () => {
    const target = openTarget();
    await deliverFiles(target, { 'sub/a.yaml': 'a: 1\n', 'b.yaml': 'b: 1\n' });
    await deliverFiles(target, { 'sub/a.yaml': null });
    assert.deepEqual(
      Object.keys(branchFiles(repository)),
      [`apps/${STATE}`, 'apps/b.yaml', 'apps/other.yaml', 'README.md'].sort(),
    );
  });

  const wrongRemovals: { name: string; path: string; prepare: () => void }[] = [
    {
      name: 'it was edited',
      path: 'a.yaml',
      prepare: () => commitFiles(repository, { 'apps/a.yaml': 'edited\n' }),
    },
    { name: 'it was never delivered', path: 'other.yaml', prepare: () => {} },
  ];
  for (const { name, path, prepare } of wrongRemovals) {
    it(`refuses to remove a file when ${name}`, async () => {
      await deliverFiles(openTarget(), { 'a.yaml': 'a: 1\n' });
      prepare();
      const head = branchHead(repository);
      await assert.rejects(deliverFiles(openTarget(), { [path]: null }), /not as this set delivered it/);
      assert.equal(branchHead(repository), head);
    });
  }

  it('removes nothing outside its path, whatever the state says', async () => {
    const state = {
      version: 1,
      inventory: [{ id: 'x', path: '../README.md', digest: sha256('hello\n'), generator: 0, template: 0 }],
      deletions: [],
    };
    commitFiles(repository, { [`apps/${STATE}`]: JSON.stringify(state) });
    await assert.rejects(openTarget().read(signal), /state file apps\/.generatorset.* is broken/);
  });

  it('takes a broken state for an error, not for none', async () => {
    commitFiles(repository, { [`apps/${STATE}`]: '{"version": 1' });
    await assert.rejects(
      openTarget().read(signal),
      /state file .*podinfo.state of .* is broken: not valid JSON/,
    );
  });

  it('refuses to deliver a held plan', async () => {
    const target = openTarget();
    const previous = await target.read(signal);
    const plan = { changes: [], digest: 'd', held: { rule: 'maxPrune' as const, message: 'm' } };
    const next = { version: 1 as const, inventory: [], deletions: [] };
    await assert.rejects(target.deliver({ plan, next, previous, message: 'm' }, signal), /held/);
  });

  it('gives way to a commit that came between, and delivers when read again', async () => {
    const target = openTarget();
    const previous = await target.read(signal);
    const foreign = commitFiles(repository, { 'apps/other.yaml': 'o: 2\n' });
    await assert.rejects(deliverFiles(target, { 'a.yaml': 'a: 1\n' }, { previous }), TargetMovedError);
    assert.equal(branchHead(repository), foreign);
    await deliverFiles(target, { 'a.yaml': 'a: 1\n' });
    assert.equal(branchFiles(repository)['apps/other.yaml'], 'o: 2\n');
    assert.equal(git(repository, ['rev-parse', 'main~1']), foreign);
  });

  it('gives way when the branch was set back', async () => {
    commitFiles(repository, { x: '1' });
    const target = openTarget();
    const previous = await target.read(signal);
    git(repository, ['update-ref', 'refs/heads/main', 'main~1']);
    await assert.rejects(deliverFiles(target, { 'a.yaml': 'a: 1\n' }, { previous }), TargetMovedError);
    assert.equal(countCommits(repository), 1);
  });

  const blocked: { name: string; files: Parameters<typeof commitFiles>[1]; path: string }[] = [
    { name: 'the file is a symlink', files: { 'apps/a.yaml': { symlink: '/etc/passwd' } }, path: 'apps' },
    { name: 'its folder is a symlink', files: { 'apps/sub': { symlink: '/' } }, path: 'apps' },
    { name: 'its folder is a submodule', files: { 'apps/sub': { submodule: '1'.repeat(40) } }, path: 'apps' },
    { name: 'its folder is a file', files: { 'apps/sub': 'x' }, path: 'apps' },
    { name: "the target's path is a symlink", files: { link: { symlink: 'apps' } }, path: 'link' },
    {
      name: "the target's path leads through a symlink",
      files: { link: { symlink: '/' } },
      path: 'link/deep/er',
    },
    {
      name: "the target's path is a submodule",
      files: { link: { submodule: '1'.repeat(40) } },
      path: 'link',
    },
    {
      name: 'the state is a symlink',
      files: { [`apps/${STATE}`]: { symlink: '/etc/passwd' } },
      path: 'apps',
    },
    {
      name: 'the folder of states is a symlink',
      files: { 'apps/.generatorset': { symlink: '/' } },
      path: 'apps',
    },
  ];
  for (const { name, files, path } of blocked) {
    it(`refuses to deliver where ${name}`, async () => {
      const head = commitFiles(repository, files);
      const target = openTarget({ path });
      const changes = ['a.yaml', 'sub/a.yaml'].map((file) => ({
        id: file,
        path: file,
        action: 'created' as const,
        after: 'x',
        evidence: [],
      }));
      const next = { version: 1 as const, inventory: [], deletions: [] };
      await assert.rejects(async () => {
        const previous = await target.read(signal);
        await target.deliver({ plan: { changes, digest: 'd' }, next, previous, message: 'm' }, signal);
      }, /is a (symlink|submodule|file)$/);
      await assert.rejects(deliverFiles(target, { 'a.yaml': 'x\n', 'sub/a.yaml': 'x\n' }), /is a /);
      assert.equal(branchHead(repository), head);
    });
  }

  const hostile = [
    '../x',
    '/etc/x',
    '.git/config',
    'a/../../b',
    '.github/workflows/x.yml',
    '--force',
    'a\nb',
    STATE,
  ];
  for (const path of hostile) {
    it(`refuses to write ${JSON.stringify(path)}`, async () => {
      const target = openTarget();
      const previous = await target.read(signal);
      const plan = {
        changes: [{ id: 'x', action: 'created' as const, path, after: 'x', evidence: [] }],
        digest: 'd',
      };
      const next = { version: 1 as const, inventory: [], deletions: [] };
      await assert.rejects(target.deliver({ plan, next, previous, message: 'm' }, signal), /file path/);
      assert.equal(countCommits(repository), 1);
    });
  }

  const badOptions: { name: string; more: Partial<GitTargetOptions>; message: RegExp }[] = [
    { name: 'a branch that is an option', more: { branch: '--force' }, message: /branch "--force"/ },
    { name: 'a refspec for a branch', more: { branch: '+main:other' }, message: /branch/ },
    { name: 'a push branch with ..', more: { pushBranch: 'a..b' }, message: /branch "a..b"/ },
    { name: 'a path outside', more: { path: '../x' }, message: /"\.\.\/x"/ },
    { name: 'the path .git', more: { path: '.git' }, message: /begins with a dot/ },
    { name: 'an absolute path', more: { path: '/etc' }, message: /absolute/ },
    { name: 'an empty author', more: { author: { name: ' ', email: 'x' } }, message: /author/ },
    {
      name: 'a set of a hostile name',
      more: { set: { namespace: '..', name: 'x' } },
      message: /Kubernetes name/,
    },
  ];
  for (const { name, more, message } of badOptions) {
    it(`stalls for ${name}`, () => assert.throws(() => openTarget(more), { name: 'StalledError', message }));
  }

  it('cleans author and message, so that neither can forge anything', async () => {
    const author = { name: 'Bot <x@y>\nSigned-off-by: Boss', email: 'a@b>\n' };
    const message = 'subject\u001b[31m\0\r\nbody\u2028Signed-off-by: Boss\n\n';
    await deliverFiles(openTarget({ author }), { 'a.yaml': 'x' }, { message });
    const raw = git(repository, ['cat-file', 'commit', 'main']);
    assert.match(raw, /^author Bot x@y Signed-off-by: Boss <a@b> \d+ [+-]\d{4}$/m);
    assert.ok(raw.endsWith('\n\nsubject [31m \nbody Signed-off-by: Boss'), JSON.stringify(raw));
  });

  it('cuts a message of a megabyte', async () => {
    await deliverFiles(openTarget(), { 'a.yaml': 'x' }, { message: 'ä'.repeat(500_000) });
    assert.ok(git(repository, ['log', '-1', '--format=%B', 'main']).length < 70_000);
  });

  it('keeps the bytes of any text', async () => {
    const texts = {
      'a.yaml': '',
      'b.yaml': 'no end of line',
      'c.yaml': 'crlf\r\nä €\t😀\r\n',
      'd.yaml': '\0',
    };
    await deliverFiles(openTarget(), texts);
    const files = branchFiles(repository);
    for (const [path, text] of Object.entries(texts)) assert.equal(files[`apps/${path}`], text);
    const previous = await openTarget().read(signal);
    for (const [path, text] of Object.entries(texts)) assert.equal(previous.compare(path, text), 'same');
  });

  it('runs no hook, filter or attribute of the repository', async () => {
    commitFiles(repository, { '.gitattributes': '* filter=evil text eol=crlf ident\n' });
    await deliverFiles(openTarget(), { 'a.yaml': '$Id$\nx\n' });
    assert.equal(branchFiles(repository)['apps/a.yaml'], '$Id$\nx\n');
  });
});
