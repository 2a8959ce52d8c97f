import { endOfString, isClosing, isOpening, isQuote } from './json-scan.ts';

/**
 * A JSON text in which the lists and objects of the last level that is kept are empty, so that nothing nests deeper;
 * all above them stays as it is, to the byte. What is no JSON stays none. Linear in the length of the text.
 */
export function flattenJson(text: string, levels: number): string {
  const kept: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (isQuote(code)) i = endOfString(text, i);
    else if (isOpening(code) && ++depth === levels) kept.push(text.slice(start, i + 1));
    else if (isClosing(code) && depth-- === levels) start = i;
  }
  // Within what is left out, a text without an end has no end either.
  return depth < levels ? kept.join('') + text.slice(start) : kept.join('');
}
