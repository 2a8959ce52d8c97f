import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { globSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  commitFiles,
  type GitServer,
  git,
  makeRepository,
  startGitServer,
} from '../../../test/harness/git.ts';
import { recordingOptions } from '../../../test/harness/git-options.ts';
import { makeCertificates } from '../../../test/harness/http-certificates.ts';
import { useTemporaryFolder } from '../../../test/harness/temporary-folder.ts';
import type { RepositoryRef } from '../../api/readers.ts';
import { createTreeReader } from './tree-reader.ts';

const FILES = {
  'a.yaml': 'a: 1\n',
  'apps/x/k.yaml': 'x\n',
  'apps/y/k.yaml': 'y\n',
  'bin.dat': Buffer.from([0, 255, 10, 13]),
};

/** Whether any program was started with this text among its arguments and still runs. */
function programsNaming(text: string): boolean {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .some((id) => {
      try {
        return readFileSync(`/proc/${id}/cmdline`, 'utf8').includes(text);
      } catch {
        return false;
      }
    });
}

async function waitFor(condition: () => boolean): Promise<void> {
  for (let tries = 0; !condition(); tries++) {
    assert.ok(tries < 100, 'waited too long');
    await delay(50);
  }
}

describe('createTreeReader', () => {
  const folder = useTemporaryFolder();
  const { signal } = new AbortController();
  let options: ReturnType<typeof recordingOptions>;
  let repository: string;

  beforeEach(() => {
    options = recordingOptions(join(folder.path, 'cache'));
    repository = makeRepository(join(folder.path, 'fleet.git'), FILES);
  });

  function open(ref: RepositoryRef['ref'], url = repository) {
    return createTreeReader(options).open({ url, ref }, signal);
  }

  it('refuses a commit that is larger than may be fetched, and keeps nothing of it', async () => {
    const url = makeRepository(join(folder.path, 'large.git'), { 'large.bin': randomBytes(300_000) });
    const reader = createTreeReader({ ...options, maxFetch: 200_000 });
    await assert.rejects(reader.open({ url, ref: { branch: 'main' } }, signal), {
      message: /^git has fetched more than 0\.19\d* MiB; the repository is too large$/,
    });
    assert.deepEqual(globSync(join(folder.path, 'cache', '**', '*.pack')), []);
  });

  for (const format of ['sha1', 'sha256']) {
    it(`lists and reads a ${format} repository exactly`, async () => {
      const url = makeRepository(join(folder.path, `${format}.git`), FILES, { format });
      const tree = await open({ branch: 'main' }, url);
      const entries = await tree.list(signal);
      assert.deepEqual(
        entries.map(({ path, type, size }) => [path, type, size]),
        [
          ['a.yaml', 'file', 5],
          ['apps', 'directory', undefined],
          ['apps/x', 'directory', undefined],
          ['apps/x/k.yaml', 'file', 2],
          ['apps/y', 'directory', undefined],
          ['apps/y/k.yaml', 'file', 2],
          ['bin.dat', 'file', 4],
        ],
      );
      const files = await tree.read(['bin.dat', 'apps/y/k.yaml'], signal);
      assert.deepEqual(files.get('bin.dat'), FILES['bin.dat']);
      assert.equal(String(files.get('apps/y/k.yaml')), 'y\n');
    });
  }

  it('costs one ls-remote when nothing changed, and one fetch more for a new head', async () => {
    for (const expected of [['ls-remote', 'fetch'], ['ls-remote'], ['ls-remote']]) {
      options.commands.length = 0;
      await (await open({ branch: 'main' })).list(signal);
      assert.deepEqual(options.commands, expected);
    }
    const head = commitFiles(repository, { 'new.yaml': 'n' });
    options.commands.length = 0;
    const tree = await open({ branch: 'main' });
    assert.equal(tree.commit, head);
    assert.equal((await tree.list(signal)).length, 8);
    assert.deepEqual(options.commands, ['ls-remote', 'fetch']);
  });

  it('lists what is below a prefix only', async () => {
    const tree = await open({ branch: 'main' });
    const paths = (await tree.list(signal, 'apps/x')).map((entry) => entry.path);
    assert.deepEqual(paths, ['apps/x/k.yaml']);
    assert.deepEqual(await tree.list(signal, 'missing'), []);
    assert.equal(String((await tree.read(['a.yaml'], signal)).get('a.yaml')), 'a: 1\n');
  });

  it('takes a prefix literally', async () => {
    const tree = await open({ branch: 'main' });
    for (const prefix of ['app*', ':(glob)**', ':/', '--help', '*'])
      assert.deepEqual(await tree.list(signal, prefix), []);
  });

  it('reads tags, light and annotated, and commits', async () => {
    const first = git(repository, ['rev-parse', 'main']);
    git(repository, ['tag', 'light', 'main']);
    git(repository, ['tag', '-a', '-m', 'x', 'annotated', 'main']);
    commitFiles(repository, { 'new.yaml': 'n' });
    for (const ref of [{ tag: 'light' }, { tag: 'annotated' }, { commit: first }])
      assert.equal((await open(ref)).commit, first);
  });

  it('tells symlinks and submodules from files, and reads neither', async () => {
    const commit = git(repository, ['rev-parse', 'main']);
    commitFiles(repository, { link: { symlink: '/etc/passwd' }, sub: { submodule: commit } });
    const tree = await open({ branch: 'main' });
    const types = new Map((await tree.list(signal)).map((entry) => [entry.path, entry.type]));
    assert.equal(types.get('link'), 'symlink');
    assert.equal(types.get('sub'), 'submodule');
    for (const path of ['link', 'sub', 'apps', 'missing'])
      await assert.rejects(tree.read([path], signal), new RegExp(`"${path}" is (a|not)`));
  });

  const missing: { ref: RepositoryRef['ref']; message: RegExp }[] = [
    { ref: { branch: 'nope' }, message: /has no branch nope/ },
    { ref: { tag: 'v9' }, message: /has no tag v9/ },
    { ref: { commit: '1'.repeat(40) }, message: /does not have this ref or commit/ },
    { ref: { commit: 'main' }, message: /full object id/ },
    { ref: {}, message: /exactly one/ },
    { ref: { branch: 'main', tag: 'v1' }, message: /exactly one/ },
    { ref: { branch: '--upload-pack=id' }, message: /begins with "-"/ },
    { ref: { tag: 'a:b' }, message: /one of the characters/ },
  ];
  for (const { ref, message } of missing) {
    it(`fails for ${JSON.stringify(ref)}`, () => assert.rejects(open(ref), message));
  }

  it('fails for a file that is bigger than it may be', async () => {
    commitFiles(repository, { 'big.bin': Buffer.alloc(8 * 1024 * 1024 + 1) });
    const tree = await open({ branch: 'main' });
    await assert.rejects(tree.read(['big.bin'], signal), /"big.bin" is bigger than 8388608 bytes/);
  });

  it('stops when it is aborted', async () => {
    const stop = new AbortController();
    stop.abort(new Error('enough'));
    await assert.rejects(
      createTreeReader(options).open({ url: repository, ref: { branch: 'main' } }, stop.signal),
      /enough/,
    );
  });

  describe('over http', () => {
    let server: GitServer;
    beforeEach(async () => {
      server = await startGitServer(folder.path, { user: 'reader', password: 'right-canary' });
    });
    afterEach(() => server.close());

    function openHttp(auth: RepositoryRef['auth'], path = '/fleet.git') {
      const target = { url: server.url + path, ref: { branch: 'main' }, ...(auth && { auth }) };
      return createTreeReader(options).open(target, signal);
    }

    it('reads with the right password, and once more without a fetch', async () => {
      const auth = { username: 'reader', password: 'right-canary' };
      assert.equal((await (await openHttp(auth)).list(signal)).length, 7);
      const requests = server.requests.length;
      await (await openHttp(auth)).list(signal);
      const more = server.requests.slice(requests);
      assert.ok(more.every((request) => !request.includes('receive-pack')));
      assert.deepEqual(options.commands, ['ls-remote', 'fetch', 'ls-remote']);
    });

    it('refuses to read from the cache with a wrong password', async () => {
      await openHttp({ username: 'reader', password: 'right-canary' });
      for (const auth of [
        undefined,
        { username: 'reader', password: 'wrong-canary' },
        { bearerToken: 'canary-token' },
      ]) {
        await assert.rejects(openHttp(auth), (error: Error) => {
          assert.match(error.message, /authentication failed: check the secret/);
          assert.ok(!error.message.includes('canary'), error.message);
          return true;
        });
      }
    });

    it('refuses to read a cached commit with a wrong password', async () => {
      const auth = { username: 'reader', password: 'right-canary' };
      const { commit } = await openHttp(auth);
      const wanted = { url: `${server.url}/fleet.git`, ref: { commit } };
      assert.equal((await createTreeReader(options).open({ ...wanted, auth }, signal)).commit, commit);
      const opening = createTreeReader(options).open({ ...wanted, auth: { ...auth, password: 'x' } }, signal);
      await assert.rejects(opening, /authentication failed/);
    });

    it('says that there is no such repository', () =>
      assert.rejects(
        openHttp({ username: 'reader', password: 'right-canary' }, '/none.git'),
        /no such repository/,
      ));

    it('says where nobody listens that the server cannot be reached', async () => {
      await server.close();
      await assert.rejects(openHttp(undefined), /cannot be reached/);
    });

    it('never takes credentials along to where it is redirected', async () => {
      server.intercept = (request, response) => {
        if (!request.url?.startsWith('/moved')) return false;
        response
          .writeHead(301, { location: `${server.url}/fleet.git${request.url.slice('/moved.git'.length)}` })
          .end();
        return true;
      };
      await assert.rejects(
        openHttp({ username: 'reader', password: 'right-canary' }, '/moved.git'),
        /redirects/,
      );
      assert.equal(server.requests.length, 1);
    });

    it('gives up a server that never answers when it is aborted, and ends git', async () => {
      server.intercept = () => true;
      const stop = new AbortController();
      const opening = createTreeReader(options).open(
        { url: `${server.url}/fleet.git`, ref: { branch: 'main' } },
        stop.signal,
      );
      await waitFor(() => server.requests.length > 0);
      assert.ok(programsNaming(server.url));
      stop.abort(new Error('shutting down'));
      const before = Date.now();
      await assert.rejects(opening, /shutting down/);
      assert.ok(Date.now() - before < 3000);
      await waitFor(() => !programsNaming(server.url));
    });

    it('ends at once for who is stopped while the same repository is fetched for another', async () => {
      // The third POST asks for the commit, after two that list refs: that one is never answered.
      const posts = () => server.requests.filter((it) => it.startsWith('POST')).length;
      server.intercept = ({ method }) => method === 'POST' && posts() === 3;
      const auth = { username: 'reader', password: 'right-canary' };
      const wanted = { url: `${server.url}/fleet.git`, ref: { branch: 'main' }, auth };
      const [first, second] = [new AbortController(), new AbortController()];
      const reader = createTreeReader(options);
      const fetching = reader.open(wanted, first.signal);
      fetching.catch(() => {});
      await waitFor(() => posts() === 3);
      const waiting = reader.open(wanted, second.signal);
      await waitFor(() => posts() === 4);
      await delay(300);
      const before = Date.now();
      second.abort(new Error('suspended'));
      await assert.rejects(waiting, /suspended/);
      assert.ok(Date.now() - before < 1000);
      first.abort(new Error('stopped'));
      await assert.rejects(fetching, /stopped/);
    });
  });

  describe('over https', () => {
    const certificates = makeCertificates();
    let server: GitServer;
    beforeEach(async () => {
      server = await startGitServer(folder.path, { tls: certificates.server });
    });
    afterEach(() => server.close());

    function openTls(ca?: string) {
      const auth = ca === undefined ? {} : { auth: { ca } };
      const wanted = { url: `${server.url}/fleet.git`, ref: { branch: 'main' }, ...auth };
      return createTreeReader(options).open(wanted, signal);
    }

    it('trusts the authority of the secret', async () => {
      assert.equal((await (await openTls(certificates.ca.cert)).list(signal)).length, 7);
    });

    const untrusted = {
      'another authority': certificates.otherCa.cert,
      'the system only': undefined,
      'a broken file': 'no pem',
    };
    for (const [name, ca] of Object.entries(untrusted)) {
      it(`does not trust the server by ${name}`, () =>
        assert.rejects(openTls(ca), /certificate cannot be verified/));
    }
  });
});
