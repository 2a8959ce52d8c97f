import assert from 'node:assert/strict';
import { type FakeCollection, refusal } from '../../../test/harness/fake-collection.ts';
import { FollowedCollection } from '../../../test/harness/followed-collection.ts';
import { type ManualClock, settle } from '../../../test/harness/manual-clock.ts';
import type { JsonObject } from '../../lib/json.ts';
import { versionOf } from './watch-event.ts';

describe('ListWatch', () => {
  let followed: FollowedCollection;
  let server: FakeCollection;
  let clock: ManualClock;

  beforeEach(() => {
    followed = new FollowedCollection();
    ({ server, clock } = followed);
  });
  afterEach(() => followed.stop.abort());

  it('lists page by page, then watches from the version of the list', async () => {
    for (let i = 0; i < 5; i++) server.put(`object-${i}`);
    await followed.start({ pageSize: 2 });
    assert.deepEqual(followed.lists(), [
      { limit: '2' },
      { limit: '2', continue: '2' },
      { limit: '2', continue: '4' },
    ]);
    assert.deepEqual(followed.watches(), [
      { watch: 'true', allowWatchBookmarks: 'true', resourceVersion: '105', timeoutSeconds: '450' },
    ]);
    assert.equal(followed.told.length, 5);
    server.put('object-1');
    server.remove('object-2');
    await settle();
    assert.equal(followed.watch.size, 4);
    assert.equal(followed.watch.get('default/object-1'), '106');
    followed.assertEqual();
  });

  it('is whole only after the last page', async () => {
    for (let i = 0; i < 3; i++) server.put(`object-${i}`);
    const second = Promise.withResolvers<void>();
    server.answer = ({ query }) => {
      if (query?.['continue']) server.gate = undefined;
      else server.gate = second.promise;
      return undefined;
    };
    await followed.start({ pageSize: 2 });
    assert.deepEqual(
      [followed.watch.size, followed.watch.isFresh(), followed.watch.state],
      [0, false, 'starting'],
    );
    second.resolve();
    await followed.watch.synced;
    assert.deepEqual(
      [followed.watch.size, followed.watch.isFresh(), followed.watch.state],
      [3, true, 'watching'],
    );
    assert.equal(await followed.watch.settled(followed.stop.signal), true);
  });

  for (const [name, end] of [
    ['a reset', (it) => it.end(new Error('ECONNRESET'))],
    ['a regular end', (it) => it.end()],
    ['garbage', (it) => it.push('{"type":"ADDED","object":{"metad\n')],
    ['an object without a version', (it) => it.push('{"type":"ADDED","object":{"metadata":{"name":"a"}}}\n')],
    [
      'an end within a line',
      (it) => {
        it.push('{"type":"AD');
        it.end();
      },
    ],
    ['an ERROR event', (it) => it.push('{"type":"ERROR","object":{"kind":"Status","code":500}}\n')],
    ['an ERROR event without a status', (it) => it.push('{"type":"ERROR","object":{}}\n')],
    ['a line that never ends', (it) => it.push('x'.repeat(8 * 1024 * 1024 + 1))],
  ] as [string, (stream: FakeCollection['streams'][number]) => void][]) {
    it(`resumes from the last version after ${name}, without a list`, async () => {
      await followed.start();
      const version = server.put('before');
      await settle();
      end(server.streams[0] as FakeCollection['streams'][number]);
      server.put('meanwhile');
      await clock.advance(1000);
      assert.equal(followed.lists().length, 1);
      assert.equal(followed.watches().at(-1)?.['resourceVersion'], version);
      followed.assertEqual();
      assert.equal(followed.watch.isFresh(), true);
    });
  }

  for (const [name, fail] of [
    [
      'an ERROR event 410',
      () => server.streams[0]?.push('{"type":"ERROR","object":{"kind":"Status","code":410}}\n'),
    ],
    [
      'an ERROR event Expired',
      () => server.streams[0]?.push('{"type":"ERROR","object":{"kind":"Status","reason":"Expired"}}\n'),
    ],
    [
      'the answer 410',
      () => {
        server.streamFailures.push(refusal(410));
        server.streams[0]?.end();
      },
    ],
  ] as [string, () => void][]) {
    it(`lists anew after ${name} and sees what was deleted meanwhile`, async () => {
      server.put('a');
      server.put('b');
      await followed.start();
      fail();
      await settle();
      server.forget();
      server.remove('b', { isLost: true });
      server.put('c', { isLost: true });
      await clock.advance(8000);
      assert.equal(followed.lists().length, 2);
      assert.deepEqual(followed.told.slice(2), ['default/c: - 104', 'default/b: 102 -']);
      followed.assertEqual();
      assert.equal(followed.counts['relisted'], 1);
    });
  }

  it('advances with bookmarks', async () => {
    await followed.start();
    server.bookmark();
    await settle();
    server.streams[0]?.end(new Error('reset'));
    await clock.advance(1000);
    assert.equal(followed.watches().at(-1)?.['resourceVersion'], '101');
  });

  it('notices a connection that nobody has ended', async () => {
    await followed.start();
    server.put('a');
    await clock.advance(89_000);
    assert.equal(followed.watches().length, 1);
    await clock.advance(90_000);
    assert.ok(followed.watches().length >= 2);
    assert.ok((followed.counts['silent'] ?? 0) >= 1);
    assert.equal(followed.watches()[1]?.['resourceVersion'], '101');
  });

  it('waits for the answer to a watch no longer than 30 s', async () => {
    server.put('a');
    await followed.start();
    server.gate = new Promise(() => {});
    server.streams[0]?.end();
    await clock.advance(500);
    assert.equal(followed.watches().length, 2);
    await clock.advance(29_000);
    assert.equal(followed.watch.state, 'watching');
    await clock.advance(2000);
    assert.deepEqual([followed.watch.state, followed.counts['silent']], ['broken', 1]);
  });

  it('never takes a partial list for the world', async () => {
    for (let i = 0; i < 4; i++) server.put(`object-${i}`);
    await followed.start({ pageSize: 2 });
    server.streamFailures.push(refusal(410));
    server.streams[0]?.end();
    server.requestFailures.push(undefined, refusal(500));
    await clock.advance(600);
    await clock.advance(2600);
    assert.deepEqual([followed.told.length, followed.watch.size, followed.watch.state], [4, 4, 'broken']);
    await clock.advance(10_000);
    assert.deepEqual([followed.told.length, followed.watch.size, followed.watch.state], [4, 4, 'watching']);
  });

  for (const [when, noted] of [
    ['a list waits for its turn', 'opaque'],
    ['a list is read', '100'],
  ] as const) {
    it(`keeps nothing that was written while ${when} and is gone in it`, async () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      const isWaiting = noted === 'opaque';
      if (!isWaiting) server.gate = promise;
      server.version = 105;
      await followed.start({
        limitLists: async (action) => {
          if (isWaiting) await promise;
          return action();
        },
      });
      followed.watch.note('default/a', noted);
      server.gate = undefined;
      resolve();
      await followed.watch.synced;
      assert.deepEqual(
        [followed.watch.get('default/a'), followed.told],
        [undefined, [`default/a: ${noted} -`]],
      );
    });
  }

  it('begins a list anew when its continuation expires', async () => {
    for (let i = 0; i < 4; i++) server.put(`object-${i}`);
    server.requestFailures.push(undefined, refusal(410));
    await followed.start({ pageSize: 2 });
    assert.deepEqual(
      followed.lists().map((it) => it['continue'] ?? ''),
      ['', '2', '', '2'],
    );
    followed.assertEqual();
  });

  it('waits as long as the server asks', async () => {
    server.requestFailures.push(refusal(429, { retryAfter: 20_000 }));
    await followed.start();
    await clock.advance(19_900);
    assert.equal(server.requests.length, 1);
    await clock.advance(1100);
    assert.equal(followed.watch.isFresh(), true);
  });

  for (const [status, state] of [
    [403, 'forbidden'],
    [404, 'gone'],
  ] as const) {
    it(`is ${state} after ${status}, asks seldom, and comes back when it may`, async () => {
      const failures = Array.from({ length: 3 }, () => refusal(status));
      server.requestFailures.push(...failures);
      await followed.start();
      assert.equal(followed.watch.state, state);
      await clock.advance(30_000);
      assert.equal(server.requests.length, 1);
      assert.equal(await followed.watch.settled(followed.stop.signal), false);
      await clock.advance(600_000);
      assert.deepEqual(
        [followed.watch.state, await followed.watch.settled(followed.stop.signal)],
        ['watching', true],
      );
      assert.ok(clock.sleeps.filter((it) => it > 300_000 && it < 1e8).length < 2);
    });
  }

  it('is not fresh when the right to watch is taken away', async () => {
    await followed.start();
    server.streamFailures.push(...Array.from({ length: 5 }, () => refusal(403)));
    server.streams[0]?.end();
    await clock.advance(1000);
    assert.deepEqual(
      [followed.watch.isFresh(), await followed.watch.settled(followed.stop.signal)],
      [false, false],
    );
  });

  for (const [what, failure, isWhole] of [
    ['is not whole for whoever may list and not watch', 403, false],
    ['is whole when it is listed, though its first watch breaks', 500, true],
  ] as const) {
    it(what, async () => {
      server.streamFailures.push(...Array.from({ length: 5 }, () => refusal(failure)));
      await followed.start();
      assert.equal(await followed.watch.settled(followed.stop.signal), isWhole);
    });
  }

  it('goes on when a listener throws, and counts it', async () => {
    await followed.start({
      onChange: (key) => {
        followed.told.push(key);
        throw new Error('listener');
      },
    });
    server.put('a');
    server.put('b');
    await settle();
    assert.deepEqual(followed.told, ['default/a', 'default/b']);
    assert.deepEqual(followed.counts, { listenerFailed: 2 });
    followed.assertEqual();
  });

  it('goes on when whoever is told of errors throws', async () => {
    server.requestFailures.push(refusal(500));
    await followed.start({
      onError: (error) => {
        throw error;
      },
    });
    await clock.advance(1000);
    assert.deepEqual([followed.watch.isFresh(), followed.counts['listenerFailed']], [true, 1]);
  });

  it('does without an object that cannot be stripped', async () => {
    await followed.start({
      strip: (object) => {
        if ((object['metadata'] as JsonObject)['name'] === 'bad') throw new Error('bad');
        return versionOf(object);
      },
    });
    server.put('bad');
    server.put('good');
    await settle();
    assert.deepEqual(
      [...followed.watch.entries()].map(([key]) => key),
      ['default/good'],
    );
  });

  it('keeps nothing of what strip drops, and drops what is of no interest any more', async () => {
    let isKept = true;
    server.put('a');
    await followed.start({ strip: (object) => (isKept ? versionOf(object) : undefined) });
    isKept = false;
    server.put('a');
    server.put('b');
    await settle();
    assert.deepEqual([followed.watch.size, followed.told], [0, ['default/a: - 101', 'default/a: 101 -']]);
  });

  it('tells nobody anything after its end, and ends at once', async () => {
    await followed.start();
    const ended = followed.watch.run(followed.stop.signal);
    const line = '{"type":"ADDED","object":{"metadata":{"name":"late","resourceVersion":"900"}}}\n';
    server.streams[0]?.push(line);
    followed.stop.abort();
    await ended;
    assert.deepEqual([followed.told, server.streams.length], [[], 0]);
  });

  it('runs once, however often it is started', async () => {
    await followed.start();
    assert.equal(followed.watch.run(followed.stop.signal), followed.watch.run(followed.stop.signal));
    await settle();
    assert.equal(followed.watches().length, 1);
  });

  it('gives up waiting when asked to', async () => {
    server.gate = new Promise(() => {});
    await followed.start();
    const waiting = new AbortController();
    const settled = followed.watch.settled(waiting.signal);
    waiting.abort(new Error('enough'));
    await assert.rejects(settled, /enough/);
  });
});
