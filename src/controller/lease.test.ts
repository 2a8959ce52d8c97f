import assert from 'node:assert/strict';
import { claimLease, isReleased, microTime, RELEASED, readLease } from './lease.ts';

describe('a lease', () => {
  const times: [number, string][] = [
    [0, '1970-01-01T00:00:00.000000Z'],
    [1_700_000_000_123, '2023-11-14T22:13:20.123000Z'],
    [1_700_000_000_123.456, '2023-11-14T22:13:20.123456Z'],
    [1_700_000_000_999.999, '2023-11-14T22:13:20.999999Z'],
  ];
  for (const [epoch, expected] of times) {
    it(`writes ${epoch} as ${expected}`, () => assert.equal(microTime(epoch), expected));
  }

  const claim = { holder: 'a', duration: 34_001, transitions: 2, acquireTime: 'x', renewTime: 'y' };
  const place = { namespace: 'flux-system', name: 'generatorset' };

  it('is made with whole seconds, never fewer than meant', () => {
    const object = claimLease(claim, { ...place, before: undefined });
    assert.deepEqual(object, {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: place,
      spec: {
        holderIdentity: 'a',
        leaseDurationSeconds: 35,
        acquireTime: 'x',
        renewTime: 'y',
        leaseTransitions: 2,
      },
    });
  });

  it('keeps what else the object holds', () => {
    const before = {
      metadata: { labels: { a: 'b' }, resourceVersion: '7' },
      spec: { strategy: 'x', renewTime: 'old' },
    };
    const object = claimLease(claim, { ...place, before }) as typeof before;
    assert.deepEqual(object.metadata, before.metadata);
    assert.deepEqual([object.spec.strategy, object.spec.renewTime], ['x', 'y']);
  });

  const specs: [string, object, boolean][] = [
    ['gave back', { holderIdentity: '', leaseDurationSeconds: 1 }, true],
    ['lost the name of its holder by hand', { holderIdentity: '', leaseDurationSeconds: 35 }, false],
    ['named nobody ever', {}, false],
    ['is held for a second', { holderIdentity: 'a', leaseDurationSeconds: 1 }, false],
  ];
  for (const [what, spec, expected] of specs) {
    it(`that ${what} is ${expected ? '' : 'not '}released`, () => {
      assert.equal(isReleased(readLease({ metadata: {}, spec: spec as never })), expected);
    });
  }

  it('is read as released when it was written so', () => {
    const object = claimLease({ ...claim, ...RELEASED }, { ...place, before: undefined });
    assert.ok(isReleased(readLease(object)));
  });

  it('is read however odd it is', () => {
    for (const object of [
      {},
      { spec: [] },
      { metadata: 5, spec: { holderIdentity: {}, leaseTransitions: -5 } },
    ]) {
      const { holder, duration, transitions, renewTime } = readLease(object as never);
      assert.deepEqual([holder, duration, transitions, renewTime], ['', 0, 0, '']);
    }
  });
});
