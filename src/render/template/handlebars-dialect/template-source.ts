import { describePlace } from '../error-text.ts';
import { TemplateError } from '../template-error.ts';
import type { Span } from './native-tree.ts';

/** The template that is being read. */
export interface TemplateSource {
  readonly name: string;
  readonly text: string;
}

/** Characters of the template that an error message quotes. */
const MAX_QUOTED = 80;

/** Refuses the template at an offset into its text. */
export function failAt({ name, text }: TemplateSource, pos: number, reason: string): never {
  const { location, line, column } = describePlace(text, pos);
  const message = `template: ${name}:${location}: ${reason}`;
  throw new TemplateError(message, { phase: 'parse', line, column, reason });
}

/** What is written in a span, cut where it is long. */
export function quoteSpan({ text }: TemplateSource, { pos, end }: Span): string {
  return quote(text.slice(pos, Math.min(end, pos + MAX_QUOTED + 1)));
}

/** A text, cut where it is long. */
export function quote(text: string): string {
  return text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED)}...` : text;
}
