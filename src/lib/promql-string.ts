/** The escapes that Go's strings have, which PromQL has too; the other quote may not be escaped. */
const ESCAPE = /\\(?:[abfnrtv\\]|[0-3][0-7]{2}|x[\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8})/y;

/**
 * What is wrong with a PromQL string literal, quotes included: the grammar for editors lets unfinished strings and
 * unknown escapes pass, Prometheus does not.
 * https://prometheus.io/docs/prometheus/latest/querying/basics/#string-literals
 */
export function checkPromqlString(literal: string): { offset: number; message: string } | undefined {
  const quote = literal.charAt(0);
  if (quote === '`') return undefined;
  for (let at = 1; at < literal.length; at++) {
    const character = literal.charAt(at);
    if (character === quote) return undefined;
    if (character !== '\\') continue;
    const length = escapeLength(literal, at, quote);
    if (length === 0) return unknownEscape(literal, at);
    at += length - 1;
  }
  return { offset: 0, message: `is no PromQL: the string that begins here has no closing ${quote}` };
}

/** Of the escape that begins there; 0 where it is none. */
function escapeLength(literal: string, at: number, quote: string): number {
  if (literal.charAt(at + 1) === quote) return 2;
  ESCAPE.lastIndex = at;
  return ESCAPE.exec(literal)?.[0].length ?? 0;
}

function unknownEscape(literal: string, offset: number): { offset: number; message: string } {
  const sequence = String.fromCodePoint(0x5c, literal.codePointAt(offset + 1) ?? 0x5c);
  const advice = `write ${JSON.stringify(sequence).slice(1, -1)}, or put the string between backquotes`;
  return { offset, message: `is no PromQL: a string has no escape ${sequence}; ${advice}` };
}
