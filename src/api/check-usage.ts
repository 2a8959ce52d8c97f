import { isObject, type JsonValue, ownValue } from '../lib/json.ts';
import { checkPromql, promqlType } from '../lib/promql.ts';
import { placeOf } from './check-generators.ts';
import type { Problem } from './problem.ts';

/** An action that gives one value; those that begin blocks give what nobody knows before they run. */
const ACTION =
  /\{\{(?!-|\s*(?:if|else|end|range|with|block|define|template|break|continue)\b|[{#^/!>])[^{}]*\}\}/y;

/** A text between quotes, as PromQL writes it, up to an action or its end. */
const QUOTED = {
  '"': /(?:\\.|(?!\{\{)[^"\\])*/sy,
  "'": /(?:\\.|(?!\{\{)[^'\\])*/sy,
  '`': /(?:(?!\{\{)[^`])*/sy,
};

/**
 * The mistakes in the PromQL of `usage` that no element can mend: those of a text whose actions all stand between
 * quotes, such as values of labels. Others are found when it is asked. Actions are in the delimiters `{{` and `}}`.
 */
export function checkUsage(tune: readonly JsonValue[]): Problem[] {
  return tune.flatMap((entry, index) => {
    const usage = isObject(entry) ? ownValue(entry, 'usage') : undefined;
    const text = typeof usage === 'string' ? fillActions(usage) : undefined;
    if (text === undefined) return [];
    const mistake = findMistake(text);
    if (!mistake) return [];
    const { offset, message } = mistake;
    return [{ path: ['spec', 'tune', index, 'usage'], message, within: placeOf(text, offset) }];
  });
}

function findMistake(text: string): { offset: number; message: string } | undefined {
  const mistake = checkPromql(text);
  if (mistake) return mistake;
  const type = promqlType(text);
  if (type === 'vector' || type === 'scalar') return undefined;
  const found = type === 'matrix' ? 'a range of samples' : 'a text';
  return { offset: 0, message: `gives ${found}, it must give one number at a time` };
}

/** The text with letters in place of its actions; undefined where one stands elsewhere than between quotes. */
function fillActions(text: string): string | undefined {
  let filled = '';
  while (filled.length < text.length) {
    const next = text.charAt(filled.length);
    if (text.startsWith('{{', filled.length)) return undefined;
    filled += next;
    if (!isQuote(next)) continue;
    const inside = fillQuoted(text, filled.length, next);
    if (inside === undefined) return undefined;
    filled += inside;
  }
  return filled;
}

/** What stands from here to the quote that ends it, and that quote. */
function fillQuoted(text: string, from: number, quote: keyof typeof QUOTED): string | undefined {
  let filled = '';
  for (;;) {
    const at = from + filled.length;
    const plain = matchAt(QUOTED[quote], text, at);
    filled += plain;
    const end = text.charAt(at + plain.length);
    if (end !== '{') return filled + end;
    const action = matchAt(ACTION, text, at + plain.length);
    if (action === '') return undefined;
    filled += 'x'.repeat(action.length);
  }
}

function isQuote(character: string): character is keyof typeof QUOTED {
  return Object.hasOwn(QUOTED, character);
}

function matchAt(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? '';
}
