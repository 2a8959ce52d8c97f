import { ErrorList, StalledError } from './errors.ts';
import { VALIDATION_FAILED } from './reasons.ts';
import { formatPath, formatPosition, type Path, type Position, type Source } from './source.ts';

/** One thing that is wrong with an object. */
export interface Problem {
  /** Where: the value that is wrong, or the object that has an unknown key. */
  readonly path: Path;
  /** The unknown key itself. */
  readonly key?: string;
  /** The place within the text of the value, from 1. */
  readonly within?: { readonly line: number; readonly column: number };
  /** What is wrong and what to write instead. */
  readonly message: string;
}

/** A file can be wrong in thousands of places; nobody reads more than these, and finding a place takes time. */
const MAX_PROBLEMS = 50;
const MAX_PLACED = 200;
const MAX_PATH_LENGTH = 300;

/**
 * All problems as one error, a line `file:line:column: path: message` for each, in the order of the file; `more` is
 * how many others there are.
 */
export function problemsError(problems: readonly Problem[], source: Source, more = 0): ErrorList {
  const placed = problems
    .slice(0, MAX_PLACED)
    .map((problem) => ({ problem, position: positionOf(problem, source) }));
  placed.sort((a, b) => a.position.line - b.position.line || a.position.column - b.position.column);
  const lines = placed.map(
    ({ problem, position }) => `${formatPosition(position)}: ${describe(problem, position)}`,
  );
  const unique = [...new Set(lines)];
  const shown = unique.slice(0, MAX_PROBLEMS);
  const hidden = unique.length - shown.length + problems.length - placed.length + more;
  if (hidden > 0) shown.push(`${source.file}: and ${hidden} more`);
  return new ErrorList(
    VALIDATION_FAILED,
    shown.map((line) => new StalledError(VALIDATION_FAILED, line)),
  );
}

/** Whether two paths are equal. */
export function isSamePath(a: Path, b: Path): boolean {
  return a.length === b.length && b.every((part, index) => a[index] === part);
}

/** Text that a user wrote, fit for a message: quoted, escaped and cut. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}...` : text);
}

/** `a`, `a or b`, `a, b or c`. */
export function joinWords(words: readonly string[], last: 'and' | 'or'): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`;
}

function positionOf({ path, key, within }: Problem, source: Source): Position {
  return key === undefined ? source.locate(path, within) : source.locateKey([...path, key]);
}

function describe({ path, message }: Problem, { file }: Position): string {
  const text = formatPath(path);
  // Where there is no file, places within a text are named by their field already.
  if (path.length === 0 || file === text) return message;
  return `${text.length > MAX_PATH_LENGTH ? `${text.slice(0, MAX_PATH_LENGTH)}...` : text}: ${message}`;
}
