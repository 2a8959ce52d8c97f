import assert from 'node:assert/strict';
import type { GeneratedElement } from '../api/element.ts';
import { elementId, forgetOldKeys, keepHeld } from './keep-held.ts';
import type { InventoryEntry, State } from './state.ts';

const LONG = 'k'.repeat(64);

const held = (key: string, reason: string) => {
  const element: GeneratedElement = { element: {}, index: 0, generator: 0, generatorName: 'list', key };
  return { element, reason };
};
const entry = (element?: string): InventoryEntry => ({
  ...{ id: 'a_b__ConfigMap', path: 'b.yaml', digest: '', generator: 0, template: 0 },
  ...(element !== undefined && { element }),
});

describe('keepHeld', () => {
  const keep = keepHeld([held('a', 'InputMissing'), held(LONG, 'RenderFailed')]);
  const cases: [what: string, entry: InventoryEntry, why: RegExp | undefined][] = [
    ['keeps what belongs to an element that is held', entry('a'), /^element a is held: InputMissing$/],
    ['keeps it by the digest of a long key too', entry(elementId(LONG)), /RenderFailed$/],
    ['keeps it by the long key itself', entry(LONG), /RenderFailed$/],
    ['lets go what belongs to another element', entry('b'), undefined],
    ['keeps what belongs to nobody knows whom', entry(), /may belong to an element that is held/],
  ];
  for (const [what, one, why] of cases) {
    it(what, () => {
      const reason = keep(one);
      if (why) assert.match(reason ?? '', why);
      else assert.equal(reason, undefined);
    });
  }

  it('keeps nothing where no element is held', () => {
    assert.deepEqual([entry(), entry('a')].map(keepHeld([])), [undefined, undefined]);
  });
});

describe('forgetOldKeys', () => {
  const cases: [what: string, keys: string[], known: (string | undefined)[], left: (string | undefined)[]][] =
    [
      ['forgets keys of which no element has one', ['x-a', 'x-b'], ['a', 'b'], [undefined, undefined]],
      ['keeps them where one is that of an element', ['a', 'x'], ['a', 'b'], ['a', 'b']],
      ['knows a key by its digest', [LONG], [elementId(LONG), 'b'], [elementId(LONG), 'b']],
      ['leaves resources without keys as they are', ['a'], [undefined], [undefined]],
    ];
  for (const [what, keys, known, left] of cases) {
    it(what, () => {
      const state: State = { version: 1, inventory: known.map(entry), deletions: [] };
      const { inventory } = forgetOldKeys(
        state,
        keys.map((key) => ({ key })),
      );
      assert.deepEqual(inventory, left.map(entry));
    });
  }
});

describe('elementId', () => {
  it('is a short key itself, and the digest of a long one', () => {
    assert.equal(elementId('team-a'), 'team-a');
    assert.equal(elementId('k'.repeat(63)).length, 63);
    assert.match(elementId(LONG), /^sha256:[0-9a-f]{64}$/);
  });
});
