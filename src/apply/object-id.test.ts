import assert from 'node:assert/strict';
import fc from 'fast-check';
import { resourceId } from '../api/resource.ts';
import { describeId, parseObjectId, watchKey } from './object-id.ts';

describe('inventory ids', () => {
  const label = fc.stringMatching(/^[a-z]([a-z0-9-]{0,20}[a-z0-9])?$/);

  it('are read back as what they were made of', () => {
    const names = fc.stringMatching(/^[a-z][a-z0-9:_.-]{0,30}$/);
    const kinds = fc.stringMatching(/^[A-Z][A-Za-z0-9]{0,20}$/);
    fc.assert(
      fc.property(
        fc.option(label),
        names,
        fc.constantFrom('', 'apps', 'a.example.com'),
        kinds,
        (namespace, name, group, kind) => {
          const apiVersion = group === '' ? 'v1' : `${group}/v1`;
          const metadata = { name, ...(namespace !== null && { namespace }) };
          const id = resourceId({ apiVersion, kind, metadata });
          assert.deepEqual(parseObjectId(id), { namespace: namespace ?? '', name, group, kind });
        },
      ),
    );
  });

  for (const id of ['', '_', 'a_b', 'a_b_c', 'a_b_c_', '___']) {
    it(`are not ${JSON.stringify(id)}`, () => {
      assert.equal(parseObjectId(id), undefined);
      assert.equal(describeId(id), JSON.stringify(id));
    });
  }

  it('are shown as people name objects', () => {
    assert.equal(describeId('apps_a__ConfigMap'), 'ConfigMap/apps/a');
    assert.equal(describeId('_system:x_y_rbac.authorization.k8s.io_ClusterRole'), 'ClusterRole/system:x_y');
    assert.equal(watchKey({ namespace: 'apps', name: 'a' }), 'apps/a');
    assert.equal(watchKey({ namespace: '', name: 'a' }), 'a');
  });
});
