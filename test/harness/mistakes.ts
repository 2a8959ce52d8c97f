import assert from 'node:assert/strict';
import { readSample } from './sample-sets.ts';

/** What somebody writes, and every line of the error, each from its place in the file on. */
export type Mistake = readonly [title: string, text: string, errors: readonly string[]];

/** Reads a text as a file, and asserts that these are all its errors. */
export function assertErrors(text: string, errors: readonly string[]): void {
  assert.deepEqual(
    readSample(text).lines,
    errors.map((line) => `set.yaml:${line}`),
  );
}
