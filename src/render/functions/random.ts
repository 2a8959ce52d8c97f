import { goInt } from '../values/go-number.ts';
import type { Value } from '../values/value.ts';
import { ambientBytes } from './ambient.ts';
import { type FunctionDef, fn, nonDeterministic } from './function-def.ts';
import { checkItemCount, checkTextSize } from './size.ts';

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const DIGITS = '0123456789';
/** From space to tilde. */
const ASCII = String.fromCharCode(...Array.from({ length: 95 }, (_, i) => 32 + i));

/** Random bytes are asked for in pieces of at most this many. */
const PIECE = 65536;

/** Sprig's random texts and numbers. */
export function randomFunctions(): FunctionDef[] {
  return nonDeterministic([
    fn('randAlpha', '(int) -> string', (count: number) => randomText(count, LETTERS)),
    fn('randAlphaNum', '(int) -> string', (count: number) => randomText(count, LETTERS + DIGITS)),
    fn('randAscii', '(int) -> string', (count: number) => randomText(count, ASCII)),
    fn('randNumeric', '(int) -> string', (count: number) => randomText(count, DIGITS)),
    fn('randBytes', '(int) -> string', randomBase64),
    fn('randInt', '(int, int) -> any', randomInt),
    fn('shuffle', '(string) -> string', shuffle),
    fn('uuidv4', '() -> string', randomUuid),
  ]);
}

/** Every character is equally likely: bytes beyond the last whole run of the alphabet are thrown away. */
function randomText(count: number, alphabet: string): string {
  if (count <= 0) return '';
  checkTextSize(count);
  const text = Buffer.alloc(count);
  const fair = 256 - (256 % alphabet.length);
  for (let at = 0; at < count; ) {
    for (const byte of ambientBytes(Math.min(PIECE, Math.ceil((count - at) * 1.5)))) {
      if (byte < fair && at < count) text[at++] = alphabet.charCodeAt(byte % alphabet.length);
    }
  }
  return text.toString('latin1');
}

/** Random bytes in base64; `count` is of bytes. */
function randomBase64(count: number): string {
  if (count < 0) throw new Error('runtime error: makeslice: len out of range');
  checkTextSize(Math.ceil(count / 3) * 4);
  return Buffer.from(ambientBytes(count)).toString('base64');
}

/** An integer from `min` up to, but not including, `max`. */
function randomInt(min: number, max: number): Value {
  const size = BigInt.asIntN(64, BigInt(max) - BigInt(min));
  if (size <= 0n) throw new Error('invalid argument to Intn');
  return goInt(BigInt(min) + randomBelow(size));
}

/** Sizes are below 2^63, so that half of all tries at most are thrown away. */
function randomBelow(size: bigint): bigint {
  const fair = 2n ** 64n - (2n ** 64n % size);
  for (;;) {
    const drawn = Buffer.from(ambientBytes(8)).readBigUInt64BE();
    if (drawn < fair) return drawn % size;
  }
}

/** The characters of a text in random order (Fisher and Yates). */
function shuffle(text: string): string {
  checkItemCount(text.length);
  const characters = [...text];
  const drawn = Buffer.from(ambientBytes(characters.length * 6));
  for (let last = characters.length - 1; last > 0; last--) {
    // Of 2^48 values none is favoured by more than one in 10^8.
    const other = drawn.readUIntBE(last * 6, 6) % (last + 1);
    [characters[last], characters[other]] = [characters[other] as string, characters[last] as string];
  }
  return characters.join('');
}

/** A UUID of version 4 (RFC 9562, 5.4). */
function randomUuid(): string {
  const bytes = Buffer.from(ambientBytes(16));
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
