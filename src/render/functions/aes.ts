import { createCipheriv, createDecipheriv } from 'node:crypto';
import { ambientBytes } from './ambient.ts';
import { badBase64 } from './encoding.ts';
import { type FunctionDef, fn, nonDeterministic } from './function-def.ts';
import { checkTextSize } from './size.ts';

const ALGORITHM = 'aes-256-cbc';
const KEY_SIZE = 32;
const BLOCK = 16;

/** Sprig's encryption with a password: AES-256-CBC, its vector before the text, all in base64. */
export function aesFunctions(): FunctionDef[] {
  return [
    ...nonDeterministic([fn('encryptAES', '(string, string) -> string', encrypt)]),
    fn('decryptAES', '(string, string) -> string', decrypt),
  ];
}

function encrypt(password: string, text: string): string {
  if (text === '') return '';
  checkTextSize(Buffer.byteLength(text) * 1.5);
  const vector = ambientBytes(BLOCK);
  const cipher = createCipheriv(ALGORITHM, keyOf(password), vector);
  return Buffer.concat([vector, cipher.update(text), cipher.final()]).toString('base64');
}

/** Throws what Go says of texts that were not encrypted so; a wrong password often gives other text, not an error. */
function decrypt(password: string, base64: string): string {
  if (base64 === '') return '';
  const bad = badBase64(base64);
  if (bad !== undefined) throw new Error(`illegal base64 data at input byte ${bad}`);
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length < BLOCK) {
    const capacity = Math.floor(base64.length / 4) * 3;
    throw new Error(`runtime error: slice bounds out of range [:${BLOCK}] with capacity ${capacity}`);
  }
  const vector = bytes.subarray(0, BLOCK);
  const content = bytes.subarray(BLOCK);
  if (content.length % BLOCK !== 0) throw new Error('crypto/cipher: input not full blocks');
  const decipher = createDecipheriv(ALGORITHM, keyOf(password), vector).setAutoPadding(false);
  return withoutPadding(Buffer.concat([decipher.update(content), decipher.final()])).toString();
}

/** Its last byte says how many bytes are padding. */
function withoutPadding(padded: Buffer): Buffer {
  const padding = padded.at(-1);
  if (padding === undefined) throw new Error('runtime error: index out of range [-1]');
  const size = padded.length - padding;
  if (size < 0) throw new Error(`runtime error: slice bounds out of range [:${size}]`);
  return padded.subarray(0, size);
}

/** The password's first 32 bytes, filled up with zeros. */
function keyOf(password: string): Buffer {
  const key = Buffer.alloc(KEY_SIZE);
  key.write(password);
  return key;
}
