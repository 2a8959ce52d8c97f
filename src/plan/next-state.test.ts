import assert from 'node:assert/strict';
import type { Decision } from '../api/decision.ts';
import type { Change } from './change.ts';
import { elementId } from './keep-held.ts';
import { differ, standingDecisions } from './next-state.ts';
import type { InventoryEntry } from './state.ts';

const LONG = 'k'.repeat(64);

const decision = (element: string, fields: Partial<Decision> = {}): Decision => ({
  ...{ element, name: 'limit', value: '64Mi', since: '2026-03-01T12:00:00Z', rule: 'Computed', input: '1' },
  ...fields,
});
const entry = (path: string, element?: string): InventoryEntry => ({
  ...{ id: path, path, digest: '', generator: 0, template: 0 },
  ...(element !== undefined && { element }),
});
const change = (path: string, fields: Partial<Change> = {}): Change => ({
  ...{ id: path, path, action: 'skipped', before: 'x', evidence: [] },
  ...fields,
});

describe('standingDecisions', () => {
  const inventory = [entry('a.yaml', 'a'), entry('b.yaml', 'b'), entry('long.yaml', elementId(LONG))];
  const decisions = [decision('a'), decision('b'), decision(LONG), decision('a', { name: 'request' })];
  const made = [decision('b', { value: '32Mi' })];
  const cases: [what: string, changes: Change[], elements: string[]][] = [
    ['are those that were made', [], ['b']],
    ['keep those of an element whose resource stays unrendered', [change('a.yaml')], ['b', 'a']],
    ['find the element by the digest of its key', [change('long.yaml')], ['b', LONG]],
    ['forget those of a resource that is deleted', [change('a.yaml', { action: 'deleted' })], ['b']],
    ['are what was made for an element that is there', [change('b.yaml')], ['b']],
    ['know no resource that is not in the inventory', [change('other.yaml')], ['b']],
  ];
  for (const [what, changes, elements] of cases) {
    it(what, () => {
      const standing = standingDecisions(changes, made, { inventory, decisions });
      assert.deepEqual(
        standing.map(({ element, name }) => [element, name]),
        elements.map((element) => [element, 'limit']),
      );
      assert.equal(standing[0]?.value, '32Mi');
    });
  }

  it('forget those of a resource that is gone', () => {
    const { before: _, ...gone } = change('a.yaml');
    assert.deepEqual(standingDecisions([gone], made, { inventory, decisions }), made);
  });
});

describe('differ', () => {
  const cases: [what: string, one: Decision[], other: Decision[], expected: boolean][] = [
    [
      'is false for other evidence in another order',
      [decision('a'), decision('b')],
      [decision('b', { input: '2' }), decision('a')],
      false,
    ],
    ['is true for another value', [decision('a')], [decision('a', { value: '1Mi' })], true],
    ['is true for a decision more', [], [decision('a')], true],
    ['is true for a decision less', [decision('a')], [], true],
    ['is true for another element', [decision('a')], [decision('b')], true],
  ];
  for (const [what, one, other, expected] of cases) {
    it(what, () => assert.equal(differ(one, other), expected));
  }
});
