import assert from 'node:assert/strict';
import { FakeCollection, refusal } from '../../../test/harness/fake-collection.ts';
import { ManualClock, settle } from '../../../test/harness/manual-clock.ts';
import { silentLogger } from '../../lib/logger.ts';
import type { ClusterClient } from './cluster-client.ts';
import type { SharedWatches, WatchScope } from './shared-watches.ts';
import { createSharedWatches } from './watch-sharing.ts';

const CONFIG_MAPS = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  namespaced: true,
  verbs: ['get', 'list', 'watch'],
};

describe('createSharedWatches', () => {
  const { signal } = new AbortController();
  let server: FakeCollection;
  let clock: ManualClock;
  let watches: SharedWatches;
  let failed: number;
  let told: string[];

  beforeEach(() => {
    server = new FakeCollection();
    clock = new ManualClock();
    failed = 0;
    told = [];
    watches = createSharedWatches({
      clock,
      random: () => 0.5,
      log: silentLogger,
      metrics: { broken() {}, relisted() {}, cacheMiss() {}, listenerFailed: () => void failed++ },
    });
  });
  afterEach(() => watches.close());

  function scope(parts: Partial<WatchScope> = {}): WatchScope {
    return { client: server, kind: CONFIG_MAPS, namespace: 'default', ...parts };
  }

  function hold(name: string, parts: Partial<WatchScope> = {}) {
    return watches.acquire(scope(parts), (key, before, after) => {
      told.push(`${name} ${key}: ${before?.resourceVersion ?? '-'} ${after?.resourceVersion ?? '-'}`);
    });
  }

  it('opens one watch for all who ask for the same', async () => {
    const handles = [hold('one'), hold('other')];
    assert.deepEqual(await Promise.all(handles.map((it) => it.synced(signal))), [true, true]);
    await settle();
    assert.equal(server.requests.length, 2);
    server.put('a');
    await settle();
    assert.deepEqual(told, ['one default/a: - 101', 'other default/a: - 101']);
  });

  it('tells of all objects once when their kind is not served any more', async () => {
    server.put('a');
    const handle = hold('one');
    await handle.synced(signal);
    told = [];
    server.streamFailures.push(...Array.from({ length: 3 }, () => refusal(404)));
    server.streams[0]?.end();
    for (let tries = 0; tries < 3; tries++) {
      await settle();
      await clock.advance(600_000);
    }
    assert.deepEqual(told, ['one default/a: 101 -']);
    assert.equal(await handle.synced(signal), true);
  });

  for (const [status, isServed] of [
    [404, false],
    [405, true],
    [403, true],
  ] as const) {
    it(`tells after ${status} that the kind is ${isServed ? 'served' : 'not served'}, and when it is again`, async () => {
      server.requestFailures.push(refusal(status));
      const handle = hold('one');
      assert.equal(await handle.synced(signal), false);
      assert.equal(handle.isServed(), isServed);
      await settle();
      await clock.advance(600_000);
      assert.equal(await handle.synced(signal), true);
      assert.equal(handle.isServed(), true);
    });
  }

  it('asks at once again for a kind that was not there, when somebody wants it', async () => {
    server.requestFailures.push(refusal(404), refusal(404));
    const handle = hold('one');
    assert.equal(await handle.synced(signal), false);
    await settle();
    assert.equal(await handle.synced(signal), false);
    await settle();
    server.put('a');
    assert.equal(await handle.synced(signal), true);
    assert.equal(handle.get('default/a')?.resourceVersion, '101');
  });

  const user = Object.assign(new FakeCollection(), { user: 'system:serviceaccount:a:b' }) as ClusterClient;
  for (const [name, parts] of [
    ['identity', { client: user }],
    ['kind', { kind: { ...CONFIG_MAPS, plural: 'secrets', kind: 'Secret' } }],
    ['version', { kind: { ...CONFIG_MAPS, apiVersion: 'v2' } }],
    ['namespace', { namespace: 'other' }],
    ['selector', { labelSelector: 'a' }],
  ] as [string, Partial<WatchScope>][]) {
    it(`shares nothing with another ${name}`, async () => {
      const one = hold('one');
      const other = hold('other', parts);
      await one.synced(signal);
      server.put('a');
      await settle();
      assert.equal(one.get('default/a')?.resourceVersion, '101');
      one.note('default/b', { uid: 'b', resourceVersion: '900' });
      assert.equal(other.get('default/b'), undefined);
    });
  }

  it('knows at once for whoever comes later, and replays nothing', async () => {
    server.put('a');
    await hold('one').synced(signal);
    told.length = 0;
    const late = hold('late');
    assert.equal(late.get('default/a')?.resourceVersion, '101');
    assert.deepEqual([late.isFresh(), told], [true, []]);
  });

  it('tells the others what one has written, and nobody twice', async () => {
    const handle = hold('writer');
    hold('other');
    await handle.synced(signal);
    await settle();
    const resourceVersion = server.put('a');
    handle.note('default/a', { uid: 'a', resourceVersion });
    assert.deepEqual(told, ['other default/a: - 101']);
    await settle();
    assert.equal(told.length, 1);
  });

  it('goes on for a while when nobody holds it, and ends then', async () => {
    const handle = hold('one');
    await handle.synced(signal);
    await settle();
    handle.release();
    handle.release();
    await clock.advance(29_000);
    assert.equal(server.streams.length, 1);
    const again = hold('again');
    await clock.advance(60_000);
    assert.equal(server.streams.length, 1);
    again.release();
    await clock.advance(30_000);
    assert.equal(server.streams.length, 0);
    server.put('a');
    assert.deepEqual(told, []);
  });

  it('begins anew for whoever comes after the end', async () => {
    const handle = hold('one');
    await handle.synced(signal);
    handle.release();
    await clock.advance(31_000);
    server.put('a');
    const next = hold('next');
    assert.equal(await next.synced(signal), true);
    assert.equal(next.get('default/a')?.resourceVersion, '101');
  });

  it('goes on when a listener throws', async () => {
    watches.acquire(scope(), () => {
      throw new Error('listener');
    });
    const other = hold('other');
    await other.synced(signal);
    server.put('a');
    await settle();
    assert.deepEqual([told.length, failed], [1, 1]);
  });

  for (const verbs of [['get'], ['get', 'list'], ['watch']]) {
    it(`asks nothing of a kind that knows only ${verbs}`, async () => {
      const handle = hold('one', { kind: { ...CONFIG_MAPS, verbs } });
      assert.equal(await handle.synced(signal), false);
      assert.deepEqual(
        [handle.isFresh(), handle.get('default/a'), server.requests.length],
        [false, undefined, 0],
      );
      handle.note('default/a', undefined);
      handle.release();
    });
  }

  it('ends all of them', async () => {
    await hold('one').synced(signal);
    hold('other', { namespace: 'other' });
    await settle();
    await watches.close();
    assert.equal(server.streams.length, 0);
    assert.throws(() => hold('late'), /closed/);
  });

  it('lists a few collections at a time', async () => {
    let underWay = 0;
    let most = 0;
    const slow = Object.assign(new FakeCollection(), {
      request: async () => {
        most = Math.max(most, ++underWay);
        await settle();
        underWay--;
        return { metadata: { resourceVersion: '1' }, items: [] };
      },
    });
    const handles = Array.from({ length: 20 }, (_, i) => hold('x', { client: slow, namespace: `n${i}` }));
    await Promise.all(handles.map((it) => it.synced(signal)));
    assert.equal(most, 4);
  });
});
