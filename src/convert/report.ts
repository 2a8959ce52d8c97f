import { formatPath, formatPosition, type Path, type Source } from '../api/source.ts';

/**
 * What became of a field: `lost`, it is not in the result; `differs`, it is, or nothing is needed for it, and what
 * happens is not the same; `left out`, it says nothing that a person wrote.
 */
export type Outcome = 'lost' | 'differs' | 'left out';

/** What a person must know of one field of the input. */
export interface Report {
  readonly outcome: Outcome;
  readonly source: Source;
  readonly path: Path;
  /** What becomes of it, and what to do. */
  readonly message: string;
}

const WORDS: Readonly<Record<Outcome, string>> = {
  lost: 'not carried over',
  differs: 'differs',
  'left out': 'left out',
};

/** Characters of a path that are shown. */
const MAX_PATH = 200;

/** `file:line:column: spec.field: not carried over: why, and what to do`. */
export function formatReport(report: Report): string {
  const { source, path } = report;
  const key = path.at(-1);
  const position = typeof key === 'string' ? source.locateKey(path) : source.locate(path);
  return `${formatPosition(position)}: ${formatFinding(report)}`;
}

/** The same without the place. */
export function formatFinding({ path, outcome, message }: Report): string {
  const text = formatPath(path);
  const shown = text.length > MAX_PATH ? `${text.slice(0, MAX_PATH)}...` : text;
  return `${shown === '' ? 'the object' : shown}: ${WORDS[outcome]}: ${message}`;
}
