import { formatSpecial, layoutExponent, layoutPlain, shortestDigits } from './format-float.ts';
import { type Directive, pad } from './printf-directive.ts';
import { codeToText, isPrintable, quoteGo, quoteRune } from './quote.ts';
import { decompose, roundToDecimals, roundToSignificant } from './round-float.ts';

const RADIX: Readonly<Record<string, number>> = { d: 10, b: 2, o: 8, O: 8, x: 16, X: 16 };
/** Hexadecimal digits after the point, and 1 scaled by them. */
const HEX_DIGITS = 15;
const HEX_ONE = 1n << 60n;
const FLOAT_VERBS = 'bgGxXfFeE';

/** Formats an integer under a verb; undefined when Go has no such verb for integers. */
export function formatInteger(value: number | bigint, directive: Directive): string | undefined {
  const { verb } = directive;
  const number = BigInt(value);
  if (verb === 'c') return pad(codeToText(Number(number)), directive);
  if (verb === 'q') return pad(quoteRune(Number(number), directive.plus), directive);
  if (verb === 'U') return formatUnicode(BigInt.asUintN(64, number), directive);
  const radix = RADIX[verb === 'v' ? 'd' : verb];
  return radix === undefined ? undefined : layoutInteger(number, radix, directive);
}

/** Formats a float64 under a verb; undefined when Go has no such verb for floats. */
export function formatFloat(value: number, directive: Directive): string | undefined {
  const verb = directive.verb === 'v' ? 'g' : directive.verb;
  if (verb.length !== 1 || !FLOAT_VERBS.includes(verb)) return undefined;
  const special = formatSpecial(value);
  return padNumber(special ?? layoutFloat(value, verb, directive), directive, special !== undefined);
}

/** Formats a string under a verb; undefined when Go has no such verb for strings. */
export function formatString(value: string, directive: Directive): string | undefined {
  switch (directive.verb) {
    case 'v':
    case 's':
      return pad(truncate(value, directive), directive);
    case 'q':
      return pad(quoteString(truncate(value, directive), directive), directive);
    case 'x':
    case 'X':
      return formatHexString(value, directive);
    default:
      return undefined;
  }
}

function layoutInteger(number: bigint, radix: number, directive: Directive): string {
  const { width, precision } = directive;
  if (precision === 0 && number === 0n) return ' '.repeat(width ?? 0);
  const sign = number < 0n ? '-' : positiveSign(directive);
  const digits = (number < 0n ? -number : number)
    .toString(radix)
    .padStart(minimumDigits(directive, sign), '0');
  const text = sign + radixPrefix(digits, directive) + digits;
  return pad(directive.verb === 'X' ? text.toUpperCase() : text, { ...directive, zero: false });
}

/** How many digits an integer has at least: the precision, or the width when it is filled with zeros. */
function minimumDigits({ width, precision, zero }: Directive, sign: string): number {
  if (precision !== undefined) return precision;
  return zero && width !== undefined ? width - sign.length : 0;
}

function positiveSign({ plus, space }: Directive): string {
  if (plus) return '+';
  return space ? ' ' : '';
}

function radixPrefix(digits: string, { verb, sharp }: Directive): string {
  const zero = sharp && !digits.startsWith('0') ? '0' : '';
  if (verb === 'O') return `0o${zero}`;
  if (!sharp) return '';
  if (verb === 'b') return '0b';
  if (verb === 'o') return zero;
  return verb === 'x' || verb === 'X' ? '0x' : '';
}

/** Go takes the 64 bits of a negative number for a code point, which none is. */
function formatUnicode(code: bigint, directive: Directive): string {
  const digits = code
    .toString(16)
    .toUpperCase()
    .padStart(Math.max(4, directive.precision ?? 4), '0');
  const char = code <= 0x10ffffn ? String.fromCodePoint(Number(code)) : '';
  const name = directive.sharp && isPrintable(char) ? ` '${char}'` : '';
  return pad(`U+${digits}${name}`, { ...directive, zero: false });
}

function layoutFloat(value: number, verb: string, directive: Directive): string {
  const { precision, sharp } = directive;
  switch (verb) {
    case 'f':
    case 'F':
      return withPoint(layoutPlain(roundToDecimals(value, precision ?? 6)), sharp);
    case 'e':
    case 'E':
      return withPoint(layoutExponent(roundToSignificant(value, (precision ?? 6) + 1), verb), sharp);
    case 'g':
    case 'G':
      return layoutGeneral(value, verb === 'g' ? 'e' : 'E', directive);
    case 'b':
      return layoutBinary(value);
    default:
      return withHexPoint(layoutHex(value, verb, precision), directive);
  }
}

function layoutGeneral(value: number, letter: string, { precision, sharp }: Directive): string {
  const isShortest = precision === undefined;
  const count = precision === 0 ? 1 : precision;
  const parts = count === undefined ? shortestDigits(value) : roundToSignificant(value, count);
  const digits = sharp ? parts.digits.padEnd(count ?? 6, '0') : trimZeros(parts.digits);
  const threshold = isShortest ? 6 : Math.max(count ?? 6, digits.length > 0 ? 1 : 0);
  const limit =
    !isShortest && threshold > digits.length && digits.length >= parts.point ? digits.length : threshold;
  const exponent = parts.point - 1;
  const rounded = { ...parts, digits };
  const text = exponent < -4 || exponent >= limit ? layoutExponent(rounded, letter) : layoutPlain(rounded);
  return withPoint(text, sharp);
}

function layoutBinary(value: number): string {
  const { mantissa, exponent } = decompose(Math.abs(value));
  return `${signOf(value)}${mantissa}p${exponent < 0 ? '' : '+'}${exponent}`;
}

/** A float in hexadecimal: one digit before the point, the exponent a power of two. */
function layoutHex(value: number, verb: string, precision: number | undefined): string {
  const { mantissa, exponent } = normalize(value, precision);
  const digits = (mantissa & (HEX_ONE - 1n)).toString(16).padStart(HEX_DIGITS, '0');
  const shown =
    precision === undefined ? digits.replace(/0+$/, '') : digits.slice(0, precision).padEnd(precision, '0');
  const power = value === 0 ? 0 : exponent + HEX_DIGITS * 4;
  const size = String(Math.abs(power)).padStart(2, '0');
  return finishHex(
    `${signOf(value)}0x${mantissa / HEX_ONE}${fraction(shown)}p${power < 0 ? '-' : '+'}${size}`,
    verb,
  );
}

/** The mantissa scaled to one digit and fifteen more, rounded to so many, half to even. */
function normalize(value: number, precision: number | undefined): { mantissa: bigint; exponent: number } {
  let { mantissa, exponent } = decompose(Math.abs(value));
  while (mantissa !== 0n && mantissa < HEX_ONE) {
    mantissa <<= 1n;
    exponent--;
  }
  if (precision === undefined || precision >= HEX_DIGITS) return { mantissa, exponent };
  const unit = 1n << BigInt((HEX_DIGITS - precision) * 4);
  const rest = mantissa % unit;
  const isOdd = (mantissa / unit) % 2n === 1n;
  mantissa += rest * 2n > unit || (rest * 2n === unit && isOdd) ? unit - rest : -rest;
  if (mantissa < HEX_ONE * 2n) return { mantissa, exponent };
  return { mantissa: mantissa >> 1n, exponent: exponent + 1 };
}

function finishHex(text: string, verb: string): string {
  return verb === 'X' ? text.toUpperCase() : text;
}

function fraction(digits: string): string {
  return digits === '' ? '' : `.${digits}`;
}

function signOf(value: number): string {
  return value < 0 || Object.is(value, -0) ? '-' : '';
}

/** Signs and pads a float's text; zeros go between sign and digits, and never before NaN or an infinity. */
function padNumber(text: string, directive: Directive, isSpecial: boolean): string {
  const isNegative = text.startsWith('-');
  const size = text.replace(/^[+-]/, '');
  const isInfinite = isSpecial && size === 'Inf';
  const sign = isNegative ? '-' : positiveSign(directive) || (isInfinite ? '+' : '');
  if (isSpecial || !directive.zero || directive.width === undefined) {
    return pad(sign + size, { ...directive, zero: false });
  }
  if (sign === '') return pad(size, directive);
  return sign + size.padStart(directive.width - 1, '0');
}

function withPoint(text: string, sharp: boolean): string {
  if (!sharp || text.includes('.')) return text;
  const e = text.search(/[eE]/);
  return e < 0 ? `${text}.` : `${text.slice(0, e)}.${text.slice(e)}`;
}

/** A sharp `%x` shows six digits at least, its `0x` counted among them. */
function withHexPoint(text: string, { sharp, verb, precision }: Directive): string {
  if (!sharp) return text;
  const p = text.search(/[pP]/);
  const size = text.slice(0, p);
  const digits = verb === 'x' ? (precision ?? 6) : 0;
  const missing = digits - size.replace(/^-?0*|\./g, '').length;
  return `${size.includes('.') ? size : `${size}.`}${'0'.repeat(Math.max(0, missing))}${text.slice(p)}`;
}

function trimZeros(digits: string): string {
  return digits.replace(/0+$/, '') || '0';
}

function truncate(value: string, { precision }: Directive): string {
  if (precision === undefined || value.length <= precision) return value;
  return [...value].slice(0, precision).join('');
}

function quoteString(value: string, { sharp, plus }: Directive): string {
  if (sharp && !/[`\x00-\x08\x0a-\x1f\x7f\ufeff]/.test(value)) return `\`${value}\``;
  return quoteGo(value, plus);
}

function formatHexString(value: string, directive: Directive): string {
  const { sharp, space, precision } = directive;
  const bytes = [...Buffer.from(value).subarray(0, precision)];
  if (bytes.length === 0) return pad('', directive);
  const pairs = bytes.map((byte) => byte.toString(16).padStart(2, '0'));
  const prefix = sharp ? '0x' : '';
  const text = space ? pairs.map((pair) => prefix + pair).join(' ') : prefix + pairs.join('');
  return pad(directive.verb === 'X' ? text.toUpperCase() : text, directive);
}
