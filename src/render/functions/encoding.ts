import { createHash } from 'node:crypto';
import { type FunctionDef, fn } from './function-def.ts';
import { closely } from './size.ts';

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const GOOD_BASE64 = /^(?:[A-Za-z\d+/]{4})*(?:[A-Za-z\d+/]{2}==|[A-Za-z\d+/]{3}=)?$/;
const ADLER_MODULUS = 65521;

/** Sprig's base64, base32 and checksums. Bad input is answered with Go's error as text. */
export function encodingFunctions(): FunctionDef[] {
  return [
    fn('b64enc', '(string) -> string', (text: string) => Buffer.from(text).toString('base64')),
    fn('b64dec', '(string) -> string', decodeBase64),
    fn('b32enc', '(string) -> string', closely(encodeBase32)),
    fn('b32dec', '(string) -> string', closely(decodeBase32)),
    fn('sha1sum', '(string) -> string', (text: string) => digest('sha1', text)),
    fn('sha256sum', '(string) -> string', (text: string) => digest('sha256', text)),
    fn('sha512sum', '(string) -> string', (text: string) => digest('sha512', text)),
    fn('adler32sum', '(string) -> string', adler32),
  ];
}

function digest(algorithm: string, text: string): string {
  return createHash(algorithm).update(text).digest('hex');
}

function decodeBase64(text: string): string {
  const bad = badBase64(text);
  if (bad !== undefined) return `illegal base64 data at input byte ${bad}`;
  return Buffer.from(text, 'base64').toString();
}

/** The offset that Go names when standard base64 with padding is broken; line ends are skipped. */
export function badBase64(text: string): number | undefined {
  return GOOD_BASE64.test(text) ? undefined : findBadBase64(Buffer.from(text));
}

function findBadBase64(bytes: Buffer): number | undefined {
  const isAt = (offset: number, pattern: RegExp) =>
    pattern.test(String.fromCharCode(bytes[offset] as number));
  const skip = (offset: number) => {
    let at = offset;
    while (at < bytes.length && isAt(at, /[\r\n]/)) at++;
    return at;
  };
  let digits = 0;
  for (let at = skip(0); at < bytes.length; at = skip(at + 1)) {
    if (isAt(at, /[A-Za-z0-9+/]/)) {
      digits = (digits + 1) % 4;
      continue;
    }
    if (digits < 2 || !isAt(at, /=/)) return at;
    const second = digits === 2 ? skip(at + 1) : at;
    if (second === bytes.length) return bytes.length;
    if (!isAt(second, /=/)) return second - 1;
    const end = skip(second + 1);
    return end === bytes.length ? undefined : end;
  }
  return digits === 0 ? undefined : bytes.length - digits;
}

function encodeBase32(text: string): string {
  let bits = 0;
  let held = 0;
  let out = '';
  for (const byte of Buffer.from(text)) {
    held = ((held << 8) | byte) & 0xffff;
    bits += 8;
    for (; bits >= 5; bits -= 5) out += BASE32[(held >> (bits - 5)) & 31];
  }
  if (bits > 0) out += BASE32[(held << (5 - bits)) & 31];
  return out.padEnd(Math.ceil(out.length / 8) * 8, '=');
}

function decodeBase32(text: string): string {
  const clean = Buffer.from(text.replace(/[\r\n]/g, '')).toString('latin1');
  const bad = badBase32(clean);
  if (bad !== undefined) return `illegal base32 data at input byte ${bad}`;
  const bytes: number[] = [];
  let bits = 0;
  let held = 0;
  for (const digit of clean.replace(/=.*$/, '')) {
    held = ((held << 5) | BASE32.indexOf(digit)) & 0xffff;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((held >> bits) & 255);
  }
  return Buffer.from(bytes).toString();
}

/** The offset that Go names when base32 with padding is broken. */
function badBase32(clean: string): number | undefined {
  const end = clean.search(/[^A-Z2-7]/);
  if (end < 0) return clean.length % 8 === 0 ? undefined : clean.length - (clean.length % 8);
  const digits = end % 8;
  const rest = clean.slice(end + 1);
  if (clean[end] !== '=' || digits < 2 || rest.length >= 8) return end;
  if (rest.length + digits < 7) return clean.length;
  const stray = rest.slice(0, 7 - digits).search(/[^=]/);
  if (stray >= 0) return end + stray;
  return [1, 3, 6].includes(digits) ? end : undefined;
}

function adler32(text: string): string {
  let a = 1;
  let b = 0;
  for (const byte of Buffer.from(text)) {
    a = (a + byte) % ADLER_MODULUS;
    b = (b + a) % ADLER_MODULUS;
  }
  return String(b * 65536 + a);
}
