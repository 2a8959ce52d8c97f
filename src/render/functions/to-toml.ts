import { Duration } from '../values/duration.ts';
import { formatPlain, formatShortest, formatSpecial } from '../values/format-float.ts';
import { GoComplex, GoInt } from '../values/go-number.ts';
import { GoObject } from '../values/go-object.ts';
import { sortedKeys } from '../values/sorted-keys.ts';
import { Time } from '../values/time.ts';
import { isMap, isNil, type NumberMode, type Value, type ValueMap } from '../values/value.ts';
import { countText, startWalk, type Walk, walkInto } from '../values/walk.ts';
import { checkTextSize, repeatText } from './size.ts';

const INDENT = '  ';
const BARE_KEY = /^[A-Za-z0-9_-]+$/;
const INT64_LIMIT = 2n ** 63n;

/** TOML's short escapes; other control characters are written as \u00XX. */
const SHORT: ReadonlyMap<string, string> = new Map([
  ['"', '\\"'],
  ['\\', '\\\\'],
  ['\b', '\\b'],
  ['\t', '\\t'],
  ['\n', '\\n'],
  ['\f', '\\f'],
  ['\r', '\\r'],
]);

/** What the writing of one document shares. */
interface Writer {
  readonly mode: NumberMode;
  readonly walk: Walk;
  readonly lines: string[];
}

/**
 * Writes a map as TOML in the layout of Go's usual encoder, which Helm has: keys sorted, values before tables,
 * tables below tables indented, nil left out. Whole numbers are integers. Throws for what TOML cannot hold.
 */
export function writeToml(value: Value, mode: NumberMode): string {
  if (!isMap(value)) throw new Error('toml: top-level values must be Go maps or structs');
  const writer: Writer = { mode, walk: startWalk(), lines: [] };
  writeTable(writer, value, []);
  return writer.lines.map((line) => `${line}\n`).join('');
}

/** The entries of a table: what stands on one line first, then the tables below it. */
function writeTable(writer: Writer, table: ValueMap, path: readonly string[]): void {
  walkInto(writer.walk, () => {
    const keys = sortedKeys(table).filter((key) => !isNil(table[key]));
    const isBelow = (key: string) => isMap(table[key]) || isTableList(table[key]);
    const indent = repeatText(INDENT, path.length);
    for (const key of keys.filter((name) => !isBelow(name))) {
      putLine(writer, `${indent}${writeKey(key)} = ${writeInline(writer, table[key])}`);
    }
    for (const key of keys.filter(isBelow)) writeBelow(writer, table[key], [...path, key]);
  });
}

/** A table or a list of tables under its heading. A blank line stands before a list's tables and top-level ones. */
function writeBelow(writer: Writer, value: Value, path: readonly string[]): void {
  const indent = repeatText(INDENT, path.length - 1);
  const name = path.map(writeKey).join('.');
  const isList = Array.isArray(value);
  for (const table of (isList ? value : [value]) as readonly ValueMap[]) {
    if ((isList || path.length === 1) && writer.lines.length > 0) putLine(writer, '');
    putLine(writer, isList ? `${indent}[[${name}]]` : `${indent}[${name}]`);
    writeTable(writer, table, path);
  }
}

function putLine(writer: Writer, line: string): void {
  checkTextSize(line.length + 1);
  writer.lines.push(line);
}

function isTableList(value: Value): boolean {
  return Array.isArray(value) && value.length > 0 && value.every(isMap);
}

function writeInline(writer: Writer, value: Value): string {
  if (typeof value === 'string') return countText(writer.walk, writeText(value));
  if (typeof value === 'boolean') return String(value);
  if (value instanceof GoInt) return value.toString();
  if (typeof value === 'number' || typeof value === 'bigint') return writeNumber(value, writer.mode);
  if (value instanceof GoComplex) throw new Error('toml: unsupported type: complex128');
  if (value === null || value === undefined) throw new Error('toml: cannot encode array with nil element');
  if (value instanceof GoObject) return writeObject(value);
  return walkInto(writer.walk, () => {
    if (Array.isArray(value)) return `[${value.map((item) => writeInline(writer, item)).join(', ')}]`;
    return writeInlineTable(writer, value as ValueMap);
  });
}

/** Times stand as they are, durations and versions as texts, months and weekdays as their numbers. */
function writeObject(value: GoObject): string {
  if (value instanceof Time) return String(value.toJson());
  const isNumber = value.integer !== undefined && !(value instanceof Duration);
  return isNumber ? String(value.integer) : writeText(value.toString());
}

function writeInlineTable(writer: Writer, table: ValueMap): string {
  const keys = sortedKeys(table).filter((key) => !isNil(table[key]));
  const entries = keys.map(
    (key) => `${countText(writer.walk, writeKey(key))} = ${writeInline(writer, table[key])}`,
  );
  return `{${entries.join(', ')}}`;
}

/** A whole number that 64 bits hold is an integer, as Helm has it; any other is a float and shows that it is. */
function writeNumber(value: number | bigint, mode: NumberMode): string {
  const special = formatSpecial(Number(value));
  if (special !== undefined) return special.toLowerCase().replace('+', '');
  if (typeof value === 'bigint' || Number.isInteger(value)) {
    const whole = BigInt(value);
    if (whole >= -INT64_LIMIT && whole < INT64_LIMIT) return whole.toString();
  }
  const text = mode === 'exact' ? formatPlain(value) : formatShortest(Number(value));
  return /[.e]/.test(text) ? text : `${text}.0`;
}

function writeKey(key: string): string {
  return BARE_KEY.test(key) ? key : writeText(key);
}

function writeText(text: string): string {
  return `"${text.replace(/["\\\0-\x1f\x7f]/g, escapeCharacter)}"`;
}

function escapeCharacter(char: string): string {
  return SHORT.get(char) ?? `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
