import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Decision } from '../api/decision.ts';
import { parseQuantity } from '../lib/quantity.ts';
import { hasWider, widestDecisions } from './widest-decisions.ts';

const decision = (element: string, value: string): Decision => ({
  ...{ element, name: 'limit', value, since: '2026-01-01T00:00:00Z', rule: 'Computed', input: value },
});
const valuesOf = (decisions: readonly Decision[] | undefined) =>
  decisions?.map(({ element, value }) => `${element}=${value}`);

describe('widestDecisions', () => {
  const cases: [name: string, before: string[] | undefined, next: string[] | undefined, widest: unknown][] = [
    ['nothing where nothing is tuned', undefined, undefined, undefined],
    ['what is decided first', undefined, ['a=1Gi'], ['a=1Gi']],
    ['what was decided where nothing is tuned any more', ['a=1Gi'], undefined, ['a=1Gi']],
    ['an increase', ['a=900Mi'], ['a=1Gi'], ['a=1Gi']],
    ['what was before a decrease', ['a=1Gi'], ['a=900Mi'], ['a=1Gi']],
    ['a new element and one that goes', ['a=1'], ['b=2'], ['a=1', 'b=2']],
    ['what is decided now in place of what is no quantity', ['a=x'], ['a=1'], ['a=1']],
  ];
  for (const [name, before, next, widest] of cases) {
    it(`keeps ${name}`, () => {
      assert.deepEqual(valuesOf(widestDecisions(read(before), read(next))), widest);
    });
  }

  it('is never below what may stand in the cluster, and nothing wider than itself', () => {
    const list = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.nat(9).map(String));
    fc.assert(
      fc.property(list, list, (one, other) => {
        const [before, next] = [one, other].map((values) =>
          Object.entries(values).map(([element, value]) => decision(element, value)),
        );
        const widest = widestDecisions(before, next) ?? [];
        for (const { element, value } of [...(before ?? []), ...(next ?? [])]) {
          const kept = widest.find((it) => it.element === element);
          assert.ok(kept && parseQuantity(kept.value).nanos >= parseQuantity(value).nanos);
        }
        assert.equal(hasWider(widest, widest), false);
        assert.equal(hasWider(widest, before), JSON.stringify(widest) !== JSON.stringify(before));
      }),
    );
  });

  function read(values: string[] | undefined): Decision[] | undefined {
    return values?.map((text) => decision(...(text.split('=') as [string, string])));
  }
});
