import type { Delimiters } from '../template-words.ts';

/** The delimiters of every ApplicationSet. */
export const DELIMITERS: Delimiters = ['{{', '}}'];

/** What templates of an ApplicationSet read, and where an element has it. */
export interface Parameters {
  /** The first names of all parameters that are known. */
  readonly names: ReadonlySet<string>;
  /** The child whose element has, under `file`, what a file of a Git repository holds: all names that are not known. */
  readonly file: string | undefined;
  /** The parameters that are paths of a Git repository, such as `path` and `prefix.path`: objects, in Go's language. */
  readonly paths: ReadonlySet<string>;
}

/** The way to a parameter from `.`, or from `$`. */
export function pathTo(name: string, { names, file }: Parameters): string[] {
  return file === undefined || names.has(name) ? ['Element'] : ['Element', file, 'file'];
}

/** Whether a parameter of this first name may exist. */
export function isKnown(name: string, { names, file }: Parameters): boolean {
  return file !== undefined || names.has(name);
}
