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

/** Refuses a template for calls that are not permitted: one error that holds one for every further call. */
export function failRefused(
  name: string,
  text: string,
  calls: readonly { readonly pos: number; readonly reason: string }[],
): never {
  const [first, ...others] = calls.map(({ pos, reason }) => {
    const { line, column } = describePlace(text, pos);
    return { message: `template: ${name}:${line}: ${reason}`, phase: 'parse' as const, line, column, reason };
  });
  const { message, ...details } = first as NonNullable<typeof first>;
  throw new TemplateError(message, {
    ...details,
    others: others.map((other) => new TemplateError(other.message, other)),
  });
}
