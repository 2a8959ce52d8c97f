/** A piece of a layout: text before an element, and the element; the last piece has none. */
export interface LayoutPiece {
  readonly literal: string;
  /** The element as it is written, such as `2006` or `.000`. */
  readonly element: string | undefined;
}

/** Layouts longer than this are refused. */
const MAX_LAYOUT = 10_000;

/**
 * The elements of Go's layouts, the reference time Mon Jan 2 15:04:05 MST 2006 in parts. Where several begin alike
 * the first that fits is taken; `Mon` and `Jan` must not begin a longer word, and `_2006` is a year after `_`.
 */
const ELEMENTS =
  /January|Jan(?![a-z])|Monday|Mon(?![a-z])|MST|0[1-6]|002|15|2006|[12345]|__2|_2(?!006)|PM|pm|[-Z]070000|[-Z]07:00:00|[-Z]0700|[-Z]07:00|[-Z]07|[.,](?:0+|9+)(?!\d)/g;

/** Splits a layout into its elements and what stands between them. Throws when it is longer than 10,000 characters. */
export function splitLayout(layout: string): LayoutPiece[] {
  if (layout.length > MAX_LAYOUT) throw new Error(`layout is longer than ${MAX_LAYOUT} characters`);
  const pieces: LayoutPiece[] = [];
  let at = 0;
  for (const match of layout.matchAll(ELEMENTS)) {
    pieces.push({ literal: layout.slice(at, match.index), element: match[0] });
    at = match.index + match[0].length;
  }
  pieces.push({ literal: layout.slice(at), element: undefined });
  return pieces;
}

/** Whether an element is a zone as a number, such as `-0700` and `Z07:00`. */
export function isNumericZone(element: string): boolean {
  return /^[-Z]07/.test(element);
}

/** Whether an element is a fraction of a second, such as `.000` and `,999`. */
export function isFraction(element: string): boolean {
  return /^[.,]/.test(element);
}
