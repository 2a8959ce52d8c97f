import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { addAbortSignal, Readable } from 'node:stream';

/** One file may have this many bytes. */
const MAX_BYTES = 4 * 1024 * 1024;

/** Reads a whole file as UTF-8. Throws an Error that names the file when it is too large or no UTF-8. */
export async function readTextFile(file: string, signal: AbortSignal): Promise<string> {
  const { size } = await stat(file);
  if (size > MAX_BYTES) throw tooLarge(file);
  // The bound is kept while reading too: devices and growing files say nothing true about their size.
  return readText(createReadStream(file), file, signal);
}

/** Reads a stream, such as standard input, to its end; an abort ends the stream. */
export async function readText(
  chunks: AsyncIterable<Uint8Array | string>,
  name: string,
  signal: AbortSignal,
): Promise<string> {
  // A terminal or a pipe may never end; what waits for it must be able to stop.
  if (chunks instanceof Readable) addAbortSignal(signal, chunks);
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    const part = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    bytes += part.length;
    if (bytes > MAX_BYTES) throw tooLarge(name);
    parts.push(part);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(parts));
  } catch (error) {
    throw new Error(`${name} is no UTF-8 text`, { cause: error });
  }
}

function tooLarge(name: string): Error {
  return new Error(`${name} is larger than ${MAX_BYTES / 1024 / 1024} MiB`);
}
