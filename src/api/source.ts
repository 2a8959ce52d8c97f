/** A place in a user's file; line and column count from 1, columns in characters. Line 0: there are no lines. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Keys and indexes from the root of a document. */
export type Path = readonly (string | number)[];

/** The text that an object was read from; knows where each of its fields stands. */
export interface Source {
  readonly file: string;
  /**
   * Where the value at `path` stands, or its nearest ancestor that exists. With `within` (line and column,
   * from 1, inside the text of that scalar), the place of that character in the file.
   */
  locate(path: Path, within?: { line: number; column: number }): Position;
  /** Where the key itself stands, for errors about an unknown field; `within` as in `locate`. */
  locateKey(path: Path, within?: { line: number; column: number }): Position;
  /** The line of the file, to show beneath an error; undefined when there is none. */
  line(number: number): string | undefined;
}

/** `file:line:column`, as compilers write it; the file alone where there are no lines. */
export function formatPosition(position: Position): string {
  if (position.line === 0) return position.file;
  return `${position.file}:${position.line}:${position.column}`;
}

/** A path as people write it: `spec.templates[0].content`. */
export function formatPath(path: Path): string {
  let text = '';
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`;
    else if (/^[A-Za-z_$][\w$-]*$/.test(part)) text += text === '' ? part : `.${part}`;
    else text += `[${JSON.stringify(part)}]`;
  }
  return text;
}
