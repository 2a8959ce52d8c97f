const MAX_INT64 = 2n ** 63n - 1n;
const MIN_INT64 = -(2n ** 63n);
const DECIMAL_FLOAT = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const HEX_FLOAT = /^([+-]?)0[xX]([\da-fA-F]*)(?:\.([\da-fA-F]*))?[pP]([+-]?\d+)$/;
const INTEGER = /^([+-]?)(0[xX][\da-fA-F]+|0[oO][0-7]+|0[bB][01]+|0\d*|[1-9]\d*)$/;
const SPECIAL = /^([+-]?)(inf|infinity|nan)$/i;
const LONGEST = 400;

/** Go's strconv.ParseFloat; undefined for what is no number or too large. */
export function parseFloatText(text: string): number | undefined {
  if (text.length > LONGEST) return undefined;
  const special = SPECIAL.exec(text);
  if (special !== null) return specialFloat(special[1] as string, special[2] as string);
  const plain = withoutUnderscores(text);
  if (plain === undefined) return undefined;
  const value = DECIMAL_FLOAT.test(plain) ? Number(plain) : parseHexFloat(plain);
  return value === undefined || !Number.isFinite(value) ? undefined : value;
}

/** Go's strconv.ParseInt in base 0 with 64 bits: `0x1f`, `0b1`, `0o7`, `017`, `1_000`; undefined otherwise. */
export function parseIntText(text: string): number | bigint | undefined {
  const value = parseBigInt(text);
  if (value === undefined || value > MAX_INT64 || value < MIN_INT64) return undefined;
  const small = Number(value);
  return Number.isSafeInteger(small) ? small : value;
}

/** An integer with its base prefix, of any size; undefined when it is none. */
export function parseBigInt(text: string): bigint | undefined {
  if (text.length > LONGEST) return undefined;
  const plain = withoutUnderscores(text);
  const match = plain === undefined ? null : INTEGER.exec(plain);
  if (match === null) return undefined;
  const digits = match[2] as string;
  const isOldOctal = /^0\d+$/.test(digits);
  if (isOldOctal && /[89]/.test(digits)) return undefined;
  const value = BigInt(isOldOctal ? `0o${digits.slice(1)}` : digits);
  return match[1] === '-' ? -value : value;
}

/** The text without underscores, which may only separate digits; undefined where they may not stand. */
function withoutUnderscores(text: string): string | undefined {
  if (!text.includes('_')) return text;
  const digits = text.replace(/^[+-]/, '').replace(/^0[xXoObB]/, '0');
  return /__|_$|^_|_[^\da-fA-F]|[^\da-fA-F]_/.test(digits) ? undefined : text.replaceAll('_', '');
}

function specialFloat(sign: string, word: string): number {
  if (/nan/i.test(word)) return Number.NaN;
  return sign === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

function parseHexFloat(text: string): number | undefined {
  const match = HEX_FLOAT.exec(text);
  if (match === null) return undefined;
  const [sign, whole, fraction, exponent] = match.slice(1).map((part) => part ?? '');
  const digits = `${whole}${fraction}`;
  if (digits === '' || digits.length > 14) return undefined;
  const power = Number(exponent) - 4 * (fraction as string).length;
  return (sign === '-' ? -1 : 1) * Number.parseInt(digits, 16) * 2 ** power;
}
