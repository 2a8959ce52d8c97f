import assert from 'node:assert/strict';
import type { Element } from './element.ts';
import { createElementBounds } from './element-bounds.ts';

const MIB = 1024 * 1024;
const many = (count: number): Element[] => Array.from({ length: count }, () => ({}));
const large = (size: number): Element[] => [{ text: 'x'.repeat(size) }];

describe('the bounds of elements', () => {
  const cases: readonly (readonly [what: string, parts: Element[][], refusal: RegExp | undefined])[] = [
    ['let 10,000 elements through', [many(5000), many(5000)], undefined],
    ['refuse one more', [many(5000), many(5001)], /^10001 elements, more than the 10000 that/],
    ['let 63 MiB through', [large(32 * MIB), large(31 * MIB)], undefined],
    [
      'refuse 64 MiB and what holds them',
      [large(32 * MIB), large(32 * MIB)],
      /^elements of more than 64 MiB/,
    ],
    ['refuse what is small only as text', [[{ list: many(9), all: many(1_500_000) }]], /of more than 64 MiB/],
  ];
  for (const [what, parts, refusal] of cases) {
    it(what, () => {
      const bounds = createElementBounds();
      const addAll = () => parts.map((part) => bounds.add(part));
      if (refusal) assert.throws(addAll, { message: refusal });
      else assert.deepEqual(addAll(), parts);
    });
  }
});
