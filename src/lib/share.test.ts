import assert from 'node:assert/strict';
import { parseShare } from './share.ts';

describe('parseShare', () => {
  const shares: readonly [text: string, thousandths: bigint][] = [
    ['0%', 0n],
    ['20%', 20_000n],
    ['12.5%', 12_500n],
    ['0.001%', 1n],
    ['9999.999%', 9_999_999n],
    ['007%', 7000n],
  ];
  for (const [text, expected] of shares) {
    it(`reads ${text}`, () => assert.equal(parseShare(text), expected));
  }

  for (const text of [
    '',
    '20',
    '%',
    '-5%',
    '1e2%',
    '1.2345%',
    '10000%',
    '5.%',
    '.5%',
    ' 5%',
    '5%\n',
    `${'1'.repeat(10_000)}%`,
  ]) {
    it(`refuses ${JSON.stringify(text.slice(0, 20))}`, () => {
      assert.throws(
        () => parseShare(text),
        (error: Error) => error instanceof RangeError && error.message.length < 100,
      );
    });
  }
});
