import { isObject, type JsonValue } from '../../lib/json.ts';

/** What sigs.k8s.io/yaml refuses to read in the JSON that it first makes of a value. */
const UNREADABLE = /[\x7f-\x84\x86-\x9f\ufffe\uffff]/;
const NEXT_LINE = '\u0085';
/** A line within quotes that begins with a mark of a new document. */
const MARKED_LINE = /\u0085(?:---|\.\.\.)[ \u0085]/;
/** Characters of a key in its JSON form, quotes included, behind which a colon is no longer looked for. */
const LONGEST_KEY = 1024;

/**
 * A value as sigs.k8s.io/yaml has it after reading its JSON as YAML, which it does before it writes: a NEL within
 * a text is a line break there, and is folded. Undefined where it can't be read, as with a DEL or a key of more
 * than a thousand characters; `toYaml` of Helm and GitOpsSets then gives nothing.
 */
export function throughJson(value: JsonValue): JsonValue | undefined {
  if (!isReadable(value)) return undefined;
  return hasNextLine(value) ? foldLines(value) : value;
}

function isReadable(value: JsonValue): boolean {
  if (typeof value === 'string') return !UNREADABLE.test(value) && !MARKED_LINE.test(value);
  if (Array.isArray(value)) return value.every(isReadable);
  if (!isObject(value)) return true;
  return Object.keys(value).every((key) => isReadableKey(key) && isReadable(value[key] as JsonValue));
}

function isReadableKey(key: string): boolean {
  if (UNREADABLE.test(key) || key.includes(NEXT_LINE)) return false;
  if (key.length * 6 < LONGEST_KEY) return true;
  const json = JSON.stringify(key).replace(/[<>&\u2028\u2029]/g, '\\u0000');
  return [...json].length <= LONGEST_KEY;
}

function hasNextLine(value: JsonValue): boolean {
  if (typeof value === 'string') return value.includes(NEXT_LINE);
  return typeof value === 'object' && value !== null && Object.values(value).some(hasNextLine);
}

function foldLines(value: JsonValue): JsonValue {
  if (typeof value === 'string') return value.includes(NEXT_LINE) ? foldText(value) : value;
  if (Array.isArray(value)) return value.map(foldLines);
  if (!isObject(value)) return value;
  const copy: typeof value = Object.create(null);
  for (const key of Object.keys(value)) copy[key] = foldLines(value[key] as JsonValue);
  return copy;
}

/** One line break is a space, more of them are one less; the spaces beside them go. */
function foldText(text: string): string {
  const lines = text.split(NEXT_LINE);
  let folded = '';
  let breaks = 0;
  for (const [index, line] of lines.entries()) {
    const isFirst = index === 0;
    const isLast = index === lines.length - 1;
    const inner = trim(line, !isFirst, !isLast);
    if (!isFirst) breaks++;
    if (inner === '' && !isFirst && !isLast) continue;
    if (breaks > 0) folded += breaks === 1 ? ' ' : '\n'.repeat(breaks - 1);
    folded += inner;
    breaks = 0;
  }
  return folded;
}

function trim(text: string, atStart: boolean, atEnd: boolean): string {
  let [start, end] = [0, text.length];
  while (atStart && start < end && text[start] === ' ') start++;
  while (atEnd && end > start && text[end - 1] === ' ') end--;
  return text.slice(start, end);
}
