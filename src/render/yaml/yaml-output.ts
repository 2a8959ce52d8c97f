import { MAX_TEXT } from '../functions/size.ts';
import { LimitFault } from '../values/meter.ts';

/** What is written of a YAML text, and where the next character would stand. */
export interface YamlOutput {
  text: string;
  /** Characters of the present line; beyond the first plane all are written as escapes. */
  column: number;
  /** Whether a blank, or nothing, stands before: else a scalar needs a space. */
  isBlank: boolean;
  /** Whether the line holds only indentation and `-`, `?` or `:` so far: then a list or map may begin on it. */
  isFresh: boolean;
  /** Whether long lines are folded. */
  readonly folds: boolean;
  /** Whether strings that Go writes without quotes, and other readers take for something else, are quoted. */
  readonly isPortable: boolean;
}

/** Lines longer than this are folded at their next space. */
const BEST_WIDTH = 80;

/** Begins a text. */
export function startOutput(style: Pick<YamlOutput, 'folds' | 'isPortable'>): YamlOutput {
  return { text: '', column: 0, isBlank: true, isFresh: true, ...style };
}

/** Appends a part of a line. Throws when the text gets too large. */
export function put(out: YamlOutput, text: string): void {
  out.text += text;
  out.column += text.length;
  checkLength(out.text.length);
}

/** Throws when a text has too many characters. */
export function checkLength(characters: number): void {
  if (characters > MAX_TEXT) throw new LimitFault(`result is larger than ${MAX_TEXT} characters`);
}

/** Ends the line. */
export function putBreak(out: YamlOutput, text = '\n'): void {
  put(out, text);
  out.column = 0;
}

/** Goes to the indentation, on a new line unless this one is still fresh. */
export function putIndent(out: YamlOutput, indent: number): void {
  const isBeyond = out.column > indent || (out.column === indent && !out.isBlank);
  if (!out.isFresh || isBeyond) putBreak(out);
  if (out.column < indent) put(out, ' '.repeat(indent - out.column));
  out.isBlank = true;
  out.isFresh = true;
}

/** Writes `-`, `?` or `:`, behind which a collection may begin on the same line where the line was fresh. */
export function putIndicator(out: YamlOutput, indicator: string): void {
  if (!out.isBlank) put(out, ' ');
  put(out, indicator);
  out.isBlank = false;
}

/** Ends a scalar or the `:` behind a key: what follows on this line needs a space, and is no collection. */
export function closeToken(out: YamlOutput): void {
  out.isBlank = false;
  out.isFresh = false;
}

/** Whether the line is long enough with so many more characters, so that a space may become a line break. */
export function isWide(out: YamlOutput, characters: number): boolean {
  return out.folds && out.column + characters > BEST_WIDTH;
}
