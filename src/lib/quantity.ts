/** How a quantity is written: `512Mi`, `1500m`, `12e6`. */
type QuantityFormat = 'BinarySI' | 'DecimalSI' | 'DecimalExponent';

/** An exact Kubernetes quantity: a whole number of billionths, and the form it is written in. */
export interface Quantity {
  readonly nanos: bigint;
  readonly format: QuantityFormat;
}

const NANO = 1_000_000_000n;

/** Kubernetes caps what is written with a binary suffix here. */
const MAX_BINARY = (2n ** 63n - 1n) * NANO;

/** Bounds of this parser: beyond them a number is a mistake, and costly. */
const MAX_LENGTH = 64;
const MAX_EXPONENT = 64;

/** Characters of a text that an error quotes. */
const MAX_QUOTED = 40;

const BINARY_SUFFIXES = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];

/** From 10^-9 in steps of a thousand. */
const DECIMAL_SUFFIXES = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];

const SUFFIXES = 'the suffixes are n u m k M G T P E and Ki Mi Gi Ti Pi Ei';

const GRAMMAR = /^([+-]?)(?:(\d+)\.?(\d*)|\.(\d+))(?:([KMGTPE]i)|([numkMGTPE]?)|[eE]([+-]?\d+))$/;

/**
 * Parses a quantity by the grammar of apimachinery's resource.Quantity. Digits below a billionth are rounded
 * away from zero, as there: who asks for something gets something. Throws a RangeError that says what to write.
 */
export function parseQuantity(text: string): Quantity {
  const match = text.length > MAX_LENGTH ? null : GRAMMAR.exec(text);
  if (match === null) throw refuse(text);
  const [, sign, whole = '', fraction = '', bareFraction = '', binary, decimal, exponent] = match;
  const digits = { value: BigInt(whole + fraction + bareFraction), scale: (fraction + bareFraction).length };
  const size =
    binary !== undefined ? parseBinary(digits, binary) : parseDecimal(digits, decimal, exponent, text);
  return sign === '-' ? { ...size, nanos: -size.nanos } : size;
}

/**
 * Writes the canonical form: no precision lost, no fraction, the largest suffix possible. `1.5Gi` becomes
 * `1536Mi`, `1000m` becomes `1`, `0.5` becomes `500m`; between -1024 and 1024 binary is written as decimal.
 */
export function formatQuantity(quantity: Quantity): string {
  const { nanos, format } = quantity;
  if (nanos === 0n) return '0';
  const small = nanos > -1024n * NANO && nanos < 1024n * NANO;
  if (format === 'BinarySI' && !small && nanos % NANO === 0n) return formatBinary(nanos / NANO);
  const { mantissa, thousands } = splitThousands(nanos);
  if (format !== 'DecimalExponent') return `${mantissa}${DECIMAL_SUFFIXES[thousands]}`;
  return thousands === 3 ? `${mantissa}` : `${mantissa}e${(thousands - 3) * 3}`;
}

/** Negative, zero or positive, as the first quantity is less than, equal to or greater than the second. */
export function compareQuantities(a: Quantity, b: Quantity): number {
  if (a.nanos === b.nanos) return 0;
  return a.nanos < b.nanos ? -1 : 1;
}

/** The least multiple of the step that is not below the quantity, in the step's form. The step is above zero. */
export function roundUpQuantity(quantity: Quantity, step: Quantity): Quantity {
  if (step.nanos <= 0n) throw new RangeError('the step to round up to must be above zero');
  const remainder = quantity.nanos % step.nanos;
  const up = remainder > 0n ? quantity.nanos - remainder + step.nanos : quantity.nanos - remainder;
  return { nanos: up, format: step.format };
}

/** A suffix and how many billionths one of it is. */
const UNITS: ReadonlyMap<string, bigint> = new Map([
  ...DECIMAL_SUFFIXES.map((suffix, power) => [suffix, 1000n ** BigInt(power)] as const),
  ...BINARY_SUFFIXES.slice(1).map((suffix, power) => [suffix, NANO * 1024n ** BigInt(power + 1)] as const),
]);

/** Writes whole units such as `1024Mi`, rounded up, with the suffix as it is. Throws a RangeError for no suffix. */
export function formatInUnit(quantity: Quantity, unit: string): string {
  const size = UNITS.get(unit);
  if (size === undefined) throw new RangeError(`${quote(unit)} is no unit: ${SUFFIXES}, or "" for none`);
  const count = roundUpQuantity(quantity, { nanos: size, format: 'DecimalSI' }).nanos / size;
  return count === 0n ? '0' : `${count}${unit}`;
}

/** The number that the quantity is: exact as a bigint beyond 2^53, the nearest double where it has a fraction. */
export function quantityToNumber({ nanos }: Quantity): number | bigint {
  if (nanos % NANO !== 0n) return Number(`${nanos}e-9`);
  const whole = nanos / NANO;
  return Number.isSafeInteger(Number(whole)) ? Number(whole) : whole;
}

interface Digits {
  readonly value: bigint;
  readonly scale: number;
}

function parseBinary({ value, scale }: Digits, suffix: string): Quantity {
  const size = 1024n ** BigInt(BINARY_SUFFIXES.indexOf(suffix));
  const nanos = divideAway(value * size * NANO, 10n ** BigInt(scale));
  const capped = nanos > MAX_BINARY ? MAX_BINARY : nanos;
  // A fraction of one byte has no binary form; Kubernetes remembers it as decimal.
  return { nanos: capped, format: capped > 0n && capped < NANO ? 'DecimalSI' : 'BinarySI' };
}

function parseDecimal(digits: Digits, suffix = '', exponent: string | undefined, text: string): Quantity {
  const power = exponent === undefined ? DECIMAL_SUFFIXES.indexOf(suffix) * 3 - 9 : Number(exponent);
  if (Math.abs(power) > MAX_EXPONENT) throw refuse(text);
  const shift = power + 9 - digits.scale;
  const nanos =
    shift >= 0 ? digits.value * 10n ** BigInt(shift) : divideAway(digits.value, 10n ** BigInt(-shift));
  return { nanos, format: exponent === undefined ? 'DecimalSI' : 'DecimalExponent' };
}

function formatBinary(value: bigint): string {
  let rest = value;
  let power = 0;
  while (power < BINARY_SUFFIXES.length - 1 && rest % 1024n === 0n) {
    rest /= 1024n;
    power++;
  }
  return `${rest}${BINARY_SUFFIXES[power]}`;
}

function splitThousands(nanos: bigint): { mantissa: bigint; thousands: number } {
  let mantissa = nanos;
  let thousands = 0;
  while (thousands < DECIMAL_SUFFIXES.length - 1 && mantissa % 1000n === 0n) {
    mantissa /= 1000n;
    thousands++;
  }
  return { mantissa, thousands };
}

function divideAway(value: bigint, by: bigint): bigint {
  const quotient = value / by;
  if (value % by === 0n) return quotient;
  return value < 0n ? quotient - 1n : quotient + 1n;
}

function refuse(text: string): RangeError {
  return new RangeError(`${quote(text)} is not a quantity such as 128Mi, 500m or 2: ${hintFor(text)}`);
}

function hintFor(text: string): string {
  if (text === '') return 'it is empty';
  const split = /^([+-]?\d+)(?:\.(\d+))?[eE]([+-]?\d+)([a-zA-Z]+)$/.exec(text);
  if (split !== null) return `an exponent and a suffix exclude each other${writtenOut(split)}`;
  if (/\s/.test(text)) return 'remove the space';
  if (/K$/.test(text)) return 'write Ki for 1024 or k for 1000';
  if (/\d(?:[kmgtpe]i|[kmgtpe]i?b|mb|g)$/i.test(text)) return SUFFIXES;
  if (/^[+-]?(?:nan|inf)/i.test(text)) return 'it is no finite number';
  return 'it is a decimal number and one suffix, or an exponent';
}

/** The same number without its exponent, for who put a suffix behind one. */
function writtenOut([, whole = '', fraction = '', exponent, suffix]: RegExpExecArray): string {
  const zeros = Number(exponent) - fraction.length;
  const isLong = whole.length + Number(exponent) > MAX_LENGTH;
  return zeros < 0 || isLong ? '' : `; write ${whole}${fraction}${'0'.repeat(zeros)}${suffix}`;
}

function quote(text: string): string {
  return JSON.stringify(text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED)}...` : text);
}
