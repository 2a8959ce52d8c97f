import type { Dispatcher } from 'undici';
import type { ApiStream } from './cluster-client.ts';
import type { Exchange } from './cluster-client-exchange.ts';

/** Bytes of a refusal that are read. */
const MAX_REFUSAL_BYTES = 1024 * 1024;

/** A stream that the server has opened, or the refusal to. */
export interface OpenedStream extends ApiStream {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** What the refusal says; empty where the stream is open. */
  readonly body: string;
}

/** Opens a stream; only the headers have a time limit. */
export async function openStream(
  { origin, path, method, headers, timeout }: Exchange,
  dispatcher: Dispatcher,
  signal: AbortSignal,
): Promise<OpenedStream> {
  const answer = await dispatcher.request({
    ...{ origin, path, method, headers, signal },
    headersTimeout: timeout,
    bodyTimeout: 0,
  });
  const chunks = answer.body;
  // Whoever reads the chunks is told of a failure there; nobody else needs to be.
  chunks.on('error', () => {});
  const destroy = () => void chunks.destroy();
  const isOpen = answer.statusCode < 300;
  const body = isOpen ? '' : await readRefusal(chunks);
  return { status: answer.statusCode, headers: answer.headers, body, chunks, destroy };
}

async function readRefusal(chunks: AsyncIterable<Buffer>): Promise<string> {
  const read: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > MAX_REFUSAL_BYTES) break;
    read.push(chunk);
  }
  return Buffer.concat(read).toString();
}
