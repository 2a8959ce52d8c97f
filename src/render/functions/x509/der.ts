/** DER (X.690, 10): the few types that keys and certificates are made of. */

const CONSTRUCTED = 0x20;
const SEQUENCE = 0x30;
const SET = 0x31;

/** A value that was read. */
export interface DerItem {
  readonly tag: number;
  readonly content: Buffer;
  /** The whole of it, with tag and length. */
  readonly raw: Buffer;
}

/** One value: its tag, its length and what it holds. */
export function der(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents);
  return Buffer.concat([Buffer.of(tag), lengthOf(content.length), content]);
}

/** A sequence of values. */
export function derSequence(...items: readonly Uint8Array[]): Buffer {
  return der(SEQUENCE, ...items);
}

/** A set of one value. */
export function derSet(item: Uint8Array): Buffer {
  return der(SET, item);
}

/** An integer that is not negative, from its big-endian bytes. */
export function derInteger(bytes: Uint8Array): Buffer {
  const first = bytes.findIndex((byte) => byte !== 0);
  const digits = first < 0 ? Buffer.of(0) : bytes.subarray(first);
  const sign = (digits[0] as number) > 127 ? Buffer.of(0) : Buffer.alloc(0);
  return der(0x02, sign, digits);
}

/** An object identifier, from its dotted numbers. */
export function derOid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return der(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

/** A bit string; `unused` bits of its last byte do not count. */
export function derBits(bytes: Uint8Array, unused = 0): Buffer {
  return der(0x03, Buffer.of(unused), bytes);
}

/** A value under a number that its context gives it. */
export function derTagged(number: number, content: Uint8Array, { isConstructed = false } = {}): Buffer {
  return der(0x80 | number | (isConstructed ? CONSTRUCTED : 0), content);
}

/** The values that stand one after the other in these bytes. Throws when a length leads past the end. */
export function readDer(bytes: Buffer): DerItem[] {
  const items: DerItem[] = [];
  for (let at = 0; at < bytes.length; ) {
    const item = readItem(bytes, at);
    items.push(item);
    at += item.raw.length;
  }
  return items;
}

function readItem(bytes: Buffer, at: number): DerItem {
  const short = bytes[at + 1] ?? 0;
  const sizes = short < 0x80 ? 0 : short & 0x7f;
  // A length of 0x80 is none: only BER ends a value by a mark.
  if (short === 0x80 || sizes > 4 || at + 2 + sizes > bytes.length) throw new Error('the DER data is broken');
  const size = sizes === 0 ? short : bytes.readUIntBE(at + 2, sizes);
  const start = at + 2 + sizes;
  if (start + size > bytes.length) throw new Error('the DER data is broken');
  const content = bytes.subarray(start, start + size);
  return { tag: bytes[at] as number, content, raw: bytes.subarray(at, start + size) };
}

function lengthOf(size: number): Buffer {
  if (size < 0x80) return Buffer.of(size);
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(size);
  const digits = bytes.subarray(bytes.findIndex((byte) => byte !== 0));
  return Buffer.concat([Buffer.of(0x80 | digits.length), digits]);
}

function base128(number: number): number[] {
  const digits = [number & 0x7f];
  for (let rest = number >>> 7; rest > 0; rest >>>= 7) digits.unshift((rest & 0x7f) | 0x80);
  return digits;
}
