import assert from 'node:assert/strict';
import { memoryObjects } from '../../test/harness/memory-objects.ts';
import { withinNamespace } from './own-namespace.ts';

describe('withinNamespace', () => {
  const { signal } = new AbortController();
  const kind = { apiVersion: 'v1', kind: 'Secret' };
  const objects = ['apps', 'other'].map((namespace) => ({ ...kind, metadata: { name: 'a', namespace } }));
  const reader = withinNamespace(memoryObjects(objects), 'apps');

  it('reads what is in the namespace', async () => {
    assert.ok(await reader.get({ ...kind, namespace: 'apps', name: 'a' }, signal));
    assert.equal((await reader.list({ ...kind, namespace: 'apps' }, signal)).length, 1);
  });

  for (const [namespace, place] of [
    ['other', 'namespace other'],
    ['', 'all namespaces'],
  ] as const) {
    it(`refuses ${place}`, async () => {
      const refused = {
        reason: 'AccessDenied',
        message: new RegExp(`^Secret of ${place}: with the controller's rights`),
      };
      await assert.rejects(reader.list({ ...kind, namespace }, signal), refused);
      await assert.rejects(reader.get({ ...kind, namespace, name: 'a' }, signal), refused);
    });
  }
});
