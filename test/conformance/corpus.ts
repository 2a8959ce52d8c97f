import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonValue } from '../../src/lib/json.ts';

/** Where the corpus is. */
const CORPUS = join(import.meta.dirname, 'corpus');

/** The data of every case that has none of its own. */
export const SHARED_DATA: JsonValue = JSON.parse(readFileSync(join(CORPUS, 'data.json'), 'utf8'));

const sharedLine = JSON.stringify(SHARED_DATA);

/** A template with its data and options, as the oracle and `template --ndjson` read it. */
export interface Case {
  readonly id: string;
  readonly template: string;
  /** Absent: the data that all cases share. */
  readonly data?: JsonValue;
  readonly delims?: readonly string[];
  readonly missingkey?: string;
  readonly numbers?: string;
  readonly funcs?: string;
  readonly name?: string;
}

/** A case and what real Go made of it. */
export interface Entry {
  readonly case: Case;
  readonly output?: string;
  readonly error?: string;
  readonly phase?: string;
  /** Newer Go than the oracle's, written by hand: the oracle is not asked. */
  readonly byHand?: boolean;
}

/** The names of the corpus' files, without their ending. */
export function corpusFiles(): string[] {
  const files = readdirSync(CORPUS).filter((name) => name.endsWith('.ndjson'));
  return files.map((name) => name.slice(0, -'.ndjson'.length)).sort();
}

/** The entries of one file. */
export function readEntries(file: string): Entry[] {
  const text = readFileSync(join(CORPUS, `${file}.ndjson`), 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Entry);
}

/** Writes the entries of one file, one a line. */
export function writeEntries(file: string, entries: readonly Entry[]): void {
  const lines = entries.map((entry) => JSON.stringify(entry));
  writeFileSync(join(CORPUS, `${file}.ndjson`), `${lines.join('\n')}\n`);
}

/** A case as one line, with the shared data where it has none of its own. */
export function caseLine(kase: Case): string {
  if (Object.hasOwn(kase, 'data')) return JSON.stringify(kase);
  return `${JSON.stringify(kase).slice(0, -1)},"data":${sharedLine}}`;
}
