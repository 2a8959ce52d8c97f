import picocolors from 'picocolors';

/** A stream that text is written to; a terminal says so. */
export interface OutputStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** Paints text, or leaves it as it is. */
export type Colors = ReturnType<typeof picocolors.createColors>;

/** Where a command reads and writes: data goes to stdout, words to stderr. */
export interface Streams {
  readonly stdin: AsyncIterable<string | Uint8Array>;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  /** For stdout; off when NO_COLOR is set or it is no terminal. */
  readonly colors: Colors;
  /** For stderr, by the same rule. */
  readonly errorColors: Colors;
}

/** The process's own streams. */
export function processStreams(): Streams {
  const { stdin, stdout, stderr } = process;
  return { stdin, stdout, stderr, colors: colorsFor(stdout), errorColors: colorsFor(stderr) };
}

function colorsFor({ isTTY }: OutputStream): Colors {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  return picocolors.createColors(!NO_COLOR && (Boolean(FORCE_COLOR) || (isTTY === true && TERM !== 'dumb')));
}
