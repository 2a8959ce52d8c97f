import assert from 'node:assert/strict';
import fc from 'fast-check';
import { compareVersions, isOlder } from './compare-versions.ts';

describe('compareVersions', () => {
  it('orders decimal versions of any length as numbers', () => {
    const version = fc.bigInt({ min: 1n, max: 2n ** 64n });
    fc.assert(
      fc.property(version, version, (a, b) => {
        const sign = Math.sign(compareVersions(String(a), String(b)) ?? Number.NaN);
        assert.equal(sign, a < b ? -1 : a > b ? 1 : 0);
      }),
    );
  });

  for (const opaque of ['', '0', '007', '-1', '1.5', 'abc', '1a', ' 1', '9'.repeat(40)]) {
    it(`says nothing of ${JSON.stringify(opaque)}`, () => {
      assert.equal(compareVersions(opaque, '5'), undefined);
      assert.equal(compareVersions('5', opaque), undefined);
      assert.equal(compareVersions(opaque, opaque), 0);
      assert.equal(isOlder(opaque, '5') || isOlder('5', opaque), false);
    });
  }
});
