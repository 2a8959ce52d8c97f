import assert from 'node:assert/strict';
import { unusedDigests } from './reconcile-set.ts';

describe('unusedDigests', () => {
  const status = (lastAppliedRevision: string, digest?: string) => ({
    status: {
      lastAppliedRevision,
      ...(digest !== undefined && { held: { digest, rule: 'onEmpty', message: '' } }),
    },
  });
  const cases: [string, Parameters<typeof unusedDigests>, string[]][] = [
    ['nothing was approved', [{}, status('1', 'a'), status('1', 'a')], []],
    ['what was held is delivered', [{ approve: 'a' }, status('1', 'a'), status('2')], []],
    ['what was held had nothing to deliver', [{ approve: 'a' }, status('1', 'a'), status('1')], []],
    ['the pass found it and delivered it', [{ approve: 'a' }, status('1'), status('2')], []],
    ['nothing is held', [{ approve: 'a' }, status('1'), status('1')], ['a']],
    ['something else is held', [{ approve: 'a,b' }, status('1', 'c'), status('1', 'c')], ['a', 'b']],
    ['one of two is held', [{ approve: 'a,b' }, status('1', 'a'), status('1', 'a')], ['b']],
  ];
  for (const [what, args, unused] of cases) {
    it(`gives ${unused.join(' and ') || 'none'} where ${what}`, () =>
      assert.deepEqual(unusedDigests(...args), unused));
  }
});
