import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  copyFileSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { commitFiles, makeRepository } from '../../../test/harness/git.ts';
import { recordingOptions } from '../../../test/harness/git-options.ts';
import { useTemporaryFolder } from '../../../test/harness/temporary-folder.ts';
import { openCache } from './git-cache.ts';
import { openRepository } from './git-repository.ts';
import { blobId } from './object-id.ts';
import { createTreeReader } from './tree-reader.ts';

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

describe('the git cache', () => {
  const folder = useTemporaryFolder();
  const signal = new AbortController().signal;
  let options: ReturnType<typeof recordingOptions>;
  let repository: string;
  let cacheFolder: string;

  beforeEach(() => {
    cacheFolder = join(folder.path, 'cache');
    options = recordingOptions(cacheFolder);
    repository = makeRepository(join(folder.path, 'fleet.git'), { 'a.yaml': 'a: 1\n', 'b/c.yaml': 'c: 1\n' });
  });

  async function readAll(): Promise<string[]> {
    const tree = await createTreeReader(options).open({ url: repository, ref: { branch: 'main' } }, signal);
    const paths = (await tree.list(signal))
      .filter((entry) => entry.type === 'file')
      .map((entry) => entry.path);
    return [...(await tree.read(paths, signal))].map(([path, content]) => `${path}=${content}`);
  }

  const EXPECTED = ['a.yaml=a: 1\n', 'b/c.yaml=c: 1\n'];

  it('takes files that are far larger than they are packed with little memory', async () => {
    const bomb = makeRepository(join(folder.path, 'bomb.git'), { big: Buffer.alloc(40 * 1024 * 1024) });
    const objects = execFileSync('git', ['pack-objects', '--revs', '--stdout', '-q'], {
      cwd: bomb,
      input: 'refs/heads/main\n',
    });
    assert.ok(objects.length < 100_000, `${objects.length} bytes`);
    const prepared = await (await openCache(cacheFolder, bomb)).prepare('sha1');
    const env = { PATH: process.env['PATH'], GIT_DIR: prepared, GIT_ALLOC_LIMIT: '16m' };
    execFileSync('git', ['index-pack', '--stdin'], { cwd: folder.path, input: objects, env });
  });

  const damages: { name: string; damage: (file: string) => void; refetched: boolean }[] = [
    { name: 'every file is empty', damage: (file) => truncateSync(file, 0), refetched: true },
    {
      name: 'every file is cut in half',
      damage: (file) => truncateSync(file, Math.floor(statSync(file).size / 2)),
      refetched: true,
    },
    { name: 'every file is garbage', damage: (file) => writeFileSync(file, 'garbage'), refetched: true },
    { name: 'the packs are gone', damage: (file) => file.includes('.pack') && rmSync(file), refetched: true },
    { name: 'HEAD is gone', damage: (file) => file.endsWith('/HEAD') && rmSync(file), refetched: true },
    { name: 'stale locks lie about', damage: (file) => writeFileSync(`${file}.lock`, ''), refetched: false },
  ];
  for (const { name, damage, refetched } of damages) {
    it(`serves the right content although ${name}`, async () => {
      assert.deepEqual(await readAll(), EXPECTED);
      for (const file of filesBelow(cacheFolder)) {
        chmodSync(file, 0o600);
        damage(file);
      }
      assert.deepEqual(await readAll(), EXPECTED);
      assert.equal(options.warnings.length, refetched ? 1 : 0);
      options.commands.length = 0;
      assert.deepEqual(await readAll(), EXPECTED);
      assert.deepEqual(options.commands, ['ls-remote']);
    });
  }

  it('notices a whole object under the wrong name', async () => {
    const remote = openRepository({ url: repository }, options);
    const parent = (await remote.resolve(['refs/heads/main'], signal)).get('refs/heads/main') as string;
    const files = new Map([
      ['a.yaml', 'a: 2\n'],
      ['b/c.yaml', 'c: 2\n'],
    ]);
    const author = { name: 'a', email: 'b' };
    await remote.push({ parent, files, removed: [], message: 'm', author }, 'main', signal);
    const [one, two] = ['a: 2\n', 'c: 2\n'].map((text) => {
      const oid = blobId(text, 'sha1');
      return filesBelow(cacheFolder).find((file) =>
        file.endsWith(`${oid.slice(0, 2)}/${oid.slice(2)}`),
      ) as string;
    }) as [string, string];
    chmodSync(one, 0o600);
    copyFileSync(two, one);
    assert.deepEqual(await readAll(), ['a.yaml=a: 2\n', 'b/c.yaml=c: 2\n']);
    assert.equal(options.warnings.length, 1);
  });

  it('makes nothing worse than one fetch of being deleted at any time', async () => {
    const tree = await createTreeReader(options).open({ url: repository, ref: { branch: 'main' } }, signal);
    rmSync(cacheFolder, { recursive: true });
    assert.equal((await tree.list(signal)).length, 3);
    rmSync(cacheFolder, { recursive: true });
    assert.equal(String((await tree.read(['a.yaml'], signal)).get('a.yaml')), 'a: 1\n');
    assert.deepEqual(options.commands, ['ls-remote', 'fetch', 'fetch', 'fetch']);
  });

  it('fetches once for many who ask at the same time', async () => {
    await Promise.all(Array.from({ length: 8 }, readAll));
    assert.equal(options.commands.filter((command) => command === 'fetch').length, 1);
  });

  it('leaves nothing behind but snapshots', async () => {
    for (let round = 0; round < 3; round++) {
      await readAll();
      commitFiles(repository, { 'a.yaml': `a: ${round}\n` });
    }
    const [entry = ''] = readdirSync(join(cacheFolder, 'git'));
    assert.deepEqual(readdirSync(join(cacheFolder, 'git', entry, 'tmp')), []);
    assert.equal(readdirSync(join(cacheFolder, 'git', entry)).length, 4);
  });

  it('says what to do where its folder cannot be made', async () => {
    writeFileSync(join(folder.path, 'file'), '');
    const wrong = join(folder.path, 'file', 'cache');
    await assert.rejects(openCache(wrong, 'example.com/x'), (error: Error) => {
      assert.match(
        error.message,
        /^cannot make the cache folder \S+: ENOTDIR; set XDG_CACHE_HOME to a folder/,
      );
      return true;
    });
  });

  it('removes what killed processes left, and snapshots nobody uses', async () => {
    await readAll();
    const cache = await openCache(cacheFolder, 'example.com/x');
    const old = await cache.prepare('sha1');
    const fresh = await cache.prepare('sha1');
    const longAgo = new Date(Date.now() - 7_200_000);
    utimesSync(old, longAgo, longAgo);
    await openCache(cacheFolder, 'example.com/x');
    assert.deepEqual(readdirSync(cache.scratch), [fresh.slice(cache.scratch.length + 1)]);
    for (const digit of ['1', '2', '3', '4']) {
      const snapshot = await cache.publish(await cache.prepare('sha1'), digit.repeat(40));
      utimesSync(snapshot, longAgo, longAgo);
    }
    await cache.publish(await cache.prepare('sha1'), '5'.repeat(40));
    const left = readdirSync(join(cache.scratch, '..')).filter((name) => name !== 'tmp');
    assert.equal(left.length, 2);
    assert.ok(left.includes('5'.repeat(40)));
  });

  it('keeps the first of two snapshots of the same commit', async () => {
    const cache = await openCache(cacheFolder, 'example.com/x');
    const commit = 'a'.repeat(40);
    const [one, two] = [await cache.prepare('sha1'), await cache.prepare('sha1')];
    writeFileSync(join(one, 'mark'), 'one');
    assert.equal(await cache.publish(one, commit), await cache.publish(two, commit));
    assert.ok(filesBelow(cacheFolder).some((file) => file.endsWith(`${commit}/mark`)));
    assert.deepEqual(readdirSync(cache.scratch), []);
  });

  it('is right for everybody although readers are killed at any moment', async () => {
    const script = new URL('../../../test/harness/git-reading-program.ts', import.meta.url).pathname;
    const args = ['--disable-warning=ExperimentalWarning', script, repository, cacheFolder];
    for (let round = 0; round < 8; round++) {
      const expected = `a: ${round}\n`;
      commitFiles(repository, { 'a.yaml': expected });
      const children = [spawn(process.execPath, args), spawn(process.execPath, args)];
      await Promise.all(children.map((child) => once(child.stdout, 'data')));
      await delay(round * 12);
      for (const child of children) child.kill('SIGKILL');
      assert.deepEqual(await readAll(), [`a.yaml=${expected}`, 'b/c.yaml=c: 1\n']);
    }
    assert.deepEqual(options.warnings, []);
  });
});
