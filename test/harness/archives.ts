import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { type Header, pack } from 'tar-stream';
import type { ArtifactRef } from '../../src/api/readers.ts';
import { sha256 } from '../../src/lib/digest.ts';

/** One entry of an archive, with its contents. */
export type PackedEntry = Partial<Header> & Pick<Header, 'name'> & { readonly content?: string | Buffer };

/** A gzipped tar archive of these entries, exactly as they are named: hostile ones too. */
export async function packEntries(entries: Iterable<PackedEntry>): Promise<Buffer> {
  const archive = pack();
  for (const { content = '', ...header } of entries) archive.entry(header, content);
  archive.finalize();
  return gzipSync(await buffer(archive as unknown as NodeJS.ReadableStream));
}

/** A gzipped tar archive of files by their paths, as source-controller makes one. */
export function packFiles(files: Readonly<Record<string, string | Buffer>>): Promise<Buffer> {
  return packEntries(Object.entries(files).map(([name, content]) => ({ name, content })));
}

/** What a source's status says of an archive that is served at a URL. */
export function artifactAt(url: string, archive: Buffer, revision = 'main@sha1:0'): ArtifactRef {
  return { url, digest: sha256(archive), revision };
}

/** One block of a tar archive that declares an entry, with whatever type and size. */
export function tarHeader(
  name: string,
  { type = '0', size = 0 }: { type?: string; size?: number } = {},
): Buffer {
  const block = Buffer.alloc(512);
  block.write(name);
  block.write('0000644 0000000 0000000 ', 100);
  block.write(`${size.toString(8).padStart(11, '0')} 00000000000 `, 124);
  block.write(`        ${type}`, 148);
  block.write('ustar\x0000', 257, 'latin1');
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

/** An entry with its contents, padded to whole blocks. */
export function tarEntry(name: string, content: Buffer, type = '0'): Buffer {
  const padding = Buffer.alloc((512 - (content.length % 512)) % 512);
  return Buffer.concat([tarHeader(name, { type, size: content.length }), content, padding]);
}

/** The records of an extended header (POSIX pax). */
export function paxRecords(records: Iterable<readonly [string, string]>): Buffer {
  const texts = [...records].map(([key, value]) => {
    const text = ` ${key}=${value}\n`;
    const short = Buffer.byteLength(text);
    let length = short + String(short).length;
    length = short + String(length).length;
    return `${length}${text}`;
  });
  return Buffer.from(texts.join(''));
}
