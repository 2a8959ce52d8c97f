import { inflateRawSync } from 'node:zlib';

// Signatures and offsets: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, 4.3.7, 4.3.12 and 4.3.16.
const END = 0x06054b50;
const END_SIZE = 22;
const ENTRY = 0x02014b50;
const ENTRY_SIZE = 46;
const LOCAL_SIZE = 30;
const STORED = 0;
const DEFLATED = 8;
/** Bytes of an unpacked file. */
const MAX_SIZE = 256 * 1024 * 1024;

/** A file in a zip archive, for machines without unzip. Throws where there is none, or it is packed in another way. */
export function readZip(zip: Buffer, name: string): Buffer {
  for (const entry of listEntries(zip)) {
    if (entry.name !== name) continue;
    const start =
      entry.offset + LOCAL_SIZE + zip.readUInt16LE(entry.offset + 26) + zip.readUInt16LE(entry.offset + 28);
    const content = zip.subarray(start, start + entry.packed);
    if (entry.method === STORED) return content;
    if (entry.method === DEFLATED) return inflateRawSync(content, { maxOutputLength: MAX_SIZE });
    throw new Error(`${name} is packed by method ${entry.method}`);
  }
  throw new Error(`the archive has no ${name}`);
}

interface Entry {
  readonly name: string;
  readonly method: number;
  /** Bytes in the archive. */
  readonly packed: number;
  /** Where its local header begins. */
  readonly offset: number;
}

function* listEntries(zip: Buffer): Generator<Entry> {
  const end = zip.length - END_SIZE;
  if (end < 0 || zip.readUInt32LE(end) !== END) throw new Error('not a zip archive, or one with a comment');
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    if (zip.readUInt32LE(at) !== ENTRY) throw new Error('the directory of the archive is broken');
    const [nameSize, extraSize, commentSize] = [28, 30, 32].map((offset) =>
      zip.readUInt16LE(at + offset),
    ) as [number, number, number];
    yield {
      name: zip.toString('utf8', at + ENTRY_SIZE, at + ENTRY_SIZE + nameSize),
      method: zip.readUInt16LE(at + 10),
      packed: zip.readUInt32LE(at + 20),
      offset: zip.readUInt32LE(at + 42),
    };
    at += ENTRY_SIZE + nameSize + extraSize + commentSize;
  }
}
