import { StringDecoder } from 'node:string_decoder';

/**
 * The lines of a stream, one by one. Of a line that is longer than `limit` characters only the beginning is given,
 * one character more than the limit; the rest is passed over.
 */
export async function* readLines(
  chunks: AsyncIterable<string | Uint8Array>,
  limit: number,
): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8');
  let line = '';
  for await (const chunk of chunks) {
    const lines = (typeof chunk === 'string' ? chunk : decoder.write(Buffer.from(chunk))).split('\n');
    for (const [index, part] of lines.entries()) {
      if (line.length <= limit) line += part.slice(0, limit + 1 - line.length);
      if (index === lines.length - 1) break;
      yield line;
      line = '';
    }
  }
  if (line !== '') yield line;
}
