/** Messages are not longer than this, whatever of a template or its data they quote. */
const MAX_MESSAGE = 1000;

const GAP = '...';

/** Where a template went wrong. */
interface TemplateErrorDetails {
  readonly phase: 'parse' | 'exec';
  /** Line of the template, from 1. */
  readonly line: number;
  /** Column in characters, from 1; absent where the template as a whole is refused. */
  readonly column?: number;
  /** What is wrong, without the place. */
  readonly reason: string;
  /** Further faults of the same template. */
  readonly others?: readonly TemplateError[];
}

/** A template that cannot be parsed, or cannot be run on its data; the message is Go's text. */
export class TemplateError extends Error {
  readonly phase: 'parse' | 'exec';
  readonly line: number;
  readonly column?: number;
  readonly reason: string;
  readonly others: readonly TemplateError[];

  constructor(message: string, details: TemplateErrorDetails, options?: ErrorOptions) {
    super(clip(message), options);
    this.name = 'TemplateError';
    this.phase = details.phase;
    this.line = details.line;
    if (details.column !== undefined) this.column = details.column;
    this.reason = clip(details.reason);
    this.others = details.others ?? [];
  }
}

/** What is left out is in the middle: the reason comes last, behind the text of the node. */
function clip(message: string): string {
  if (message.length <= MAX_MESSAGE) return message;
  const half = (MAX_MESSAGE - GAP.length) >> 1;
  return `${message.slice(0, half).toWellFormed()}${GAP}${message.slice(-half).toWellFormed()}`;
}
