import { deflateRawSync, inflateRawSync } from 'node:zlib';

/** Bytes of a text that is remembered, unpacked: thousands of objects are, and most have one or two thousand. */
const MAX_BYTES = 64 * 1024;

/** A text as little memory as it may take; undefined where it is too long. */
export function packText(text: string): Buffer | undefined {
  const bytes = Buffer.from(text);
  if (bytes.length > MAX_BYTES) return undefined;
  // What zlib gives is a part of a larger block, which would stay with it.
  const packed = deflateRawSync(bytes, { level: 1 });
  const own = Buffer.allocUnsafeSlow(packed.length);
  packed.copy(own);
  return own;
}

/** The text that was packed. */
export function unpackText(packed: Buffer): string {
  return inflateRawSync(packed, { maxOutputLength: MAX_BYTES }).toString();
}
