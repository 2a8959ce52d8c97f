import { TemplateError } from './template-error.ts';

/** A place in a template: Go's `LINE:COLUMN`, where the column counts bytes from 0, and ours from 1. */
interface Location {
  readonly location: string;
  readonly line: number;
  readonly column: number;
}

/** Finds the line and column of an offset into the text. */
export function describePlace(text: string, pos: number): Location {
  const before = text.slice(0, pos);
  const lineStart = before.lastIndexOf('\n') + 1;
  const line = before.split('\n').length;
  const bytes = Buffer.byteLength(before.slice(lineStart));
  return { location: `${line}:${bytes}`, line, column: pos - lineStart + 1 };
}

/** Refuses a template as a whole. */
export function failParse(name: string, reason: string): never {
  throw new TemplateError(`template: ${name}:1: ${reason}`, { phase: 'parse', line: 1, reason });
}
