import assert from 'node:assert/strict';
import type { ClusterClient } from '../clients/cluster/cluster-client.ts';
import type { ApiKind, Discovery } from '../clients/cluster/discovery.ts';
import type {
  SharedWatches,
  WatchedObject,
  WatchListener,
  WatchScope,
} from '../clients/cluster/shared-watches.ts';
import { AppliedObjects, type Place } from './applied-objects.ts';
import { RecentTexts } from './recent-texts.ts';

const CONFIG_MAPS: ApiKind = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  namespaced: true,
  verbs: [],
};
const NODES: ApiKind = { apiVersion: 'v1', kind: 'Node', plural: 'nodes', namespaced: false, verbs: [] };
const PLACE: Place = { id: 'apps_a__ConfigMap', kind: CONFIG_MAPS, namespace: 'apps', name: 'a' };
const SET = { namespace: 'apps', name: 'demo' };
const signal = new AbortController().signal;

/** Watches whose events the test makes: the order of events and answers is what is tested here. */
function makeWatches(isWatched = true) {
  const cache = new Map<string, WatchedObject>();
  const listeners = new Map<string, WatchListener>();
  const held: string[] = [];
  const nameOf = ({ client, kind, namespace }: WatchScope) =>
    `${client.user ?? ''} ${kind.plural} ${namespace}`;
  const watches: SharedWatches = {
    acquire(scope, listener) {
      const name = nameOf(scope);
      held.push(name);
      listeners.set(name, listener);
      return {
        synced: async () => isWatched,
        isServed: () => true,
        isFresh: () => true,
        get: (key) => cache.get(key),
        note: (key, object) => void (object ? cache.set(key, object) : cache.delete(key)),
        release: () => void held.splice(held.indexOf(name), 1),
      };
    },
    close: async () => {},
  };
  const see = (key: string, object: WatchedObject | undefined, name = ' configmaps apps') => {
    const before = cache.get(key);
    if (object) cache.set(key, object);
    else cache.delete(key);
    listeners.get(name)?.(key, before, object);
  };
  return { watches, held, see };
}

function object(resourceVersion: string, more: Partial<WatchedObject> = {}): WatchedObject {
  return { uid: 'u', resourceVersion, ownerName: 'demo', ownerNamespace: 'apps', owned: 'ours', ...more };
}

describe('AppliedObjects', () => {
  async function start(isWatched = true) {
    const drifted: string[] = [];
    const applied = new AppliedObjects({ onDrift: (ids) => drifted.push(...ids) });
    const made = makeWatches(isWatched);
    const access = {
      client: {} as ClusterClient,
      discovery: {} as Discovery,
      watches: made.watches,
      set: SET,
    };
    await applied.watch([PLACE], access, signal);
    return { applied, drifted, access, ...made };
  }

  it('takes an object for as applied until somebody touches its fields or labels', async () => {
    const { applied } = await start();
    await applied.write(PLACE, 'text', async () => object('1'));
    const cases: [Partial<WatchedObject>, boolean][] = [
      [{}, true],
      [{ annotations: { 'generatorset.dev/prune': 'disabled' } }, true],
      [{ owned: 'less' }, false],
      [{ uid: 'v' }, false],
      [{ ownerName: 'other' }, false],
      [{ ownerNamespace: 'other' }, false],
    ];
    for (const [change, expected] of cases) {
      assert.equal(
        applied.isAsApplied(PLACE.id, 'text', object('2', change)),
        expected,
        JSON.stringify(change),
      );
    }
    assert.equal(applied.isAsApplied(PLACE.id, 'other text', object('1')), false);
    assert.equal(applied.isAsApplied('apps_b__ConfigMap', 'text', object('1')), false);
  });

  it('reports what others change and delete, and only of objects that it knows', async () => {
    const { applied, drifted, see } = await start();
    await applied.write(PLACE, 'text', async () => object('1'));
    see('apps/a', object('1'));
    see('apps/a', object('2'));
    see('apps/b', object('3'));
    assert.deepEqual(drifted, []);
    see('apps/a', object('4', { owned: 'less' }));
    see('apps/a', undefined);
    assert.deepEqual(drifted, [PLACE.id, PLACE.id]);
    applied.forget(PLACE.id);
    see('apps/a', object('5', { uid: 'v' }));
    assert.equal(drifted.length, 2);
  });

  it('does not take its own writes for drift, whichever comes first, event or answer', async () => {
    const { applied, drifted, see } = await start();
    await applied.write(PLACE, 'text', async () => object('1'));
    see('apps/a', object('1'));
    await applied.write(PLACE, 'text 2', async () => {
      see('apps/a', object('2', { owned: 'more' }));
      return object('2', { owned: 'more' });
    });
    await applied.write(PLACE, 'text 3', async () => object('3', { owned: 'most' }));
    see('apps/a', object('3', { owned: 'most' }));
    assert.deepEqual(drifted, []);
  });

  it('sees a change by others that is heard of before the answer of the write it follows', async () => {
    const { applied, drifted, see } = await start();
    await applied.write(PLACE, 'text', async () => {
      see('apps/a', object('1'));
      see('apps/a', object('2', { owned: 'less' }));
      return object('1');
    });
    assert.deepEqual(drifted, [PLACE.id]);
    assert.equal(applied.isAsApplied(PLACE.id, 'text', applied.find(PLACE) as WatchedObject), false);
  });

  it('lets the answer stand over a change by others that came before it', async () => {
    const { applied, drifted, see } = await start();
    await applied.write(PLACE, 'text', async () => {
      see('apps/a', object('1', { owned: 'less' }));
      return object('2');
    });
    assert.deepEqual(drifted, []);
    assert.equal(applied.isAsApplied(PLACE.id, 'text', applied.find(PLACE) as WatchedObject), true);
  });

  it('remembers nothing of a write that failed, and hears of others again', async () => {
    const { applied, drifted, see } = await start();
    await applied.write(PLACE, 'text', async () => object('1'));
    await assert.rejects(
      applied.write(PLACE, 'text 2', () => Promise.reject(new Error('no'))),
      { message: 'no' },
    );
    assert.deepEqual(
      [applied.hasApplied(PLACE.id, 'text'), applied.hasApplied(PLACE.id, 'text 2')],
      [true, false],
    );
    see('apps/a', undefined);
    assert.deepEqual(drifted, [PLACE.id]);
  });

  it('forgets that an object was ready when it is written or touched', async () => {
    const { applied, see } = await start();
    await applied.write(PLACE, 'text', async () => object('1'));
    applied.noteReady(PLACE.id);
    assert.equal(applied.isReady(PLACE.id), true);
    see('apps/a', object('2', { owned: 'less' }));
    assert.equal(applied.isReady(PLACE.id), false);
    applied.noteReady(PLACE.id);
    await applied.write(PLACE, 'text', async () => object('3'));
    assert.equal(applied.isReady(PLACE.id), false);
  });

  it('holds one watch for each kind and namespace, and lets go of what is no longer wanted', async () => {
    const { applied, access, held } = await start();
    const node: Place = { id: '_n__Node', kind: NODES, namespace: '', name: 'n' };
    await applied.watch([PLACE, PLACE, node], access, signal);
    assert.deepEqual(held, [' configmaps apps', ' nodes ']);
    await applied.watch([node], access, signal);
    assert.deepEqual(held, [' nodes ']);
    const tenant = { ...access, client: { user: 'tenant' } as ClusterClient };
    await applied.watch([node], tenant, signal);
    assert.deepEqual(held, ['tenant nodes '], 'another identity needs watches of its own');
    applied.release();
    assert.deepEqual(held, []);
  });

  it('knows objects without namespaces, too', async () => {
    const { applied, access, drifted, see } = await start();
    const node: Place = { id: '_n__Node', kind: NODES, namespace: '', name: 'n' };
    await applied.watch([node], access, signal);
    await applied.write(node, 'text', async () => object('1'));
    see('n', undefined, ' nodes ');
    assert.deepEqual(drifted, ['_n__Node']);
  });

  it('gives up the texts of what it forgets', async () => {
    const texts = new RecentTexts();
    const applied = new AppliedObjects({ onDrift() {}, texts });
    const kept = (id: string) => {
      applied.keepText(id, `text of ${id}`);
      return applied.lastText(id);
    };
    assert.deepEqual(['a', 'b'].map(kept), ['text of a', 'text of b']);
    applied.keepText('a', 'another');
    assert.equal(applied.lastText('a'), 'another');
    applied.forget('a');
    assert.deepEqual([applied.lastText('a'), applied.lastText('b')], [undefined, 'text of b']);
    applied.release();
    assert.equal(applied.lastText('b'), undefined);
  });

  it('says what it may not watch, and knows nothing of that', async () => {
    const { applied, access } = await start(false);
    assert.equal(applied.find(PLACE), 'unknown');
    const node: Place = { id: '_n__Node', kind: NODES, namespace: '', name: 'n' };
    await applied.watch([PLACE, node], access, signal);
    assert.equal(applied.unwatched(), 'configmaps in apps, nodes');
    const many = Array.from({ length: 30 }, (_, n) => ({ ...PLACE, namespace: `n${n}` }));
    await applied.watch(many, access, signal);
    assert.match(applied.unwatched() ?? '', / in n9 and 20 more$/);
    assert.equal((await start()).applied.unwatched(), undefined);
  });

  it('does not wait for a watch that never begins once the pass is over', async () => {
    const applied = new AppliedObjects({ onDrift() {} });
    const { watches } = makeWatches();
    const never: SharedWatches = {
      ...watches,
      acquire: (...args) => ({
        ...watches.acquire(...args),
        isServed: () => true,
        synced: (until) =>
          new Promise((_, reject) => until.addEventListener('abort', () => reject(until.reason))),
      }),
    };
    const access = { client: {} as ClusterClient, discovery: {} as Discovery, watches: never, set: SET };
    const pass = new AbortController();
    const waited = applied.watch([PLACE], access, pass.signal);
    pass.abort(new Error('over'));
    await assert.rejects(waited, { message: 'over' });
  });
});
