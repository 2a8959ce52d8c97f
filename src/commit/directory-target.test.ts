import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { deliverFiles, manyDecisions, planFiles } from '../../test/harness/git-delivery.ts';
import { SET, STATE } from '../../test/harness/git-target.ts';
import { useTemporaryFolder } from '../../test/harness/temporary-folder.ts';
import { sha256 } from '../lib/digest.ts';
import { TargetMovedError } from '../plan/target.ts';
import { createDirectoryTarget } from './directory-target.ts';

describe('createDirectoryTarget', () => {
  const folder = useTemporaryFolder();
  const signal = new AbortController().signal;
  let directory: string;

  beforeEach(() => {
    directory = join(folder.path, 'out');
  });

  function openTarget() {
    return createDirectoryTarget({ directory, set: SET });
  }

  async function deliver(files: Record<string, string | null>): Promise<void> {
    await deliverFiles(openTarget(), files);
  }

  function filesOf(place: string): string[] {
    return readdirSync(place, { recursive: true, withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .map((entry) => join(entry.parentPath, entry.name).slice(place.length + 1))
      .sort();
  }

  it('makes the directory, the files and the state', async () => {
    await deliver({ 'a.yaml': 'a: 1\n', 'sub/deep/b.yaml': 'b: é\n' });
    assert.deepEqual(filesOf(directory), [STATE, 'a.yaml', 'sub/deep/b.yaml']);
    assert.equal(readFileSync(join(directory, 'sub/deep/b.yaml'), 'utf8'), 'b: é\n');
    const previous = await openTarget().read(signal);
    assert.equal(previous.revision, undefined);
    assert.deepEqual(
      previous.state?.inventory.map((entry) => entry.path),
      ['a.yaml', 'sub/deep/b.yaml'],
    );
    assert.equal(previous.compare('a.yaml', 'a: 1\n'), 'same');
    assert.equal(previous.compare('a.yaml', 'a: 2\n'), 'different');
    assert.equal(previous.compare('c.yaml', ''), 'absent');
  });

  for (const [what, place] of [
    ['is a file', ''],
    ['is below a file', '/sub/deeper'],
  ] as const) {
    it(`says what is in the way of a directory that ${what}`, async () => {
      writeFileSync(directory, '');
      const target = createDirectoryTarget({ directory: `${directory}${place}`, set: SET });
      await assert.rejects(target.read(signal), /^Error: files cannot be kept .*out is a file; remove it/);
    });
  }

  it('gives up where no folder can be made', async function givesUp() {
    if (!existsSync('/proc/self')) this.skip();
    const target = createDirectoryTarget({ directory: '/proc/self/none', set: SET });
    await assert.rejects(
      deliverFiles(target, { 'a.yaml': 'a: 1\n' }),
      /^Error: folder \/proc\/self\/none cannot be made: ENOENT$/,
    );
  });

  it('reads a state again that is larger than any other file may be', async () => {
    const target = openTarget();
    const delivery = await planFiles(await target.read(signal), { 'a.yaml': 'a: 1\n' });
    const next = { ...delivery.next, decisions: manyDecisions() };
    await target.deliver({ ...delivery, next }, signal);
    assert.deepEqual((await openTarget().read(signal)).state?.decisions, next.decisions);
  });

  it('finds nothing where there is no directory', async () => {
    const previous = await openTarget().read(signal);
    assert.equal(previous.state, undefined);
    assert.deepEqual(await previous.read(['a.yaml'], signal), new Map());
    assert.ok(!existsSync(directory));
  });

  it('removes files that are as they were delivered, and folders that are empty then', async () => {
    await deliver({ 'a.yaml': 'a: 1\n', 'sub/deep/b.yaml': 'b: 1\n', 'sub/c.yaml': 'c' });
    await deliver({ 'sub/deep/b.yaml': null });
    assert.deepEqual(filesOf(directory), [STATE, 'a.yaml', 'sub/c.yaml']);
    assert.ok(!existsSync(join(directory, 'sub/deep')));
  });

  it('refuses to remove a file that was edited, or never delivered', async () => {
    await deliver({ 'a.yaml': 'a: 1\n' });
    writeFileSync(join(directory, 'a.yaml'), 'edited\n');
    writeFileSync(join(directory, 'mine.yaml'), 'mine\n');
    for (const path of ['a.yaml', 'mine.yaml'])
      await assert.rejects(deliver({ [path]: null }), /not as this set delivered it/);
    assert.deepEqual(filesOf(directory), [STATE, 'a.yaml', 'mine.yaml']);
  });

  const races: { name: string; meanwhile: () => Promise<void> | void }[] = [
    { name: 'another program delivered', meanwhile: () => deliver({ 'other.yaml': 'o\n' }) },
    { name: 'a file was edited', meanwhile: () => writeFileSync(join(directory, 'a.yaml'), 'edited\n') },
    { name: 'a file appeared', meanwhile: () => writeFileSync(join(directory, 'new.yaml'), 'mine\n') },
  ];
  for (const { name, meanwhile } of races) {
    it(`gives way when ${name} since it was read`, async () => {
      await deliver({ 'a.yaml': 'a: 1\n' });
      const target = openTarget();
      const planned = await planFiles(await target.read(signal), { 'a.yaml': 'a: 2\n', 'new.yaml': 'n\n' });
      await meanwhile();
      const before = readFileSync(join(directory, 'a.yaml'), 'utf8');
      await assert.rejects(target.deliver(planned, signal), TargetMovedError);
      assert.equal(readFileSync(join(directory, 'a.yaml'), 'utf8'), before);
    });
  }

  const links: { name: string; link: string; path: string; to: string }[] = [
    { name: 'the file', link: 'a.yaml', path: 'a.yaml', to: 'victim' },
    { name: 'its folder', link: 'sub', path: 'sub/a.yaml', to: '.' },
    { name: 'a folder above', link: 'sub', path: 'sub/deep/a.yaml', to: '.' },
    { name: 'the folder of states', link: '.generatorset', path: 'b.yaml', to: '.' },
    { name: 'the folder of temporary files', link: '.generatorset/tmp', path: 'b.yaml', to: '.' },
  ];
  for (const { name, link, path, to } of links) {
    it(`never writes through a link where ${name} should be`, async () => {
      const outside = join(folder.path, 'outside');
      mkdirSync(outside);
      writeFileSync(join(outside, 'victim'), 'precious');
      mkdirSync(join(directory, link, '..'), { recursive: true });
      symlinkSync(join(outside, to), join(directory, link));
      const target = openTarget();
      const plan = {
        changes: [{ id: 'x', action: 'created' as const, path, after: 'x', evidence: [] }],
        digest: 'd',
      };
      const next = { version: 1 as const, inventory: [], deletions: [] };
      await assert.rejects(async () => {
        const previous = await target.read(signal);
        await target.deliver({ plan, next, previous, message: '' }, signal);
      }, /cannot be kept/);
      assert.deepEqual(filesOf(outside), ['victim']);
      assert.equal(readFileSync(join(outside, 'victim'), 'utf8'), 'precious');
    });
  }

  for (const path of ['../x', '/tmp/x', '.git/config', STATE, 'a\0b']) {
    it(`refuses to write ${JSON.stringify(path)}`, async () => {
      const target = openTarget();
      const previous = await target.read(signal);
      const plan = {
        changes: [{ id: 'x', action: 'created' as const, path, after: 'x', evidence: [] }],
        digest: 'd',
      };
      const next = { version: 1 as const, inventory: [], deletions: [] };
      await assert.rejects(target.deliver({ plan, next, previous, message: '' }, signal), /file path/);
      assert.ok(!existsSync(directory));
    });
  }

  it('takes a broken state for an error', async () => {
    await deliver({ 'a.yaml': 'a' });
    writeFileSync(join(directory, STATE), '');
    await assert.rejects(
      openTarget().read(signal),
      /state file .*podinfo.state is broken: .*; restore it from a backup/,
    );
  });

  it('completes what a killed program left: files without their state', async () => {
    await deliver({ 'a.yaml': 'a: 1\n' });
    const state = readFileSync(join(directory, STATE), 'utf8');
    await deliver({ 'a.yaml': 'a: 2\n', 'b.yaml': 'b\n' });
    writeFileSync(join(directory, STATE), state);
    const left = join(directory, '.generatorset/tmp/half-written');
    writeFileSync(left, 'ha');
    utimesSync(left, new Date(0), new Date(0));

    const target = openTarget();
    const previous = await target.read(signal);
    assert.equal(previous.compare('b.yaml', 'b\n'), 'same');
    await deliverFiles(target, { 'a.yaml': 'a: 2\n', 'b.yaml': 'b\n' }, { previous });
    assert.deepEqual(filesOf(directory), [STATE, 'a.yaml', 'b.yaml']);
    const inventory = (await openTarget().read(signal)).state?.inventory;
    assert.deepEqual(
      inventory?.map((entry) => entry.digest),
      [sha256('a: 2\n'), sha256('b\n')],
    );
  });
});
