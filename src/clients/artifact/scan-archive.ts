import { once } from 'node:events';
import { createGunzip } from 'node:zlib';
import { extract as createExtract, type Extract, type ExtractEvents, type Header } from 'tar-stream';
import { ArchiveError } from './entry-path.ts';

/** Bounds of an archive: bytes once unpacked, entries, bytes between two entries' contents, milliseconds. */
const MAX_UNPACKED_BYTES = 200 * 1024 * 1024;
const MAX_ENTRIES = 100_000;
const MAX_HEADER_BYTES = 64 * 1024;
const MAX_TIME = 60_000;

/** Bytes that are unpacked at a time, between two looks at the bounds. */
const CHUNK_BYTES = 16 * 1024;
const BLOCK_BYTES = 512;

/** Takes the bytes of one entry, in order; its `end` is called when all were there. */
export interface EntrySink {
  take(chunk: Buffer): void;
  end(): void;
}

/** Told of every entry, in order; gives a sink when it wants the contents. Throws to refuse the archive. */
export type VisitEntry = (header: Header) => EntrySink | undefined;

/**
 * Unpacks a gzipped tar archive in memory, never to a file. However small the archive and whatever its headers claim,
 * the work is bounded in bytes, entries and time. Throws an ArchiveError for what is no whole archive of that form.
 */
export async function scanArchive(archive: Buffer, visit: VisitEntry, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const bounds = new ScanBounds(signal);
  const extract = createExtract({ highWaterMark: 1 });
  // It tells of one failure more than once.
  const failed = new Promise<never>((_, reject) => extract.on('error', reject));
  failed.catch(() => {});
  extract.on('entry', (header, content, next) => {
    // The archive's own error tells why, and comes to this stream too.
    content.on('error', () => {});
    try {
      bounds.enter(header);
      passOn(content, visit(header), next);
    } catch (error) {
      next(error as Error);
    }
  });
  const gunzip = createGunzip();
  try {
    gunzip.end(archive);
    for await (const unpacked of gunzip) await feed(unpacked as Buffer, { extract, failed, bounds });
    extract.end(null);
    await Promise.race([once(extract, 'finish'), failed]);
  } catch (error) {
    signal.throwIfAborted();
    throw explain(error);
  } finally {
    gunzip.destroy();
    extract.destroy();
  }
}

/** Waits after each piece until all of it was used, so that nothing piles up and the bounds are exact. */
async function feed(
  unpacked: Buffer,
  { extract, failed, bounds }: { extract: Extract; failed: Promise<never>; bounds: ScanBounds },
): Promise<void> {
  for (let at = 0; at < unpacked.length; at += CHUNK_BYTES) {
    const piece = unpacked.subarray(at, at + CHUNK_BYTES);
    bounds.feed(piece.length);
    if (!extract.write(piece)) await Promise.race([once(extract, 'drain'), failed]);
  }
}

function passOn(content: ExtractEvents['entry'][1], sink: EntrySink | undefined, next: () => void): void {
  content.on('data', (chunk) => sink?.take(chunk as Buffer));
  content.on('end', () => {
    sink?.end();
    next();
  });
}

/** Counts what an archive has cost so far, and ends it when that is too much. */
class ScanBounds {
  readonly #signal: AbortSignal;
  readonly #end = performance.now() + MAX_TIME;
  #unpacked = 0;
  #entries = 0;
  /** Where the contents of the last entry end, at the latest. */
  #contentsEnd = 0;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  /**
   * So many bytes more are about to be read. Extended headers are read whole and copied for every entry, so they are
   * bounded before they are looked at.
   */
  feed(bytes: number): void {
    this.#signal.throwIfAborted();
    this.#unpacked += bytes;
    if (this.#unpacked > MAX_UNPACKED_BYTES)
      throw new ArchiveError(`it has more than ${MAX_UNPACKED_BYTES / 1024 / 1024} MiB once unpacked`);
    if (this.#unpacked - this.#contentsEnd > MAX_HEADER_BYTES)
      throw new ArchiveError(`an entry has headers of more than ${MAX_HEADER_BYTES / 1024} KiB`);
    if (performance.now() > this.#end)
      throw new ArchiveError(`it cannot be unpacked within ${MAX_TIME / 1000} s`);
  }

  /** An entry begins. */
  enter({ size = 0 }: Header): void {
    this.#entries++;
    if (this.#entries > MAX_ENTRIES) throw new ArchiveError(`it has more than ${MAX_ENTRIES} entries`);
    this.#contentsEnd = this.#unpacked + Math.ceil(size / BLOCK_BYTES) * BLOCK_BYTES;
  }
}

/** The libraries' errors by what they mean, without anything of the archive in them. */
function explain(error: unknown): Error {
  if (error instanceof ArchiveError) return error;
  const code = (error as { code?: unknown } | null)?.code;
  if (code === 'Z_BUF_ERROR') return new ArchiveError('it ends too early', { cause: error });
  if (typeof code === 'string' && code.startsWith('Z_'))
    return new ArchiveError('it is not gzip, or broken', { cause: error });
  return new ArchiveError('it is not a tar archive, or broken', { cause: error });
}
