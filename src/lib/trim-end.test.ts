import assert from 'node:assert/strict';
import fc from 'fast-check';
import { processorTime } from '../../test/harness/processor-time.ts';
import { trimEndOf } from './trim-end.ts';

describe('trimEndOf', () => {
  it('does what the regular expression does', () => {
    const text = fc.string({ unit: fc.constantFrom(' ', '\t', '\n', 'a') });
    fc.assert(
      fc.property(text, (value) => assert.equal(trimEndOf(value, ' \t'), value.replace(/[ \t]+$/, ''))),
    );
  });

  it('takes no time for a long run in the middle', () => {
    const text = `${' '.repeat(4_000_000)}x`;
    const start = processorTime();
    assert.equal(trimEndOf(text, ' '), text);
    assert.ok(processorTime() - start < 1000);
  });
});
