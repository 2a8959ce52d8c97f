import { readFileSync } from 'node:fs';
import type { JsonValue } from '../../../src/lib/json.ts';
import { parseJson } from '../../../src/lib/json.ts';

/** A plain scalar, and what Go reads from `a: <text>`; without `value` Go refuses it. */
export interface ScalarCase {
  readonly text: string;
  readonly value?: JsonValue;
}

/** A string, whether Go writes it plain, and our writing of it, which Go has read back as the same string. */
export interface StringCase {
  readonly text: string;
  readonly plain: boolean;
  readonly written: string;
}

/** A value, and our writing of it, which Go has read back as the same value. */
export interface ValueCase {
  readonly value: JsonValue;
  readonly written: string;
}

/** A document, and what Go reads; without `value` Go refuses it. */
export interface DocumentCase {
  readonly text: string;
  readonly value?: JsonValue;
}

/** A content with its data, and the objects that GitOpsSets makes of it. */
export interface ContentCase {
  readonly content: JsonValue;
  readonly element: JsonValue;
  readonly delimiters?: [string, string];
  readonly objects: JsonValue[];
}

/** The cases of one file of the corpus. */
export function readCorpus<T>(name: string): T[] {
  const text = readFileSync(new URL(`./testdata/${name}.ndjson`, import.meta.url), 'utf8');
  return text.trim().split('\n').map(parseJson) as T[];
}
