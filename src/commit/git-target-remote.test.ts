import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  addHook,
  branchFiles,
  branchHead,
  commitFiles,
  countCommits,
  type GitServer,
  git,
  makeRepository,
  startGitServer,
} from '../../test/harness/git.ts';
import { deliverFiles, deliverUntilDone } from '../../test/harness/git-delivery.ts';
import { STATE, useGitTarget } from '../../test/harness/git-target.ts';
import { sha256 } from '../lib/digest.ts';
import { TargetMovedError } from '../plan/target.ts';

describe('a git target and its remote', () => {
  const bench = useGitTarget();
  const { folder, openTarget } = bench;
  const signal = new AbortController().signal;
  let options: typeof bench.options;
  let repository: string;

  beforeEach(() => {
    ({ options, repository } = bench);
  });

  describe('where the branch is missing', () => {
    it('creates it in an empty repository with the first delivery', async () => {
      const empty = makeRepository(join(folder.path, 'empty.git'));
      const target = openTarget({}, empty);
      const previous = await target.read(signal);
      assert.equal(previous.revision, undefined);
      await deliverFiles(target, { 'a.yaml': 'a: 1\n' }, { previous });
      assert.deepEqual(Object.keys(branchFiles(empty)), [`apps/${STATE}`, 'apps/a.yaml']);
      await deliverFiles(openTarget({}, empty), { 'a.yaml': 'a: 2\n' });
      assert.equal(countCommits(empty), 2);
    });

    it('gives way when somebody else was first in an empty repository', async () => {
      const empty = makeRepository(join(folder.path, 'empty.git'));
      const target = openTarget({}, empty);
      const previous = await target.read(signal);
      commitFiles(empty, { x: '1' });
      await assert.rejects(deliverFiles(target, { 'a.yaml': 'a: 1\n' }, { previous }), TargetMovedError);
    });

    it('is an error that names it in a repository with others', () =>
      assert.rejects(openTarget({ branch: 'production' }).read(signal), /has no branch production/));

    it('begins the push branch from the branch, and goes on from there', async () => {
      const head = branchHead(repository);
      const target = openTarget({ pushBranch: 'updates' });
      const { revision } = await deliverFiles(target, { 'a.yaml': 'a: 1\n' });
      assert.equal(revision, `updates@sha1:${branchHead(repository, 'updates')}`);
      assert.equal(branchHead(repository), head);
      await deliverFiles(target, { 'b.yaml': 'b: 1\n' });
      assert.equal(countCommits(repository, 'updates'), 3);
      assert.equal((await target.read(signal)).compare('a.yaml', 'a: 1\n'), 'same');
    });
  });

  describe('over http', () => {
    let server: GitServer;
    const auth = { username: 'writer', password: 'pass-canary' };
    beforeEach(async () => {
      server = await startGitServer(folder.path, { user: auth.username, password: auth.password });
    });
    afterEach(() => server.close());

    it('delivers, and reads again with requests for refs only', async () => {
      const target = openTarget({}, `${server.url}/fleet.git`, auth);
      await deliverFiles(target, { 'a.yaml': 'a: 1\n' });
      const requests = server.requests.length;
      await target.read(signal);
      assert.deepEqual(server.requests.slice(requests), [
        'GET /fleet.git/info/refs?service=git-upload-pack',
        'POST /fleet.git/git-upload-pack',
      ]);
      assert.deepEqual(options.commands, ['ls-remote', 'fetch', 'push', 'ls-remote']);
    });

    it('shows what a hook says when it refuses, without the password', async () => {
      addHook(
        repository,
        'pre-receive',
        `printf 'policy: \\033[31mno limits\\033[0m above 2Gi (${auth.password})\\n' >&2; exit 1`,
      );
      const target = openTarget({}, `${server.url}/fleet.git`, auth);
      const head = branchHead(repository);
      await assert.rejects(deliverFiles(target, { 'a.yaml': 'a: 1\n' }), (error: Error) => {
        assert.ok(!(error instanceof TargetMovedError));
        assert.match(
          error.message,
          /refused the push to branch main: .*pre-receive hook declined.*: policy: no limits above 2Gi \(\*\*\*\)$/,
        );
        return true;
      });
      assert.equal(branchHead(repository), head);
    });

    it('says without the password that the password is wrong', async () => {
      const target = openTarget({}, `${server.url}/fleet.git`, {
        username: 'writer',
        password: 'other-canary',
      });
      await assert.rejects(target.read(signal), (error: Error) => {
        assert.match(error.message, /authentication failed/);
        assert.ok(!error.message.includes('canary'));
        return true;
      });
    });

    it('finds out that a push succeeded although its answer was lost', async () => {
      server.cutPushAnswer = true;
      const target = openTarget({}, `${server.url}/fleet.git`, auth);
      const { revision } = await deliverFiles(target, { 'a.yaml': 'a: 1\n' });
      assert.equal(revision, `main@sha1:${branchHead(repository)}`);
      assert.equal(countCommits(repository), 2);
      assert.deepEqual(options.commands, ['ls-remote', 'fetch', 'push', 'ls-remote']);
    });

    it('fails when the server breaks before it has carried the push out', async () => {
      server.intercept = (request, response) => {
        if (!request.url?.endsWith('/git-receive-pack')) return false;
        response.destroy();
        return true;
      };
      const target = openTarget({}, `${server.url}/fleet.git`, auth);
      await assert.rejects(
        deliverFiles(target, { 'a.yaml': 'a: 1\n' }),
        /cannot push to .*: the server cannot be reached/,
      );
      assert.equal(countCommits(repository), 1);
    });
  });

  it('loses no commit of two writers in twenty rounds', async () => {
    const writers = ['one', 'two'].map((name) => ({
      name,
      target: openTarget({ set: { namespace: 'ns', name } }),
      moved: 0,
    }));
    for (let round = 0; round < 20; round++) {
      await Promise.all(
        writers.map(async (writer) => {
          const files = { [`${writer.name}.yaml`]: `round: ${round}\n` };
          writer.moved += (await deliverUntilDone(writer.target, files)) - 1;
        }),
      );
    }
    assert.equal(countCommits(repository), 41);
    const subjects = git(repository, ['log', '--format=%s', 'main']).split('\n');
    assert.equal(subjects.filter((subject) => subject === 'change').length, 41);
    for (const { name } of writers) assert.equal(branchFiles(repository)[`apps/${name}.yaml`], 'round: 19\n');
    assert.ok(
      writers.some((writer) => writer.moved > 0),
      'the writers never met',
    );
  }).timeout(60_000);

  it('leaves whole commits only, each once, however often it is killed', async () => {
    const script = new URL('../../test/harness/git-writing-program.ts', import.meta.url).pathname;
    for (let round = 0; round < 10; round++) {
      const args = [script, repository, options.cacheFolder, String(round * 1000)];
      const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...args]);
      await once(child.stdout, 'data');
      // Every other time something was delivered before, however slow the machine is.
      if (round % 2 === 1) await once(child.stdout, 'data');
      await delay(40 + round * 23);
      child.kill('SIGKILL');
      await once(child, 'close');
    }
    // A push whose process was killed may still arrive.
    await deliverUntilDone(openTarget(), { 'a.yaml': 'last\n' });
    git(repository, ['fsck', '--strict', '--no-dangling']);
    const trees = git(repository, ['log', '--format=%T', 'main']).split('\n');
    assert.ok(trees.length > 5, 'nothing was delivered before the kills');
    assert.equal(new Set(trees).size, trees.length, 'a change was committed twice');
    const previous = await openTarget().read(signal);
    assert.deepEqual(
      previous.state?.inventory.map((entry) => entry.digest),
      [sha256('last\n')],
    );
    assert.deepEqual(options.warnings, []);
  }).timeout(60_000);
});
