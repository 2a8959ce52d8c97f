import { spend } from './meter.ts';
import type { ValueMap } from './value.ts';

/** Texts that agree for longer than this are counted as work. */
const LONG_PREFIX = 64;

/** Orders two strings by their UTF-8 bytes, as Go does; JavaScript orders by UTF-16 units. */
export function compareBytes(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) {
      if (i > LONG_PREFIX) spend(i);
      return byteRank(x) - byteRank(y);
    }
  }
  return a.length - b.length;
}

/** The keys of a map in the order of their UTF-8 bytes. */
export function sortedKeys(map: ValueMap): string[] {
  const keys = Object.keys(map);
  spend(keys.length * 4);
  return keys.length < 2 ? keys : keys.sort(compareBytes);
}

/** Surrogates stand for code points above every other unit. */
function byteRank(unit: number): number {
  return unit >= 0xd800 && unit < 0xe000 ? unit + 0x10000 : unit;
}
