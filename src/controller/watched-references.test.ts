import assert from 'node:assert/strict';
import type { ObjectRef } from '../api/readers.ts';
import type { Resource } from '../api/resource.ts';
import type { ApiKind } from '../clients/cluster/discovery.ts';
import type { WatchedObject, WatchListener } from '../clients/cluster/shared-watches.ts';
import { type KeptReference, packReference, readReference } from './kept-reference.ts';
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

describe('WatchedReferences of a list', () => {
  const LIST = {
    apiVersion: 'x/v1',
    kind: 'Source',
    namespace: 'apps',
    labelSelector: { matchLabels: { team: 'a' } },
  };
  type Told = readonly [name: string, after: Seen | undefined];

  /** A list whose reads give what the test says, with what is heard before, during and after each of them. */
  function setUpList({ isWatched = true } = {}) {
    const changes: Use[] = [];
    const scopes: { labelSelector?: string; namespace: string }[] = [];
    let listener: WatchListener = () => assert.fail('nobody listens');
    let held = 0;
    const references = new WatchedReferences((use) => changes.push(use), 20);
    const tell = ([name, after]: Told) => listener(`apps/${name}`, undefined, after);
    const read = (objects: Record<string, Seen> | Error, during: readonly Told[] = []) => {
      const list = async () => {
        for (const told of during) tell(told);
        if (objects instanceof Error) throw objects;
        return Object.entries(objects).map(([name, seen]) => ({
          metadata: { name, namespace: 'apps', ...seen },
        }));
      };
      const options = {
        use: 'generate',
        client: { user: 'tenant' },
        discovery: { find: async () => KIND },
        watches: {
          acquire(scope: (typeof scopes)[number], heard: WatchListener) {
            scopes.push(scope);
            listener = heard;
            held++;
            return { synced: async () => isWatched, get: () => undefined, release: () => held-- };
          },
        },
        reader: { list },
      } as unknown as Parameters<WatchedReferences['reader']>[0];
      return references.reader(options).list(LIST, signal);
    };
    return { references, changes, scopes, read, tell, held: () => held };
  }

  it('is watched by its selector, once', async () => {
    const { scopes, read, held } = setUpList();
    await read({});
    await read({});
    assert.deepEqual(
      scopes.map(({ labelSelector, namespace }) => [labelSelector, namespace]),
      [['team=a', 'apps']],
    );
    assert.equal(held(), 1);
  });

  const cases: [what: string, told: Told[], during: boolean, changes: number][] = [
    ['an object as it was read', [['a', seen('5')]], false, 0],
    [
      'an object that changes, told twice',
      [
        ['a', seen('6')],
        ['a', seen('6')],
      ],
      false,
      1,
    ],
    ['one that comes', [['b', seen('6')]], false, 1],
    ['one that goes', [['a', undefined]], false, 1],
    ['one that was never there going', [['b', undefined]], false, 0],
    ['an older version while it is read', [['a', seen('4')]], true, 0],
    ['the version that was read while it is read', [['a', seen('5')]], true, 0],
    ['a newer version while it is read', [['a', seen('6')]], true, 1],
    ['one that comes while it is read', [['b', seen('6')]], true, 1],
    [
      'one that came and went while it is read',
      [
        ['b', seen('6')],
        ['b', undefined],
      ],
      true,
      0,
    ],
    ['one that goes while it is read', [['a', undefined]], true, 1],
  ];
  for (const [what, told, isDuring, count] of cases) {
    it(`takes ${what} as ${count === 0 ? 'none' : 'a change'}`, async () => {
      const { changes, read, tell } = setUpList();
      await read({ a: seen('5') }, isDuring ? told : []);
      if (!isDuring) for (const one of told) tell(one);
      assert.equal(changes.length, count);
    });
  }

  it('loses nothing that is heard during a reading that fails', async () => {
    const { changes, read } = setUpList();
    await read({ a: seen('5') });
    await assert.rejects(read(new Error('down'), [['a', seen('6')]]), { message: 'down' });
    assert.deepEqual(changes, ['generate']);
  });

  it('says what may not be watched, also where it may not be read either', async () => {
    const { references, read } = setUpList({ isWatched: false });
    references.beginPass();
    await assert.rejects(read(new Error('forbidden')), { message: 'forbidden' });
    assert.deepEqual(references.unwatched(), ['sources in apps']);
    references.release();
    assert.deepEqual(references.unwatched(), []);
  });
});

describe('WatchedReferences that are kept', () => {
  const LIST = { apiVersion: 'x/v1', kind: 'Source', namespace: 'apps', labelSelector: {} };
  type Objects = Record<string, Seen>;

  /** A process that finds these objects, and what it is told of. */
  function start(objects: Objects | Error) {
    const changes: Use[] = [];
    const listeners: WatchListener[] = [];
    const references = new WatchedReferences((use) => changes.push(use), 20);
    const all = () => {
      if (objects instanceof Error) throw objects;
      return Object.entries(objects).map(
        ([name, metadata]) => ({ metadata: { name, namespace: 'apps', ...metadata } }) as unknown as Resource,
      );
    };
    const acquire = (_: unknown, listener: WatchListener) => {
      listeners.push(listener);
      return { synced: async () => true, get: () => undefined, release() {} };
    };
    const readerFor = (use: Use) =>
      references.reader({
        ...{ use, client: { user: 'tenant' }, watches: { acquire } },
        discovery: { find: async () => KIND },
        reader: {
          get: async (ref: ObjectRef) => all().find(({ metadata }) => metadata.name === ref.name),
          list: async () => all(),
        },
      } as unknown as Parameters<WatchedReferences['reader']>[0]);
    const tell = (name: string, after: Seen | undefined) => {
      for (const listener of listeners) listener(`apps/${name}`, undefined, after);
    };
    return { references, changes, readerFor, tell };
  }

  /** What a process keeps that has read an object and a list for this use. */
  async function keep(use: Use, objects: Objects): Promise<readonly KeptReference[]> {
    const { references, readerFor } = start(objects);
    references.beginPass();
    await readerFor(use).get(REF, signal);
    await readerFor(use).list(LIST, signal);
    const kept = references.kept();
    assert.ok(kept);
    // As a checkpoint keeps them.
    return kept.map((reference) => readReference(packReference(reference)) ?? assert.fail());
  }

  const before = { a: seen('1', 1), b: seen('2', 1) };
  const cases: [what: string, use: 'generate' | 'target', after: Objects, changes: number][] = [
    ['nothing else', 'generate', { b: before.b, a: before.a }, 0],
    ['the object in another version', 'generate', { ...before, a: seen('3', 1) }, 2],
    ['another status of a target', 'target', { ...before, a: seen('3', 1) }, 0],
    ['another spec of a target', 'target', { ...before, a: seen('3', 2) }, 2],
    ['one more in the list', 'generate', { ...before, c: seen('3', 1) }, 1],
    ['one less in the list', 'generate', { a: before.a }, 1],
    ['no object', 'generate', { b: before.b }, 2],
    ['another object of the name', 'target', { ...before, a: seen('3', 1, 'other') }, 2],
  ];
  for (const [what, use, after, count] of cases) {
    it(`tell ${count === 0 ? 'no change' : 'a change'} where the next process finds ${what}`, async () => {
      const { references, changes, readerFor } = start(after);
      await references.restore(await keep(use, before), readerFor, signal);
      assert.deepEqual(changes, Array(count).fill(use));
    });
  }

  it('are watched by the next process', async () => {
    const kept = await keep('generate', before);
    const { references, changes, readerFor, tell } = start(before);
    await references.restore(kept, readerFor, signal);
    tell('a', before.a);
    assert.deepEqual(changes, []);
    tell('b', seen('9', 1));
    assert.deepEqual(changes, ['generate']);
    assert.deepEqual(references.kept(), kept, 'until a pass has read what is new');
  });

  it('leave to a pass what cannot be read', async () => {
    const { references, changes, readerFor } = start(new Error('forbidden'));
    await references.restore(await keep('generate', before), readerFor, signal);
    assert.deepEqual(changes, ['generate', 'generate']);
  });

  it('are those of the last reading, not what was heard since', async () => {
    const { references, changes, readerFor, tell } = start(before);
    await readerFor('generate').get(REF, signal);
    const kept = references.kept();
    tell('a', seen('5', 1));
    assert.deepEqual(changes, ['generate']);
    assert.deepEqual(references.kept(), kept);
  });

  it('are no dependencies, which concern only who waits', async () => {
    const { references, readerFor } = start(before);
    await readerFor('depend').get(REF, signal);
    assert.deepEqual(references.kept(), []);
  });

  it('are unknown where a list was never read, and where there are too many', async () => {
    const failing = start(new Error('down'));
    await assert.rejects(failing.readerFor('generate').list(LIST, signal));
    assert.equal(failing.references.kept(), undefined);
    const many = start({});
    for (let i = 0; i < 150; i++) await many.readerFor('generate').get({ ...REF, name: `n-${i}` }, signal);
    assert.equal(many.references.kept(), undefined);
  });
});
