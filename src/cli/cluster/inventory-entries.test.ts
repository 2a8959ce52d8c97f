import assert from 'node:assert/strict';
import { inventoryOf, isRemote, nameOf } from './inventory-entries.ts';

describe('nameOf', () => {
  const cases: [string, object | undefined][] = [
    ['apps_web_apps_Deployment', { namespace: 'apps', name: 'web', group: 'apps', kind: 'Deployment' }],
    ['_woods__Namespace', { namespace: '', name: 'woods', group: '', kind: 'Namespace' }],
    [
      '_web__reader_rbac.authorization.k8s.io_ClusterRole',
      { namespace: '', name: 'web:reader', group: 'rbac.authorization.k8s.io', kind: 'ClusterRole' },
    ],
    ['apps_a__b__ConfigMap', { namespace: 'apps', name: 'a__b', group: '', kind: 'ConfigMap' }],
    ['nothing', undefined],
    ['', undefined],
  ];
  for (const [id, name] of cases) {
    it(`reads ${JSON.stringify(id)}`, () => assert.deepEqual(nameOf({ id }), name));
  }

  it('keeps the version', () => assert.equal(nameOf({ id: 'a_b__C', v: 'v1' })?.version, 'v1'));
});

describe('inventoryOf', () => {
  it('has nothing of what is no inventory', () => {
    for (const inventory of [undefined, null, [], { entries: 'a' }, { entries: [5, {}, { id: 5 }] }])
      assert.deepEqual(inventoryOf({ status: { inventory } } as never), []);
    assert.deepEqual(inventoryOf({}), []);
  });
});

describe('isRemote', () => {
  it('is true of what has a kubeconfig of its own', () => {
    assert.equal(isRemote({ spec: { kubeConfig: { secretRef: { name: 'a' } } } }), true);
    assert.equal(isRemote({ spec: {} }), false);
  });
});
