/** Where a template went wrong. */
interface TemplateErrorDetails {
  readonly phase: 'parse' | 'exec';
  /** Line of the template, from 1. */
  readonly line: number;
  /** Column in characters, from 1; parse errors have none. */
  readonly column?: number;
  /** What is wrong, without the place. */
  readonly reason: string;
}

/** A template that cannot be parsed, or cannot be run on its data; the message is Go's text. */
export class TemplateError extends Error {
  readonly phase: 'parse' | 'exec';
  readonly line: number;
  readonly column?: number;
  readonly reason: string;

  constructor(message: string, details: TemplateErrorDetails, options?: ErrorOptions) {
    super(message, options);
    this.name = 'TemplateError';
    this.phase = details.phase;
    this.line = details.line;
    if (details.column !== undefined) this.column = details.column;
    this.reason = details.reason;
  }
}
