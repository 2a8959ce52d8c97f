import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import {
  type PackedEntry,
  packEntries,
  packFiles,
  paxRecords,
  tarEntry,
  tarHeader,
} from '../../../test/harness/archives.ts';
import { processorTime } from '../../../test/harness/processor-time.ts';
import type { FileEntry } from '../../api/readers.ts';
import { listArchive, readArchiveFiles } from './read-archive.ts';

const MIB = 1024 * 1024;
const signal = new AbortController().signal;
const whole = gzipSync(tarEntry('a.yaml', Buffer.from('x'.repeat(5000))));

function file(path: string, size: number): FileEntry {
  return { path, type: 'file', size };
}

describe('an archive', () => {
  it('gives its files and directories, sorted, with the directories that only files imply', async () => {
    const archive = await packEntries([
      { name: './' },
      { name: 'b/', type: 'directory' },
      { name: './b/two.yaml', content: '2' },
      { name: 'a/x/one.yaml', content: 'one' },
    ]);
    assert.deepEqual((await listArchive(archive, signal)).entries, [
      { path: 'a', type: 'directory' },
      { path: 'a/x', type: 'directory' },
      { path: 'a/x/one.yaml', type: 'file', size: 3 },
      { path: 'b', type: 'directory' },
      { path: 'b/two.yaml', type: 'file', size: 1 },
    ]);
  });

  it('gives the bytes of files, also of empty ones, long names and other alphabets', async () => {
    const long = `${'é'.repeat(60)}/${'x'.repeat(200)}.yaml`;
    const bytes = Buffer.from(Array.from({ length: 70_000 }, (_, index) => index % 256));
    const archive = await packFiles({ [long]: bytes, 'empty.yaml': '', 'constructor/__proto__': 'c' });
    const { entries } = await listArchive(archive, signal);
    const files = entries.filter(({ type }) => type === 'file');
    const contents = await readArchiveFiles(archive, files, signal);
    assert.deepEqual(
      new Set(contents),
      new Set([
        [long, bytes],
        ['empty.yaml', Buffer.alloc(0)],
        ['constructor/__proto__', Buffer.from('c')],
      ]),
    );
  });

  it('reads nothing of it for no files', async () =>
    assert.equal((await readArchiveFiles(Buffer.from('no archive'), [], signal)).size, 0));

  it('has no links, whatever they lead to', async () => {
    const archive = await packEntries([
      { name: 'passwd.yaml', type: 'symlink', linkname: '/etc/passwd' },
      { name: 'hard.yaml', type: 'link', linkname: 'a.yaml' },
      { name: 'a.yaml', content: 'a: 1' },
    ]);
    const { entries, links } = await listArchive(archive, signal);
    assert.deepEqual([entries, links], [[file('a.yaml', 4)], 2]);
    assert.equal((await readArchiveFiles(archive, [file('passwd.yaml', 1)], signal)).size, 0);
  });

  it('gives back whatever files were packed', async () => {
    const name = fc.stringMatching(/^[a-zé _.-]{1,12}$/).filter((text) => !/^\.{1,2}$/.test(text));
    const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => `d/${names.join('/d')}.yaml`);
    const packed = fc.dictionary(path, fc.uint8Array({ maxLength: 2000 }), { maxKeys: 8 });
    await fc.assert(
      fc.asyncProperty(packed, async (files) => {
        const wanted = Object.fromEntries(
          Object.entries(files).map(([at, bytes]) => [at, Buffer.from(bytes)]),
        );
        fc.pre(Object.keys(wanted).every((at) => !Object.keys(wanted).some((it) => it.startsWith(`${at}/`))));
        const archive = await packFiles(wanted);
        const { entries } = await listArchive(archive, signal);
        const found = await readArchiveFiles(
          archive,
          entries.filter(({ type }) => type === 'file'),
          signal,
        );
        assert.deepEqual(Object.fromEntries(found), wanted);
      }),
      { numRuns: 100 },
    );
  });

  const refused: readonly [what: string, entries: PackedEntry[], message: RegExp][] = [
    ['a path that leads out', [{ name: '../x' }], /"\.\.\/x" of an entry leads out of it/],
    ['a path that leads out and in again', [{ name: 'a/../../b/x' }], /leads out of it/],
    ['a path that leads out behind a dot', [{ name: './../x' }], /leads out of it/],
    ['a directory that leads out', [{ name: 'a/..', type: 'directory' }], /leads out of it/],
    ['an absolute path', [{ name: '/etc/passwd' }], /is absolute/],
    ['an absolute path behind a dot', [{ name: './/etc/passwd' }], /is absolute|not normalised/],
    ['a path with an empty name', [{ name: 'a//b' }], /is not normalised/],
    ['a path with a dot', [{ name: 'a/./b' }], /is not normalised/],
    ['a path with a zero byte', [{ name: 'a', pax: { path: 'a\0b' } } as PackedEntry], /has a zero byte/],
    ['a path that is too long', [{ name: `${'x/'.repeat(600)}y` }], /more than 1024 bytes/],
    ['a link that leads out', [{ name: '../x', type: 'symlink', linkname: 'a' }], /leads out of it/],
    ['a file twice', [{ name: 'a' }, { name: 'b' }, { name: './a' }], /"a" stands in it twice/],
    ['a file and a link', [{ name: 'a', type: 'symlink', linkname: 'b' }, { name: 'a' }], /twice/],
    ['a file that is a directory', [{ name: 'a' }, { name: 'a/', type: 'directory' }], /twice/],
    ['a file below a file', [{ name: 'a/b' }, { name: 'a' }], /"a\/b" is below one that is no directory/],
    [
      'a file below a link',
      [{ name: 'a', type: 'symlink', linkname: '/etc' }, { name: 'a/b/passwd' }],
      /"a\/b\/passwd" is below one that is no directory/,
    ],
    ['a device', [{ name: 'null', type: 'character-device' }], /"null" is neither a file nor/],
    ['a pipe', [{ name: 'pipe', type: 'fifo' }], /"pipe" is neither a file nor/],
  ];
  for (const [what, entries, message] of refused) {
    it(`is refused for ${what}`, async () => {
      const archive = await packEntries([{ name: 'good.yaml', content: 'a: 1' }, ...entries]);
      await assert.rejects(listArchive(archive, signal), { message });
    });
  }

  const broken: readonly [what: string, archive: Buffer, message: RegExp][] = [
    ['text', Buffer.from('<html>canary</html>'), /^it is not gzip, or broken$/],
    ['nothing', Buffer.alloc(0), /^it ends too early$/],
    ['a gzipped text', gzipSync('canary'.repeat(200)), /^it is not a tar archive, or broken$/],
    ['half an archive', whole.subarray(0, whole.length / 2), /^it ends too early$/],
    [
      'an archive with a changed byte',
      Buffer.from(whole.map((byte, at) => (at === 40 ? byte ^ 1 : byte))),
      /^it (?:is not|ends)/,
    ],
    ['an entry that ends too early', gzipSync(tarHeader('a', { size: 5000 })), /^it is not a tar archive/],
    ['an entry of a negative size', gzipSync(negativeSize()), /^it is not a tar archive/],
    ['an entry of an unknown type', gzipSync(tarHeader('a', { type: 'Z' })), /is neither a file nor/],
    ['a size of an extended header that is none', gzipSync(extended([['size', 'x']])), /^it is not a tar/],
  ];
  for (const [what, archive, message] of broken) {
    it(`is refused for ${what}`, () => assert.rejects(listArchive(archive, signal), { message }));
  }

  const bombs: readonly [what: string, make: () => Buffer | Promise<Buffer>, message: RegExp][] = [
    ['zeros', () => gzipSync(Buffer.alloc(20 * MIB), { level: 1 }), /headers of more than 64 KiB/],
    [
      'one file of 201 MiB',
      () => gzipSync(tarEntry('a', Buffer.alloc(201 * MIB)), { level: 1 }),
      /more than 200 MiB once unpacked/,
    ],
    [
      'a file that says that it has 8 GiB',
      () =>
        gzipSync(Buffer.concat([tarHeader('a', { size: 8 * 1024 * MIB - 1 }), Buffer.alloc(201 * MIB)]), {
          level: 1,
        }),
      /more than 200 MiB once unpacked/,
    ],
    ['more entries than 100,000', () => manyEntries(100_001), /more than 100000 entries/],
    ['paths of more than 16 MiB', () => manyEntries(20_000, 900), /its paths have more than 16 MiB/],
    [
      'an extended header of 4 MiB for all entries',
      () => {
        const keys = Array.from({ length: 300_000 }, (_, index) => [`k${index}`, ''] as const);
        const global = tarEntry('g', paxRecords(keys), 'g');
        return gzipSync(
          Buffer.concat([global, ...Array.from({ length: 2000 }, () => extended([['a', 'b']]))]),
        );
      },
      /headers of more than 64 KiB/,
    ],
    [
      'many extended headers for one entry',
      () =>
        gzipSync(
          Buffer.concat(Array.from({ length: 5000 }, () => tarEntry('x', paxRecords([['a', 'b']]), 'x'))),
        ),
      /headers of more than 64 KiB/,
    ],
  ];
  for (const [what, make, message] of bombs) {
    it(`is refused for ${what}, without much work`, async () => {
      const archive = await make();
      const begun = processorTime();
      await assert.rejects(listArchive(archive, signal), { message });
      assert.ok(processorTime() - begun < 10_000);
    });
  }

  it('reads no file of more than 8 MiB, and not more than 64 MiB of files', async () => {
    await assert.rejects(
      readArchiveFiles(whole, [file('a.yaml', 8 * MIB + 1)], signal),
      /"a\.yaml" is bigger/,
    );
    const many = Array.from({ length: 9 }, (_, index) => file(`${index}`, 8 * MIB));
    await assert.rejects(readArchiveFiles(whole, many, signal), /more than 67108864 bytes together/);
  });

  it('ends when it is stopped', async () => {
    const archive = await manyEntries(50_000);
    const controller = new AbortController();
    const listing = listArchive(archive, controller.signal);
    setImmediate(() => controller.abort(new Error('stopped')));
    await assert.rejects(listing, { message: 'stopped' });
    await assert.rejects(listArchive(archive, AbortSignal.abort(new Error('before'))), { message: 'before' });
  });
});

function manyEntries(count: number, length = 1): Promise<Buffer> {
  const blocks = Array.from({ length: count }, (_, index) =>
    length > 90
      ? Buffer.concat([
          tarEntry('x', paxRecords([['path', `${'d'.repeat(length)}${index}`]]), 'x'),
          tarHeader('a'),
        ])
      : tarHeader(`${'d'.repeat(length)}${index}`),
  );
  return Promise.resolve(gzipSync(Buffer.concat(blocks), { level: 1 }));
}

/** An entry whose name and size come from an extended header. */
function extended(records: readonly (readonly [string, string])[]): Buffer {
  return Buffer.concat([tarEntry('x', paxRecords(records), 'x'), tarHeader('a')]);
}

/** In base 256, as only GNU tar writes sizes. */
function negativeSize(): Buffer {
  const block = tarHeader('a');
  block.fill(0xff, 124, 136);
  block[135] = 0xfe;
  block.fill(0x20, 148, 156);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}
