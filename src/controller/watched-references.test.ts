import assert from 'node:assert/strict';
import type { ObjectRef } from '../api/readers.ts';
import type { Resource } from '../api/resource.ts';
import type { ApiKind } from '../clients/cluster/discovery.ts';
import type { WatchedObject, WatchListener } from '../clients/cluster/shared-watches.ts';
import { type Use, WatchedReferences } from './watched-references.ts';

const REF: ObjectRef = { apiVersion: 'x/v1', kind: 'Source', namespace: 'apps', name: 'a' };
const KIND = { apiVersion: 'x/v1', plural: 'sources', namespaced: true } as ApiKind;
const { signal } = new AbortController();

type Seen = Pick<WatchedObject, 'uid' | 'resourceVersion' | 'generation'>;
const seen = (resourceVersion: string, generation?: number, uid = 'u'): Seen => ({
  uid,
  resourceVersion,
  ...(generation !== undefined && { generation }),
});

/** References to one object whose reads and watch are in the hands of the test. */
function setUp({
  isWatched = true,
  cached,
}: {
  isWatched?: boolean | ((signal: AbortSignal) => Promise<boolean>);
  cached?: Seen;
} = {}) {
  const changes: Use[] = [];
  const listeners = new Map<Use, WatchListener>();
  let held = 0;
  const references = new WatchedReferences((use) => changes.push(use), 20);
  const read = (use: Use, object: Seen | undefined) => {
    const acquire = (_: unknown, listener: WatchListener) => {
      listeners.set(use, listener);
      held++;
      return {
        synced: async (limit: AbortSignal) => (typeof isWatched === 'boolean' ? isWatched : isWatched(limit)),
        get: () => cached,
        release: () => held--,
      };
    };
    const options = {
      use,
      client: { user: 'tenant' },
      discovery: { find: async () => KIND },
      watches: { acquire },
      reader: { get: async () => object && ({ metadata: { ...object } } as unknown as Resource) },
    } as unknown as Parameters<WatchedReferences['reader']>[0];
    return references.reader(options).get(REF, signal);
  };
  const tell = (use: Use, after: Seen | undefined, key = 'apps/a') =>
    listeners.get(use)?.(key, undefined, after);
  return { references, changes, read, tell, held: () => held };
}

describe('WatchedReferences', () => {
  const cases: [
    what: string,
    use: Use,
    before: Seen | undefined,
    after: Seen | undefined,
    isNews: boolean,
  ][] = [
    ['what was read', 'generate', seen('1', 1), seen('1', 1), false],
    ['another status for elements', 'generate', seen('1', 1), seen('2', 1), true],
    ['another status for a dependency', 'depend', seen('1', 1), seen('2', 1), true],
    ['another status for a target', 'target', seen('1', 1), seen('2', 1), false],
    ['another spec for a target', 'target', seen('1', 1), seen('2', 2), true],
    ['another object for a target', 'target', seen('1', 1), seen('2', 1, 'v'), true],
    ['another Secret for a target', 'target', seen('1'), seen('2'), true],
    ['that it has come', 'target', undefined, seen('2', 1), true],
    ['that it has gone', 'target', seen('1', 1), undefined, true],
    ['that it is still not there', 'depend', undefined, undefined, false],
  ];
  for (const [what, use, before, after, isNews] of cases) {
    it(`takes ${what} as ${isNews ? 'a change' : 'none'}`, async () => {
      const { changes, read, tell } = setUp();
      await read(use, before);
      tell(use, after, 'apps/other');
      tell(use, after);
      tell(use, after);
      assert.deepEqual(changes, isNews ? [use] : []);
    });
  }

  const races: [what: string, read: Seen | undefined, cached: Seen | undefined, isNews: boolean][] = [
    ['older than the watch shows', seen('1'), seen('2'), true],
    ['as the watch shows', seen('2'), seen('2'), false],
    ['newer than the watch shows', seen('3'), seen('2'), false],
    ['not yet known to the watch', seen('3'), undefined, false],
    ['missing and has come meanwhile', undefined, seen('2'), true],
  ];
  for (const [what, object, cached, isNews] of races) {
    it(`${isNews ? 'tells' : 'tells nothing'} when what was read is ${what}`, async () => {
      const { changes, read } = setUp(cached ? { cached } : {});
      await read('generate', object);
      assert.deepEqual(changes, isNews ? ['generate'] : []);
    });
  }

  it('keeps what a pass did not read until one has read everything', async () => {
    const { references, changes, read, tell, held } = setUp();
    references.beginPass();
    await read('generate', seen('1'));
    await read('target', seen('1'));
    // Elements from memory
    references.beginPass();
    await read('target', seen('1'));
    assert.equal(held(), 2);
    tell('generate', seen('2'));
    assert.deepEqual(changes, ['generate']);

    references.beginPass();
    await read('target', seen('1'));
    references.endPass();
    assert.equal(held(), 1);
    references.release();
    assert.equal(held(), 0);
  });

  it('says once what may not be watched, also in passes that do not read it', async () => {
    const { references, read } = setUp({ isWatched: false });
    assert.deepEqual(references.unwatched(), []);
    references.beginPass();
    await read('generate', seen('1'));
    await read('target', seen('1'));
    assert.deepEqual(references.unwatched(), ['sources in apps']);
    references.beginPass();
    assert.deepEqual(references.unwatched(), ['sources in apps']);
    references.endPass();
    assert.deepEqual(references.unwatched(), []);
  });

  it('does not wait for a watch that does not begin, and says so', async () => {
    const isWatched = (limit: AbortSignal): Promise<boolean> =>
      new Promise((_, reject) => limit.addEventListener('abort', () => reject(limit.reason), { once: true }));
    const { references, read } = setUp({ isWatched });
    references.beginPass();
    await read('generate', seen('1'));
    assert.deepEqual(references.unwatched(), ['sources in apps']);
  });
});
