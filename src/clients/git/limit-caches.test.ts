import assert from 'node:assert/strict';
import { linkSync, mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commitFiles, makeRepository } from '../../../test/harness/git.ts';
import { recordingOptions } from '../../../test/harness/git-options.ts';
import { useTemporaryFolder } from '../../../test/harness/temporary-folder.ts';
import { openCache } from './git-cache.ts';
import { limitCaches } from './limit-caches.ts';
import { createTreeReader } from './tree-reader.ts';

const HOUR = 3_600_000;

describe('the limit of all git caches', () => {
  const folder = useTemporaryFolder();
  const cachesOf = (): string[] => readdirSync(join(folder.path, 'git')).filter((name) => name !== 'limited');

  /** A repository with one snapshot, and when it was used last. */
  async function cache(name: string, { bytes, age }: { bytes: number; age: number }): Promise<string> {
    const opened = await openCache(folder.path, name);
    const snapshot = await opened.publish(await opened.prepare('sha1'), '1'.repeat(40));
    writeFileSync(join(snapshot, 'objects', 'pack', 'one.pack'), Buffer.alloc(bytes));
    const path = join(snapshot, '..');
    const then = new Date(Date.now() - age);
    for (const entry of readdirSync(path)) utimesSync(join(path, entry), then, then);
    return path.slice(path.lastIndexOf('/') + 1);
  }

  it('removes those that were used least recently, and no more than it must', async () => {
    const old = await cache('old', { bytes: 4000, age: 9 * HOUR });
    const older = await cache('older', { bytes: 4000, age: 10 * HOUR });
    const recent = await cache('recent', { bytes: 4000, age: 2 * HOUR });
    await limitCaches(folder.path, { maxBytes: 10_000 });
    assert.deepEqual(cachesOf().sort(), [old, recent].sort());
    assert.ok(!cachesOf().includes(older));
  });

  it('leaves what was used within the hour, however large', async () => {
    const used = await cache('used', { bytes: 90_000, age: HOUR / 2 });
    await cache('idle', { bytes: 10, age: 2 * HOUR });
    await limitCaches(folder.path, { maxBytes: 1000 });
    assert.deepEqual(cachesOf(), [used]);
  });

  it('counts a file once that snapshots share', async () => {
    const name = await cache('shared', { bytes: 6000, age: 2 * HOUR });
    const pack = join(folder.path, 'git', name, '1'.repeat(40), 'objects', 'pack');
    linkSync(join(pack, 'one.pack'), join(pack, 'two.pack'));
    await limitCaches(folder.path, { maxBytes: 10_000 });
    assert.deepEqual(cachesOf(), [name]);
  });

  it('removes what a process left that was killed within a removal', async () => {
    mkdirSync(join(folder.path, 'git', `${'a'.repeat(64)}-half`, 'tmp'), { recursive: true });
    await limitCaches(folder.path);
    assert.deepEqual(cachesOf(), []);
  });

  it('looks every ten minutes at most', async () => {
    await cache('one', { bytes: 10, age: 2 * HOUR });
    await limitCaches(folder.path);
    await cache('two', { bytes: 9000, age: 2 * HOUR });
    await limitCaches(folder.path, { maxBytes: 1 });
    assert.equal(cachesOf().length, 2);
    const before = new Date(Date.now() - HOUR);
    utimesSync(join(folder.path, 'git', 'limited'), before, before);
    await limitCaches(folder.path, { maxBytes: 1 });
    assert.deepEqual(cachesOf(), []);
  });

  it('is looked at when a repository is fetched, which goes on where nothing can be removed', async () => {
    const idle = await cache('idle', { bytes: 10, age: 2 * HOUR });
    const url = makeRepository(join(folder.path, 'fleet.git'), { 'a.yaml': 'a: 1\n' });
    const signal = new AbortController().signal;
    const options = recordingOptions(folder.path);
    const read = () => createTreeReader(options).open({ url, ref: { branch: 'main' } }, signal);
    await read();
    assert.ok(cachesOf().includes(idle), 'there is room');
    // What is in the place of the stamp and cannot be written as a file.
    rmSync(join(folder.path, 'git', 'limited'));
    mkdirSync(join(folder.path, 'git', 'limited'));
    utimesSync(join(folder.path, 'git', 'limited'), new Date(0), new Date(0));
    commitFiles(url, { 'a.yaml': 'a: 2\n' });
    await read();
    assert.deepEqual(options.warnings, ['the git caches cannot be kept below their limit']);
  });
});
