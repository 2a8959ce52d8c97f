import assert from 'node:assert/strict';
import { deflateRawSync } from 'node:zlib';
import { checkIntegrity } from './fetch-kube-tools.ts';
import { readZip } from './read-zip.ts';

/** A zip archive of files, each stored or deflated. */
function zip(files: Readonly<Record<string, { content: string; method: 0 | 8 | 12 }>>): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  for (const [name, { content, method }] of Object.entries(files)) {
    const packed = method === 8 ? deflateRawSync(content) : Buffer.from(content);
    const offset = parts.reduce((sum, part) => sum + part.length, 0);
    const local = Buffer.alloc(30);
    local.writeUInt16LE(name.length, 26);
    local.writeUInt16LE(3, 28);
    parts.push(local, Buffer.from(`${name}abc`), packed);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(method, 10);
    entry.writeUInt32LE(packed.length, 20);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt16LE(2, 32);
    entry.writeUInt32LE(offset, 42);
    directory.push(Buffer.concat([entry, Buffer.from(`${name}xy`)]));
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(directory.length, 10);
  end.writeUInt32LE(Buffer.concat(parts).length, 16);
  return Buffer.concat([...parts, ...directory, end]);
}

describe('readZip', () => {
  const archive = zip({
    'a/stored': { content: 'plain', method: 0 },
    'a/packed': { content: 'x'.repeat(1000), method: 8 },
    'a/other': { content: '', method: 12 },
  });

  it('gives a file, stored or deflated', () => {
    assert.equal(readZip(archive, 'a/stored').toString(), 'plain');
    assert.equal(readZip(archive, 'a/packed').toString(), 'x'.repeat(1000));
  });

  for (const [what, name, content, message] of [
    ['that there is no such file', 'b', archive, /has no b/],
    ['that it cannot unpack it', 'a/other', archive, /packed by method 12/],
    ['that it is no archive', 'a', Buffer.from('<html>not found, but 200</html>'), /not a zip/],
    ['that it is empty', 'a', Buffer.alloc(0), /not a zip/],
  ] as const) {
    it(`says ${what}`, () => assert.throws(() => readZip(content, name), message));
  }
});

describe('checkIntegrity', () => {
  const integrity = 'sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=';

  it('takes what has the hash, and nothing else', () => {
    checkIntegrity(Buffer.from('abc'), integrity);
    assert.throws(
      () => checkIntegrity(Buffer.from('abd'), integrity),
      /has sha256-\S+, not the pinned sha256-ung/,
    );
  });
});
