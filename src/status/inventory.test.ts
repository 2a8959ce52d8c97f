import assert from 'node:assert/strict';
import type { JsonValue } from '../lib/json.ts';
import { INVENTORY, toEntries, toState } from './inventory.ts';
import { readEntries } from './kept-list.ts';

const entry = (id: string, version?: string) => ({
  id,
  path: id,
  digest: 'sha256:x',
  generator: 1,
  template: 2,
  ...(version !== undefined && { version }),
});

/** Nothing that stands elsewhere. */
const NONE = { entries: [], decisions: [] };

describe('toEntries', () => {
  it("gives Flux's form, sorted, each resource once", () => {
    const inventory = [
      entry('b_x_apps_Deployment', 'v1'),
      entry('_ns__Namespace', 'v1'),
      entry('b_x_apps_Deployment', 'v2'),
    ];
    assert.deepEqual(toEntries({ inventory }), [
      { id: '_ns__Namespace', v: 'v1' },
      { id: 'b_x_apps_Deployment', v: 'v2' },
    ]);
  });
});

describe('toState', () => {
  const entries = [{ id: 'b_x_apps_Deployment', v: 'v1' }];

  it('is undefined for a set that has never delivered, and only then', () => {
    assert.equal(toState(undefined, NONE), undefined);
    assert.equal(toState({ conditions: [] }, NONE), undefined);
    assert.deepEqual(toState({ delivered: 'd' }, NONE), {
      version: 1,
      inventory: [],
      deletions: [],
      delivered: 'd',
    });
    assert.equal(toState({ inventory: {} }, NONE)?.inventory.length, 0);
  });

  it('gives back ids and versions, and no digest that could equal one', () => {
    const state = toState(
      { delivered: 'd', deletions: [{ at: '2026-01-01T00:00:00Z', count: 2 }] },
      { entries, decisions: [] },
    );
    assert.deepEqual(state?.inventory, [
      {
        id: 'b_x_apps_Deployment',
        path: 'b_x_apps_Deployment',
        digest: '',
        generator: 0,
        template: 0,
        version: 'v1',
      },
    ]);
    assert.equal(state?.deletions.length, 2);
    assert.equal(state?.decisions, undefined);
    assert.deepEqual(toEntries(state ?? { inventory: [] }), entries);
  });

  it('gives back the elements of resources, and the decisions', () => {
    const inventory = [{ ...entry('a_b__ConfigMap', 'v1'), element: 'team-a' }];
    const decision = {
      name: 'limit',
      value: '64Mi',
      since: '2026-01-01T00:00:00Z',
      rule: 'Computed',
      input: '1',
    };
    const stored = {
      entries: toEntries({ inventory }),
      decisions: [{ element: 'team-a', ...decision }, decision],
    };
    const state = toState({ delivered: 'd' }, stored);
    assert.equal(state?.inventory[0]?.element, 'team-a');
    assert.deepEqual(
      state?.decisions?.map(({ element }) => element),
      ['team-a', ''],
    );
  });
});

describe('the entries of an inventory', () => {
  const elements: [name: string, e: unknown, read: string | undefined][] = [
    ['a key', 'team a', 'team a'],
    ['the digest of a long key', `sha256:${'0'.repeat(64)}`, `sha256:${'0'.repeat(64)}`],
    ['nothing of a key that is too long', 'x'.repeat(1000), undefined],
    ['nothing of what is no text', { a: 1 }, undefined],
  ];
  for (const [name, e, read] of elements) {
    it(`have as their element ${name}`, () => {
      const [found] = readEntries(INVENTORY, [{ id: 'a_b__ConfigMap', v: 'v1', e }] as JsonValue);
      assert.deepEqual([found?.id, found?.e], ['a_b__ConfigMap', read]);
    });
  }

  const cases: [name: string, value: unknown, count: number][] = [
    ['one of a namespaced kind', [{ id: 'a_b_apps_Deployment', v: 'v1' }], 1],
    ['one of the core group', [{ id: 'a_b__ConfigMap', v: 'v1' }], 1],
    ['one of a cluster-scoped kind', [{ id: '_b__Namespace', v: 'v1' }], 1],
    [
      'one whose name has an underscore and a colon',
      [{ id: '_system:a_b_rbac.authorization.k8s.io_ClusterRole', v: 'v1' }],
      1,
    ],
    ['one without a version', [{ id: 'a_b__ConfigMap', v: '' }], 1],
    ['no list', 'text', 0],
    ['scalars', [1, null, 'x', []], 0],
    ['one without v', [{ id: 'a_b__ConfigMap' }], 0],
    ['one without a kind', [{ id: 'a_b_', v: 'v1' }], 0],
    ['one with a slash', [{ id: 'a_b/../../secrets__ConfigMap', v: 'v1' }], 0],
    ['one with a line break', [{ id: 'a_b\n__ConfigMap', v: 'v1' }], 0],
    ['one that is too long', [{ id: `a_${'b'.repeat(2000)}__ConfigMap`, v: 'v1' }], 0],
    ['one whose name is a folder', [{ id: '_.._v_Secret', v: 'v1' }], 0],
    ['one whose name is an escape', [{ id: 'a_%2e__ConfigMap', v: 'v1' }], 0],
    ['one whose namespace is a folder', [{ id: '.._b__ConfigMap', v: 'v1' }], 0],
    ['one whose group is an escape', [{ id: 'a_b_%_ConfigMap', v: 'v1' }], 0],
    ['one whose version is a path', [{ id: 'a_b__ConfigMap', v: '../v1' }], 0],
  ];
  for (const [name, value, count] of cases) {
    it(`reads ${count} of ${name}`, () => {
      assert.equal(readEntries(INVENTORY, value as JsonValue).length, count);
    });
  }
});
