import picocolors from 'picocolors';

/** A stream that text is written to; a terminal says so. */
export interface OutputStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** Where a command reads and writes: data goes to stdout, words to stderr. */
export interface Streams {
  readonly stdin: AsyncIterable<string | Uint8Array>;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  /** Off when NO_COLOR is set or stdout is not a terminal. */
  readonly colors: ReturnType<typeof picocolors.createColors>;
}

/** The process's own streams. */
export function processStreams(): Streams {
  const { stdin, stdout, stderr } = process;
  return { stdin, stdout, stderr, colors: picocolors.createColors(picocolors.isColorSupported) };
}
