import assert from 'node:assert/strict';
import { fixedAmbient } from '../../../test/harness/ambient.ts';
import {
  ambientBytes,
  ambientNow,
  currentAmbient,
  requireAmbient,
  resetCost,
  spendCost,
  withAmbient,
} from './ambient.ts';

describe('withAmbient', () => {
  const PERMISSION = /set spec\.allowNonDeterministic: true/;

  const takes: [name: string, take: () => unknown][] = [
    ['clock', ambientNow],
    ['bytes', () => ambientBytes(1)],
    ['permission', requireAmbient],
  ];
  for (const [name, take] of takes) {
    it(`gives the ${name} inside, and asks for permission outside`, () => {
      assert.doesNotThrow(() => withAmbient(fixedAmbient(), take));
      assert.throws(take, PERMISSION);
      assert.throws(() => withAmbient(undefined, take), PERMISSION);
    });
  }

  it('ends with its action, also when that throws', () => {
    const outer = fixedAmbient();
    withAmbient(outer, () => {
      assert.throws(() =>
        withAmbient(undefined, () => {
          assert.equal(currentAmbient(), undefined);
          throw new Error('inside');
        }),
      );
      assert.equal(currentAmbient(), outer);
    });
    assert.equal(currentAmbient(), undefined);
  });
});

describe('spendCost', () => {
  const REFUSED = /too many passwords, keys and certificates: all templates and elements of a set together/;
  const nothing = () => undefined;

  it('counts together what one ambient encloses, and begins anew with the next', () => {
    const spend = () => withAmbient(undefined, () => spendCost(20, nothing));
    withAmbient(undefined, () => {
      for (let i = 0; i < 3; i++) {
        resetCost();
        spend();
      }
      assert.throws(spend, REFUSED);
    });
    assert.doesNotThrow(spend);
  });

  it('counts for each program by itself outside of any', () => {
    resetCost();
    spendCost(60, nothing);
    assert.throws(() => spendCost(1, nothing), REFUSED);
    resetCost();
    assert.equal(
      spendCost(1, () => 'made'),
      'made',
    );
  });
});
