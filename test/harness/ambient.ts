import { createHash } from 'node:crypto';
import type { Ambient } from '../../src/render/functions/ambient.ts';

/** 2026-03-01T12:00:00Z. */
const NOW = 1_772_366_400_000_000_000n;

/** A clock that stands still and bytes that follow from the seed: the same renders give the same. */
export function fixedAmbient(seed: number | string = 0): Ambient {
  let block = 0;
  return {
    now: () => NOW,
    randomBytes(count) {
      const blocks: Buffer[] = [];
      for (let size = 0; size < count; size += 64) {
        blocks.push(createHash('sha512').update(`${seed} ${block++}`).digest());
      }
      return Buffer.concat(blocks).subarray(0, count);
    },
  };
}
