import { formatPlain } from './format-float.ts';
import { GoComplex, GoInt } from './go-number.ts';
import { GoObject } from './go-object.ts';
import { LimitFault, spend } from './meter.ts';
import { type Directive, isUsableSize, pad, plainDirective, readSize } from './printf-directive.ts';
import { formatFloat, formatInteger, formatString } from './printf-scalars.ts';
import { quoteGo } from './quote.ts';
import { sortedKeys } from './sorted-keys.ts';
import { isNumber, type NumberMode, typeName, type Value, type ValueMap } from './value.ts';
import { countText, MAX_CHARACTERS, startWalk, type Walk, walkInto } from './walk.ts';

/** Where a format's next argument is taken from. */
interface Cursor {
  at: number;
  index: number;
  reordered: boolean;
  isGood: boolean;
}

/** A format, what it prints, and how far it has been read. */
interface Formatting {
  readonly format: string;
  readonly args: readonly Value[];
  readonly cursor: Cursor;
  readonly mode: NumberMode;
}

/** Go's fmt.Sprintf. A verb that does not fit gives Go's `%!d(string=x)`, never an error. */
export function formatPrintf(format: string, args: readonly Value[], mode: NumberMode): string {
  const cursor: Cursor = { at: 0, index: 0, reordered: false, isGood: true };
  let text = '';
  while (cursor.at < format.length) {
    const percent = format.indexOf('%', cursor.at);
    if (percent < 0) break;
    text += format.slice(cursor.at, percent);
    cursor.at = percent + 1;
    text += formatDirective(format, args, cursor, mode);
    checkOutput(text);
  }
  text += format.slice(cursor.at) + describeExtra(args, cursor, mode);
  checkOutput(text);
  return text;
}

function checkOutput(text: string): void {
  spend(1);
  if (text.length > MAX_CHARACTERS)
    throw new LimitFault(`result is larger than ${MAX_CHARACTERS} characters`);
}

/** Go's %q of a string, for error texts. */
export function formatGoSyntax(text: string): string {
  return quoteGo(text);
}

function formatDirective(format: string, args: readonly Value[], cursor: Cursor, mode: NumberMode): string {
  const directive = plainDirective('');
  let text = '';
  readFlags(format, cursor, directive);
  cursor.isGood = true;
  let after = readIndex(format, args.length, cursor);
  const isStar = format[cursor.at] === '*';
  text += readWidth({ format, args, cursor, mode }, directive);
  if (isStar) after = false;
  if (directive.width !== undefined && after) cursor.isGood = false;
  if (format[cursor.at] === '.') {
    cursor.at++;
    if (after) cursor.isGood = false;
    after = readIndex(format, args.length, cursor);
    if (format[cursor.at] === '*') after = false;
    text += readPrecision({ format, args, cursor, mode }, directive);
  }
  if (!after) readIndex(format, args.length, cursor);
  if (cursor.at >= format.length) return `${text}%!(NOVERB)`;
  directive.verb = String.fromCodePoint(format.codePointAt(cursor.at) as number);
  cursor.at += directive.verb.length;
  if (directive.verb === '%') return `${text}%`;
  if (directive.verb === 'v') {
    directive.plus = false;
    directive.sharpV = directive.sharp;
    directive.sharp = false;
  }
  if (!cursor.isGood) return `${text}%!${directive.verb}(BADINDEX)`;
  if (cursor.index >= args.length) return `${text}%!${directive.verb}(MISSING)`;
  return text + formatArgument(args[cursor.index++], directive, mode);
}

function readFlags(format: string, cursor: Cursor, directive: Directive): void {
  for (; cursor.at < format.length; cursor.at++) {
    const flag = format[cursor.at];
    if (flag === '#') directive.sharp = true;
    else if (flag === '0') directive.zero = !directive.minus;
    else if (flag === '+') directive.plus = true;
    else if (flag === ' ') directive.space = true;
    else if (flag === '-') {
      directive.minus = true;
      directive.zero = false;
    } else return;
  }
}

function readWidth({ format, args, cursor, mode }: Formatting, directive: Directive): string {
  if (format[cursor.at] !== '*') {
    const { size, next } = readSize(format, cursor.at);
    directive.width = size;
    cursor.at = next;
    return '';
  }
  cursor.at++;
  const size = takeSize(args, cursor, mode);
  if (size === undefined) return '%!(BADWIDTH)';
  directive.width = Math.abs(size);
  if (size < 0) {
    directive.minus = true;
    directive.zero = false;
  }
  return '';
}

function readPrecision({ format, args, cursor, mode }: Formatting, directive: Directive): string {
  if (format[cursor.at] !== '*') {
    const { size, next } = readSize(format, cursor.at);
    directive.precision = size ?? 0;
    cursor.at = next;
    return '';
  }
  cursor.at++;
  const size = takeSize(args, cursor, mode);
  if (size === undefined || size < 0) return '%!(BADPREC)';
  directive.precision = size;
  return '';
}

function takeSize(args: readonly Value[], cursor: Cursor, mode: NumberMode): number | undefined {
  if (cursor.index >= args.length) return undefined;
  const value = args[cursor.index++];
  const size = value instanceof GoInt ? value.number : value;
  const isInt = value instanceof GoInt || mode === 'exact';
  return isInt && typeof size === 'number' && isUsableSize(size) ? size : undefined;
}

/** Reads an explicit argument index such as `[2]`. */
function readIndex(format: string, count: number, cursor: Cursor): boolean {
  if (format[cursor.at] !== '[') return false;
  cursor.reordered = true;
  const close = format.indexOf(']', cursor.at);
  spend(((close < 0 ? format.length : close) - cursor.at) >> 4);
  const number = close < 0 ? undefined : /^\d{1,6}$/.exec(format.slice(cursor.at + 1, close));
  cursor.at = close < 0 ? cursor.at + 1 : close + 1;
  const index = number ? Number(number[0]) - 1 : -1;
  if (index < 0 || index >= count) {
    cursor.isGood = false;
    return number !== null && number !== undefined;
  }
  cursor.index = index;
  return true;
}

function describeExtra(args: readonly Value[], cursor: Cursor, mode: NumberMode): string {
  if (cursor.reordered || cursor.index >= args.length) return '';
  const extra = args.slice(cursor.index).map((arg) => {
    if (arg === null || arg === undefined) return '<nil>';
    return `${typeName(arg)}=${formatArgument(arg, plainDirective('v'), mode)}`;
  });
  return `%!(EXTRA ${extra.join(', ')})`;
}

function formatArgument(value: Value, directive: Directive, mode: NumberMode): string {
  const { verb } = directive;
  if (value === null || value === undefined) {
    return verb === 'v' || verb === 'T' ? pad('<nil>', directive) : `%!${verb}(<nil>)`;
  }
  if (verb === 'T') return formatString(typeName(value), { ...directive, verb: 's' }) as string;
  return formatAny(value, directive, mode, startWalk());
}

function formatAny(value: Value, directive: Directive, mode: NumberMode, walk: Walk): string {
  if (value === null || value === undefined) return directive.sharpV ? 'interface {}(nil)' : '<nil>';
  if (Array.isArray(value)) return walkInto(walk, () => formatList(value, directive, mode, walk));
  const scalar = formatScalar(value, directive, mode);
  if (scalar !== undefined) return countText(walk, scalar);
  if (isScalar(value)) return badVerb(value, directive, mode);
  return walkInto(walk, () => formatMap(value as ValueMap, directive, mode, walk));
}

function formatScalar(value: Value, directive: Directive, mode: NumberMode): string | undefined {
  const { sharpV } = directive;
  if (typeof value === 'string') return formatString(value, sharpV ? { ...directive, verb: 'q' } : directive);
  if (typeof value === 'boolean') {
    return directive.verb === 'v' || directive.verb === 't' ? pad(String(value), directive) : undefined;
  }
  if (isNumber(value)) return formatJsonNumber(value, directive, mode);
  if (value instanceof GoInt) {
    return sharpV && value.kind.startsWith('uint')
      ? `0x${value.n.toString(16)}`
      : formatInteger(value.n, directive);
  }
  if (value instanceof GoComplex) return formatComplex(value, directive);
  if (value instanceof GoObject) return formatObject(value, directive);
  return undefined;
}

/** Under exact numbers an integral JSON number also takes the verbs of integers, and %v never has an exponent. */
function formatJsonNumber(
  value: number | bigint,
  directive: Directive,
  mode: NumberMode,
): string | undefined {
  if (mode !== 'exact') return formatFloat(Number(value), directive);
  const { verb, precision, plus, space } = directive;
  if (verb === 'v' && precision === undefined && !plus && !space) return pad(formatPlain(value), directive);
  if ('dcoOU'.includes(verb) && (typeof value === 'bigint' || Number.isInteger(value))) {
    return formatInteger(value, directive);
  }
  return formatFloat(Number(value), directive);
}

/** Values of named types are printed as their text by the verbs of strings; integers take theirs too. */
function formatObject(value: GoObject, directive: Directive): string | undefined {
  const { verb, sharpV } = directive;
  if (sharpV) return pad(value.goSyntax(), directive);
  if ('vsxXq'.includes(verb)) return formatString(value.toString(), directive);
  return value.integer === undefined ? undefined : formatInteger(value.integer, directive);
}

function formatComplex({ re, im }: GoComplex, directive: Directive): string | undefined {
  const real = formatFloat(re, directive);
  const imaginary = formatFloat(im, { ...directive, plus: true });
  return real === undefined || imaginary === undefined ? undefined : `(${real}${imaginary}i)`;
}

function formatList(list: readonly Value[], directive: Directive, mode: NumberMode, walk: Walk): string {
  if (isWholeVerb(directive)) return badVerb(list, directive, mode);
  const items = list.map((item) => formatAny(item, directive, mode, walk));
  if (!directive.sharpV) return `[${items.join(' ')}]`;
  return `${typeName(list)}{${items.join(', ')}}`;
}

function formatMap(map: ValueMap, directive: Directive, mode: NumberMode, walk: Walk): string {
  if (isWholeVerb(directive)) return badVerb(map, directive, mode);
  const entries = sortedKeys(map).map((key) => {
    return `${formatAny(key, directive, mode, walk)}:${formatAny(map[key], directive, mode, walk)}`;
  });
  if (!directive.sharpV) return `map[${entries.join(' ')}]`;
  return `${typeName(map)}{${entries.join(', ')}}`;
}

/** Verbs that Go looks at before it looks into a list or map. */
function isWholeVerb({ verb }: Directive): boolean {
  return verb === 'p' || verb === 'w';
}

function badVerb(value: Value, directive: Directive, mode: NumberMode): string {
  if (value instanceof GoObject && value.integer !== undefined) {
    return `%!${directive.verb}(${value.typeName}=${value.integer})`;
  }
  const shown = formatAny(value, { ...directive, verb: 'v' }, mode, startWalk());
  return `%!${directive.verb}(${typeName(value)}=${shown})`;
}

function isScalar(value: Value): boolean {
  return (
    typeof value !== 'object' ||
    value instanceof GoInt ||
    value instanceof GoComplex ||
    value instanceof GoObject
  );
}
