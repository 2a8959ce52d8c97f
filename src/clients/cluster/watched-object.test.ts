import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { JsonObject } from '../../lib/json.ts';
import { toWatchedObject } from './watched-object.ts';

const identity = { uid: 'u', resourceVersion: '7' };
const ours = { manager: 'generatorset', operation: 'Apply', fieldsV1: { 'f:data': { 'f:a': {} } } };

function ownedOf(...managedFields: JsonObject[]): string | undefined {
  return toWatchedObject({ metadata: { ...identity, managedFields } }).owned;
}

describe('toWatchedObject', () => {
  it('keeps nothing but what is needed', () => {
    const metadata = {
      ...identity,
      generation: 3,
      name: 'a',
      labels: { 'generatorset.dev/name': 'set', 'generatorset.dev/namespace': 'ns', app: 'x' },
      annotations: {
        'generatorset.dev/ssa': 'Merge',
        'kubectl.kubernetes.io/last-applied-configuration': '{}',
      },
      deletionTimestamp: '2026-01-01T00:00:00Z',
    };
    assert.deepEqual(toWatchedObject({ kind: 'ConfigMap', data: { secret: 'x' }, metadata }), {
      ...identity,
      generation: 3,
      ownerName: 'set',
      ownerNamespace: 'ns',
      annotations: { 'generatorset.dev/ssa': 'Merge' },
      deleting: true,
    });
    assert.deepEqual(toWatchedObject({ metadata: identity }), identity);
  });

  it('gives fields in any order the same digest', () => {
    const names = fc.uniqueArray(
      fc.string({ minLength: 1 }).map((name) => `f:${name}`),
      { minLength: 1 },
    );
    fc.assert(
      fc.property(names, (keys) => {
        const fields = (order: readonly string[]) => Object.fromEntries(order.map((key) => [key, {}]));
        const one = ownedOf({ ...ours, fieldsV1: fields(keys) });
        assert.equal(ownedOf({ ...ours, fieldsV1: fields(keys.toReversed()) }), one);
        assert.notEqual(ownedOf({ ...ours, fieldsV1: fields(keys.slice(1)) }), one);
      }),
    );
  });

  const others: [string, JsonObject][] = [
    ['another manager', { ...ours, manager: 'kubectl' }],
    ['an update of ours', { ...ours, operation: 'Update' }],
    ['our status', { ...ours, subresource: 'status' }],
    ['time alone', { ...ours, operation: 'Update', time: '2026-01-01T00:00:00Z' }],
  ];
  for (const [name, entry] of others) {
    it(`does not count ${name}`, () => {
      assert.equal(ownedOf(entry), undefined);
      assert.equal(ownedOf(entry, ours), ownedOf(ours));
    });
  }

  it('does not count when we have applied', () => {
    assert.equal(
      ownedOf({ ...ours, time: '2026-01-01T00:00:00Z' }),
      ownedOf({ ...ours, time: '2027-01-01T00:00:00Z' }),
    );
  });

  for (const metadata of [null, [], {}, { uid: 'u' }, { resourceVersion: '1' }]) {
    it(`refuses metadata ${JSON.stringify(metadata)}`, () => {
      assert.throws(() => toWatchedObject({ metadata } as JsonObject), SyntaxError);
    });
  }

  it('takes whatever else somebody may have written', () => {
    const odd = fc.oneof(fc.constant(null), fc.string(), fc.array(fc.jsonValue()), fc.object());
    fc.assert(
      fc.property(odd, odd, odd, (labels, annotations, managedFields) => {
        const metadata = { ...identity, labels, annotations, managedFields } as JsonObject;
        assert.equal(toWatchedObject({ metadata }).uid, 'u');
      }),
    );
  });
});
