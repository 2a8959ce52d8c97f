import assert from 'node:assert/strict';
import fc from 'fast-check';
import { processorTime } from '../../test/harness/processor-time.ts';
import { hideValues } from './hide-values.ts';
import type { Piece } from './template/compile-template.ts';

/** Texts of the characters that marks are made of, and of what stands between them. */
const texts = fc.string({ unit: fc.constantFrom('\ue000', '\ue001', '\ue002', '0', '1', 'a'), maxLength: 8 });
const pieces: fc.Arbitrary<Piece[]> = fc.array(
  fc.record({ text: texts, kind: fc.constantFrom('literal' as const, 'value' as const) }),
  { maxLength: 6 },
);

const isValue = ({ kind }: Piece) => kind === 'value';

describe('hideValues', () => {
  it('shows every literal text and restores every value, whatever characters they hold', () => {
    fc.assert(
      fc.property(pieces, (list) => {
        const { text, restore } = hideValues(list, isValue);
        assert.equal(restore(text), list.map((piece) => piece.text).join(''));
        for (const piece of list) if (!isValue(piece)) assert.ok(text.includes(piece.text));
      }),
    );
  });

  it('does not show what it hides', () => {
    const { text } = hideValues(
      [
        { text: 'a: ', kind: 'literal' },
        { text: 'b: c', kind: 'value' },
      ],
      isValue,
    );
    assert.ok(text.startsWith('a: ') && !text.includes('b: c'));
  });

  it('takes no longer for a million marks in a value', () => {
    const started = processorTime();
    const values: Piece[] = Array.from({ length: 200 }, () => ({ text: 'a', kind: 'value' }));
    hideValues([{ text: '\ue000'.repeat(1_000_000), kind: 'value' }, ...values], isValue);
    assert.ok(processorTime() - started < 1000);
  });
});
