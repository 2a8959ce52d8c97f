const ZERO = 0x30;
const DIGITS = /\p{Nd}*/uy;

/**
 * The order in which sigs.k8s.io/yaml writes keys: runs of digits by their number, so that `a2` stands before
 * `a10`, and letters behind everything else. Takes time that grows with the length of the keys.
 */
export function compareKeys(left: string, right: string): number {
  const at = findDifference(left, right);
  const [x, y] = [left.codePointAt(at), right.codePointAt(at)];
  if (x === undefined || y === undefined) return left.length - right.length;
  const letters = Number(isLetter(x)) - Number(isLetter(y));
  if (letters !== 0) return letters;
  if (isLetter(x)) return x - y;
  return compareNumbers(left, right, at) || x - y;
}

/** Where the first character that differs begins. */
function findDifference(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  let at = 0;
  while (at < length && left.charCodeAt(at) === right.charCodeAt(at)) at++;
  return at > 0 && isHighSurrogate(left.charCodeAt(at - 1)) ? at - 1 : at;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00;
}

/** Compares the digits from `at` on; a zero behind other digits of the same number counts as a digit. */
function compareNumbers(left: string, right: string, at: number): number {
  const hasZero = left.charCodeAt(at) === ZERO || right.charCodeAt(at) === ZERO;
  const carried = hasZero && isInsideNumber(left, at) ? 1 : 0;
  const n = readNumber(left, at, carried);
  const m = readNumber(right, at, carried);
  if (n !== m) return n < m ? -1 : 1;
  return countDigits(left, at) - countDigits(right, at);
}

/** Whether a digit that is no zero stands among the digits that end at `at`. */
function isInsideNumber(text: string, at: number): boolean {
  let i = at - 1;
  while (i >= 0 && text.charCodeAt(i) === ZERO) i--;
  return i >= 0 && /\p{Nd}$/u.test(text.slice(Math.max(0, i - 1), i + 1));
}

/** The number that begins at `at`. Go adds up digits, of any script, in 64 bits that wrap around. */
function readNumber(text: string, at: number, carried: number): number | bigint {
  let number = carried;
  let end = at;
  for (; isAsciiDigit(text.charCodeAt(end)); end++) number = number * 10 + text.charCodeAt(end) - ZERO;
  const isAscii = end === text.length || text.charCodeAt(end) < 0x80;
  if (isAscii && Number.isSafeInteger(number)) return number;
  return wrapNumber(digitsFrom(text, at), carried);
}

function wrapNumber(digits: string, carried: number): number | bigint {
  let sum = BigInt(carried);
  for (const digit of digits)
    sum = BigInt.asIntN(64, sum * 10n + BigInt((digit.codePointAt(0) as number) - ZERO));
  return Number.isSafeInteger(Number(sum)) ? Number(sum) : sum;
}

function countDigits(text: string, at: number): number {
  return [...digitsFrom(text, at)].length;
}

function digitsFrom(text: string, at: number): string {
  DIGITS.lastIndex = at;
  return DIGITS.exec(text)?.[0] ?? '';
}

function isAsciiDigit(unit: number): boolean {
  return unit >= ZERO && unit < ZERO + 10;
}

function isLetter(code: number): boolean {
  if (code < 0x80) return (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
  return /^\p{L}$/u.test(String.fromCodePoint(code));
}
