import { parseJson } from '../../lib/json.ts';
import { formatPlain, formatSpecial } from '../values/format-float.ts';
import { fromJsonValue } from '../values/from-json-value.ts';
import { GoComplex, GoInt } from '../values/go-number.ts';
import { GoObject } from '../values/go-object.ts';
import { LimitFault } from '../values/meter.ts';
import { sortedKeys } from '../values/sorted-keys.ts';
import { isNil, type NumberMode, type Value, type ValueMap } from '../values/value.ts';
import { countText, startWalk, type Walk, walkInto } from '../values/walk.ts';
import { type FunctionDef, fn } from './function-def.ts';
import { checkTextSize } from './size.ts';

/** How JSON is written. */
interface Style {
  readonly mode: NumberMode;
  readonly escapesHtml: boolean;
  readonly indent: string;
}

/** Sprig's JSON functions. The plain ones give nothing where the `must` ones fail. */
export function jsonFunctions(mode: NumberMode): FunctionDef[] {
  const compact: Style = { mode, escapesHtml: true, indent: '' };
  const pretty: Style = { mode, escapesHtml: true, indent: '  ' };
  const raw: Style = { mode, escapesHtml: false, indent: '' };
  return [
    fn('toJson', '(any) -> string', (value: Value) => writeOrEmpty(value, compact), 'writes'),
    fn('mustToJson', '(any) -> string', (value: Value) => writeJson(value, compact), 'writes'),
    fn('toPrettyJson', '(any) -> string', (value: Value) => writeOrEmpty(value, pretty), 'writes'),
    fn('mustToPrettyJson', '(any) -> string', (value: Value) => writeJson(value, pretty), 'writes'),
    fn('toRawJson', '(any) -> string', (value: Value) => writeJson(value, raw), 'writes'),
    fn('mustToRawJson', '(any) -> string', (value: Value) => writeJson(value, raw), 'writes'),
    fn('fromJson', '(string) -> any', (text: string) => {
      try {
        return readJson(text, mode);
      } catch (error) {
        if (error instanceof LimitFault) throw error;
        return null;
      }
    }),
    fn('mustFromJson', '(string) -> any', (text: string) => readJson(text, mode)),
  ];
}

function readJson(text: string, mode: NumberMode): Value {
  return fromJsonValue(parseJson(text), mode);
}

/** Go's encoding/json: sorted keys, and `<`, `>`, `&` escaped unless asked otherwise. */
function writeJson(value: Value, style: Style, walk: Walk = startWalk()): string {
  switch (typeof value) {
    case 'string':
      return countText(walk, quoteJson(value, style.escapesHtml));
    case 'number':
    case 'bigint':
      return countText(walk, writeNumber(value, style.mode));
    case 'boolean':
      return String(value);
  }
  if (isNil(value)) return countText(walk, 'null');
  if (value instanceof GoInt) return countText(walk, value.toString());
  if (value instanceof GoComplex) throw new Error('json: unsupported type: complex128');
  if (value instanceof GoObject) {
    return value.integer === undefined ? writeJson(value.toJson(), style, walk) : String(value.integer);
  }
  return walkInto(walk, () => {
    if (Array.isArray(value)) return layout(listParts(value, style, walk), '[]', style, walk.depth - 1);
    return layout(mapParts(value as ValueMap, style, walk), '{}', style, walk.depth - 1);
  });
}

function writeOrEmpty(value: Value, style: Style): string {
  try {
    return writeJson(value, style);
  } catch (error) {
    if (error instanceof LimitFault) throw error;
    return '';
  }
}

function listParts(list: readonly Value[], style: Style, walk: Walk): string[] {
  return list.map((item) => writeJson(item, style, walk));
}

function mapParts(map: ValueMap, style: Style, walk: Walk): string[] {
  const colon = style.indent === '' ? ':' : ': ';
  return sortedKeys(map).map((key) => {
    return `${countText(walk, quoteJson(key, style.escapesHtml))}${colon}${writeJson(map[key], style, walk)}`;
  });
}

function layout(parts: readonly string[], brackets: string, style: Style, depth: number): string {
  const [open, close] = brackets;
  if (parts.length === 0) return brackets;
  if (style.indent === '') return `${open}${parts.join(',')}${close}`;
  checkTextSize(parts.length * style.indent.length * (depth + 1));
  const inner = `\n${style.indent.repeat(depth + 1)}`;
  return `${open}${inner}${parts.join(`,${inner}`)}\n${style.indent.repeat(depth)}${close}`;
}

function writeNumber(value: number | bigint, mode: NumberMode): string {
  if (typeof value === 'number' && formatSpecial(value) !== undefined) {
    throw new Error(`json: unsupported value: ${formatSpecial(value)}`);
  }
  if (mode === 'exact') return formatPlain(value);
  const number = Number(value);
  return Object.is(number, -0) ? '-0' : String(number);
}

function quoteJson(text: string, escapesHtml: boolean): string {
  const quoted = JSON.stringify(text.toWellFormed())
    .replace(/\\b/g, (match, at, whole: string) => (isEscaped(whole, at) ? match : '\\u0008'))
    .replace(/\\f/g, (match, at, whole: string) => (isEscaped(whole, at) ? match : '\\u000c'))
    .replace(/[\u2028\u2029]/g, escapeUnit);
  return escapesHtml ? quoted.replace(/[<>&]/g, escapeUnit) : quoted;
}

/** Whether the backslash at an offset is itself escaped. */
function isEscaped(text: string, at: number): boolean {
  let backslashes = 0;
  while (text[at - 1 - backslashes] === '\\') backslashes++;
  return backslashes % 2 === 1;
}

function escapeUnit(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
