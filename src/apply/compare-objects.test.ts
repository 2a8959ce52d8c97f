import assert from 'node:assert/strict';
import { sha256 } from '../lib/digest.ts';
import type { InventoryEntry, State } from '../plan/state.ts';
import { type Compared, isRealChange, toChanges } from './compare-objects.ts';
import type { Decision } from './decide.ts';
import type { Removal } from './removals.ts';

const entryOf = (name: string, element?: string): InventoryEntry => {
  const id = `apps_${name}__ConfigMap`;
  const known = { id, path: id, digest: '', generator: 0, template: 0, version: 'v1' };
  return { ...known, ...(element !== undefined && { element }) };
};
const stateOf = (...inventory: InventoryEntry[]): State => ({ version: 1, inventory, deletions: [] });

/** An object that is as it was applied, rendered from an element with this key. */
function unchanged(name: string, key?: string): Decision {
  const { id } = entryOf(name);
  const resource = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } };
  const file = { rendered: { from: { generator: 0, ...(key !== undefined && { key }) }, template: 0 } };
  const object = { id, resource, text: '{}', digest: '', file };
  return { object, action: 'unchanged', isDrift: false } as unknown as Decision;
}
const kept = (entry: InventoryEntry): Removal => {
  return { entry, stage: 5, action: 'skipped', reason: 'it is held', isTracked: true, isKept: true };
};
const compared = (decisions: Decision[], removals: Removal[] = []): Compared => {
  return { decisions, removals, revision: '' };
};

describe('isRealChange', () => {
  const long = 'k'.repeat(64);
  const cases: [what: string, compared: Compared, state: State, isReal: boolean][] = [
    ['nothing that is as it was', compared([unchanged('a', 'x')]), stateOf(entryOf('a', 'x')), false],
    ['an object whose element was not known', compared([unchanged('a', 'x')]), stateOf(entryOf('a')), true],
    ['an object of another element', compared([unchanged('a', 'x')]), stateOf(entryOf('a', 'y')), true],
    ['no object of elements without keys', compared([unchanged('a')]), stateOf(entryOf('a')), false],
    [
      'no object of a held element',
      compared([unchanged('a', 'x')], [kept(entryOf('b', 'y'))]),
      stateOf(entryOf('a', 'x'), entryOf('b', 'y')),
      false,
    ],
    ['an object that is new', compared([unchanged('a', 'x')]), stateOf(), true],
  ];
  for (const [what, found, state, isReal] of cases) {
    it(`counts ${what}`, () => assert.equal(isRealChange(found, state), isReal));
  }

  it('counts no object whose long key the inventory has as a digest', () => {
    const found = compared([unchanged('a', long)]);
    assert.equal(isRealChange(found, stateOf(entryOf('a', sha256(long)))), false);
    assert.equal(isRealChange(found, stateOf(entryOf('a', sha256('other')))), true);
  });
});

describe('toChanges', () => {
  it('tells what is kept from what is skipped for other reasons', () => {
    const other: Removal = { ...kept(entryOf('c')), isKept: false, reason: 'it is gone already' };
    const changes = toChanges(compared([], [kept(entryOf('b', 'y')), other]), () => () => []);
    assert.deepEqual(
      changes.map(({ action, reason, isKept }) => [action, reason, isKept]),
      [
        ['skipped', 'it is held', true],
        ['skipped', 'it is gone already', undefined],
      ],
    );
  });
});
