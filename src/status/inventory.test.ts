import assert from 'node:assert/strict';
import type { JsonValue } from '../lib/json.ts';
import { digestOfEntries, readEntries, toEntries, toState } from './inventory.ts';

const entry = (id: string, version?: string) => ({
  id,
  path: id,
  digest: 'sha256:x',
  generator: 1,
  template: 2,
  ...(version !== undefined && { version }),
});

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
    assert.equal(toState(undefined, []), undefined);
    assert.equal(toState({ conditions: [] }, []), undefined);
    assert.deepEqual(toState({ delivered: 'd' }, []), {
      version: 1,
      inventory: [],
      deletions: [],
      delivered: 'd',
    });
    assert.equal(toState({ inventory: {} }, [])?.inventory.length, 0);
  });

  it('gives back ids and versions, and no digest that could equal one', () => {
    const state = toState({ delivered: 'd', deletions: [{ at: '2026-01-01T00:00:00Z', count: 2 }] }, entries);
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
    assert.deepEqual(toEntries(state ?? { inventory: [] }), entries);
  });
});

describe('readEntries', () => {
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
      assert.equal(readEntries(value as JsonValue).length, count);
    });
  }
});

describe('digestOfEntries', () => {
  it('depends on what there is and not on the order', () => {
    const [one, other] = [
      { id: 'a', v: 'v1' },
      { id: 'b', v: 'v1' },
    ];
    assert.equal(digestOfEntries([one, other]), digestOfEntries([other, one]));
    assert.notEqual(digestOfEntries([one]), digestOfEntries([{ ...one, v: 'v2' }]));
    assert.notEqual(digestOfEntries([one]), digestOfEntries([one, other]));
  });
});
