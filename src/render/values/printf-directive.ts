/** One verb of a format with its flags, as Go's fmt reads them. */
export interface Directive {
  minus: boolean;
  plus: boolean;
  sharp: boolean;
  /** `%#v`, for which the other flags mean nothing. */
  sharpV: boolean;
  space: boolean;
  zero: boolean;
  width: number | undefined;
  precision: number | undefined;
  verb: string;
}

/** Widths and precisions beyond this are refused, as in Go, which looks before it reads the last digit. */
const MAX_SIZE = 1_000_000;

/** A directive without flags. */
export function plainDirective(verb: string): Directive {
  return {
    minus: false,
    plus: false,
    sharp: false,
    sharpV: false,
    space: false,
    zero: false,
    width: undefined,
    precision: undefined,
    verb,
  };
}

/** The size written at an offset; undefined when there is none or it is too large. */
export function readSize(format: string, at: number): { size: number | undefined; next: number } {
  let next = at;
  while (next < format.length && isDigit(format.charCodeAt(next))) next++;
  if (next === at) return { size: undefined, next };
  const size = Number(format.slice(at, next));
  return { size: Math.floor(size / 10) > MAX_SIZE ? undefined : size, next };
}

/** Whether an argument may be a width or precision. */
export function isUsableSize(size: number): boolean {
  return Number.isInteger(size) && Math.abs(size) <= MAX_SIZE;
}

/** Pads text to the directive's width, counted in characters. */
export function pad(text: string, directive: Directive): string {
  const { width } = directive;
  if (width === undefined || text.length >= width * 2) return text;
  const missing = width - [...text].length;
  if (missing <= 0) return text;
  if (directive.minus) return text + ' '.repeat(missing);
  return (directive.zero ? '0' : ' ').repeat(missing) + text;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}
