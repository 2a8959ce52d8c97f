import assert from 'node:assert/strict';
import { FakeCollection, refusal } from '../../../test/harness/fake-collection.ts';
import { ManualClock, settle } from '../../../test/harness/manual-clock.ts';
import type { JsonObject } from '../../lib/json.ts';
import { silentLogger } from '../../lib/logger.ts';
import { ListWatch } from './list-watch.ts';
import type { ListWatchOptions } from './list-watch-options.ts';
import { versionOf } from './watch-event.ts';

const PATH = '/api/v1/namespaces/default/configmaps';
const TIMING = { auditInterval: 1e9 };

type Options = Partial<ListWatchOptions<string>>;

describe('ListWatch', () => {
  let server: FakeCollection;
  let clock: ManualClock;
  let stop: AbortController;
  let counts: Record<string, number>;
  let watch: ListWatch<string>;
  let told: string[];

  beforeEach(() => {
    server = new FakeCollection();
    clock = new ManualClock();
    stop = new AbortController();
    counts = {};
    told = [];
  });
  afterEach(() => stop.abort());

  function count(name: string, by = 1): void {
    counts[name] = (counts[name] ?? 0) + by;
  }

  async function start(options: Options = {}): Promise<void> {
    watch = new ListWatch<string>({
      client: server,
      path: PATH,
      strip: versionOf,
      versionOf: (version) => version,
      onChange: (key, before, after) => told.push(`${key}: ${before ?? '-'} ${after ?? '-'}`),
      clock,
      random: () => 0.5,
      log: silentLogger,
      metrics: {
        broken: (kind) => count(kind),
        relisted: () => count('relisted'),
        cacheMiss: (missed) => count('missed', missed),
        listenerFailed: () => count('listenerFailed'),
      },
      timing: TIMING,
      ...options,
    });
    void watch.run(stop.signal);
    await settle();
  }

  function lists(): JsonObject[] {
    return server.requests.filter(({ query }) => query?.['limit']).map(({ query }) => ({ ...query }));
  }

  function watches(): JsonObject[] {
    return server.requests.filter(({ query }) => query?.['watch']).map(({ query }) => ({ ...query }));
  }

  function assertEqual(): void {
    assert.deepEqual(Object.fromEntries(watch.entries()), server.world());
  }

  it('lists page by page, then watches from the version of the list', async () => {
    for (let i = 0; i < 5; i++) server.put(`object-${i}`);
    await start({ pageSize: 2 });
    assert.deepEqual(lists(), [{ limit: '2' }, { limit: '2', continue: '2' }, { limit: '2', continue: '4' }]);
    assert.deepEqual(watches(), [
      { watch: 'true', allowWatchBookmarks: 'true', resourceVersion: '105', timeoutSeconds: '450' },
    ]);
    assert.equal(told.length, 5);
    server.put('object-1');
    server.remove('object-2');
    await settle();
    assert.equal(watch.size, 4);
    assert.equal(watch.get('default/object-1'), '106');
    assertEqual();
  });

  it('is whole only after the last page', async () => {
    for (let i = 0; i < 3; i++) server.put(`object-${i}`);
    const second = Promise.withResolvers<void>();
    server.answer = ({ query }) => {
      if (query?.['continue']) server.gate = undefined;
      else server.gate = second.promise;
      return undefined;
    };
    await start({ pageSize: 2 });
    assert.deepEqual([watch.size, watch.isFresh(), watch.state], [0, false, 'starting']);
    second.resolve();
    await watch.synced;
    assert.deepEqual([watch.size, watch.isFresh(), watch.state], [3, true, 'watching']);
    assert.equal(await watch.settled(stop.signal), true);
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
      await start();
      const version = server.put('before');
      await settle();
      end(server.streams[0] as FakeCollection['streams'][number]);
      server.put('meanwhile');
      await clock.advance(1000);
      assert.equal(lists().length, 1);
      assert.equal(watches().at(-1)?.['resourceVersion'], version);
      assertEqual();
      assert.equal(watch.isFresh(), true);
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
      await start();
      fail();
      await settle();
      server.forget();
      server.remove('b', { isLost: true });
      server.put('c', { isLost: true });
      await clock.advance(8000);
      assert.equal(lists().length, 2);
      assert.deepEqual(told.slice(2), ['default/c: - 104', 'default/b: 102 -']);
      assertEqual();
      assert.equal(counts['relisted'], 1);
    });
  }

  it('advances with bookmarks', async () => {
    await start();
    server.bookmark();
    await settle();
    server.streams[0]?.end(new Error('reset'));
    await clock.advance(1000);
    assert.equal(watches().at(-1)?.['resourceVersion'], '101');
  });

  it('notices a connection that nobody has ended', async () => {
    await start();
    server.put('a');
    await clock.advance(89_000);
    assert.equal(watches().length, 1);
    await clock.advance(90_000);
    assert.ok(watches().length >= 2);
    assert.ok((counts['silent'] ?? 0) >= 1);
    assert.equal(watches()[1]?.['resourceVersion'], '101');
  });

  it('waits for the answer to a watch no longer than 30 s', async () => {
    server.put('a');
    await start();
    server.gate = new Promise(() => {});
    server.streams[0]?.end();
    await clock.advance(500);
    assert.equal(watches().length, 2);
    await clock.advance(29_000);
    assert.equal(watch.state, 'watching');
    await clock.advance(2000);
    assert.deepEqual([watch.state, counts['silent']], ['broken', 1]);
  });

  it('never takes a partial list for the world', async () => {
    for (let i = 0; i < 4; i++) server.put(`object-${i}`);
    await start({ pageSize: 2 });
    server.streamFailures.push(refusal(410));
    server.streams[0]?.end();
    server.requestFailures.push(undefined, refusal(500));
    await clock.advance(600);
    await clock.advance(2600);
    assert.deepEqual([told.length, watch.size, watch.state], [4, 4, 'broken']);
    await clock.advance(10_000);
    assert.deepEqual([told.length, watch.size, watch.state], [4, 4, 'watching']);
  });

  it('begins a list anew when its continuation expires', async () => {
    for (let i = 0; i < 4; i++) server.put(`object-${i}`);
    server.requestFailures.push(undefined, refusal(410));
    await start({ pageSize: 2 });
    assert.deepEqual(
      lists().map((it) => it['continue'] ?? ''),
      ['', '2', '', '2'],
    );
    assertEqual();
  });

  it('waits as long as the server asks', async () => {
    server.requestFailures.push(refusal(429, { retryAfter: 20_000 }));
    await start();
    await clock.advance(19_900);
    assert.equal(server.requests.length, 1);
    await clock.advance(1100);
    assert.equal(watch.isFresh(), true);
  });

  for (const [status, state] of [
    [403, 'forbidden'],
    [404, 'gone'],
  ] as const) {
    it(`is ${state} after ${status}, asks seldom, and comes back when it may`, async () => {
      const failures = Array.from({ length: 3 }, () => refusal(status));
      server.requestFailures.push(...failures);
      await start();
      assert.deepEqual([watch.state, await watch.settled(stop.signal)], [state, false]);
      await clock.advance(30_000);
      assert.equal(server.requests.length, 1);
      await clock.advance(600_000);
      assert.deepEqual([watch.state, await watch.settled(stop.signal)], ['watching', true]);
      assert.ok(clock.sleeps.filter((it) => it > 300_000 && it < 1e8).length < 2);
    });
  }

  it('is not fresh when the right to watch is taken away', async () => {
    await start();
    server.streamFailures.push(refusal(403));
    server.streams[0]?.end();
    await clock.advance(1000);
    assert.deepEqual([watch.isFresh(), await watch.settled(stop.signal)], [false, false]);
  });

  it('goes on when a listener throws, and counts it', async () => {
    await start({
      onChange: (key) => {
        told.push(key);
        throw new Error('listener');
      },
    });
    server.put('a');
    server.put('b');
    await settle();
    assert.deepEqual(told, ['default/a', 'default/b']);
    assert.deepEqual(counts, { listenerFailed: 2 });
    assertEqual();
  });

  it('does without an object that cannot be stripped', async () => {
    await start({
      strip: (object) => {
        if ((object['metadata'] as JsonObject)['name'] === 'bad') throw new Error('bad');
        return versionOf(object);
      },
    });
    server.put('bad');
    server.put('good');
    await settle();
    assert.deepEqual(
      [...watch.entries()].map(([key]) => key),
      ['default/good'],
    );
  });

  it('keeps nothing of what strip drops, and drops what is of no interest any more', async () => {
    let isKept = true;
    server.put('a');
    await start({ strip: (object) => (isKept ? versionOf(object) : undefined) });
    isKept = false;
    server.put('a');
    server.put('b');
    await settle();
    assert.deepEqual([watch.size, told], [0, ['default/a: - 101', 'default/a: 101 -']]);
  });

  it('tells nobody anything after its end, and ends at once', async () => {
    await start();
    const ended = watch.run(stop.signal);
    const line = '{"type":"ADDED","object":{"metadata":{"name":"late","resourceVersion":"900"}}}\n';
    server.streams[0]?.push(line);
    stop.abort();
    await ended;
    assert.deepEqual([told, server.streams.length], [[], 0]);
  });

  it('runs once, however often it is started', async () => {
    await start();
    assert.equal(watch.run(stop.signal), watch.run(stop.signal));
    await settle();
    assert.equal(watches().length, 1);
  });

  it('gives up waiting when asked to', async () => {
    server.gate = new Promise(() => {});
    await start();
    const waiting = new AbortController();
    const settled = watch.settled(waiting.signal);
    waiting.abort(new Error('enough'));
    await assert.rejects(settled, /enough/);
  });

  describe('whose list has shrunk', () => {
    /** Breaks the watch so that the next list comes from `answer`. */
    async function relistTo(items: JsonObject[]): Promise<void> {
      const answer = { metadata: { resourceVersion: String(++server.version) }, items };
      server.answer = ({ query }) => (query?.['limit'] ? answer : undefined);
      server.streamFailures.push(refusal(410));
      server.streams[0]?.end();
      await clock.advance(4000);
    }

    beforeEach(async () => {
      for (let i = 0; i < 20; i++) server.put(`object-${i}`);
      await start();
    });

    it('does not believe it while the objects exist', async () => {
      await relistTo([]);
      assert.deepEqual([watch.size, watch.isFresh(), watch.state], [20, false, 'broken']);
      server.answer = undefined;
      await clock.advance(60_000);
      assert.deepEqual([watch.size, watch.isFresh()], [20, true]);
      assert.equal(told.length, 20);
    });

    it('believes it when each of them is gone', async () => {
      for (let i = 0; i < 20; i++) server.remove(`object-${i}`, { isLost: true });
      await relistTo([]);
      assert.deepEqual([watch.size, watch.isFresh()], [0, true]);
      const asked = server.requests.filter(({ path }) => path !== PATH).map(({ path }) => path);
      assert.equal(new Set(asked).size, 20);
    });

    it('does not believe it while it cannot ask', async () => {
      for (let i = 0; i < 20; i++) server.remove(`object-${i}`, { isLost: true });
      const requested = server.request.bind(server);
      server.request = async (request, signal) => {
        const answer = await requested(request, signal).catch((error: Error) => error);
        if (request.path !== PATH) throw refusal(500);
        if (answer instanceof Error) throw answer;
        return answer;
      };
      await relistTo([]);
      assert.equal(watch.size, 20);
    });
  });

  describe('of a server that was restored from a backup', () => {
    it('sees it when the watch falls silent, and believes nothing of its cache', async () => {
      server.put('a');
      server.put('b');
      await start();
      server.restore(50);
      server.remove('b', { isLost: true });
      server.put('a', { isLost: true });
      await clock.advance(95_000);
      assert.deepEqual(told.slice(2), ['default/a: 101 52', 'default/b: 102 -']);
      assertEqual();
    });

    it('sees it from the words of the server', async () => {
      server.put('a');
      await start();
      server.restore(50);
      server.put('a', { isLost: true });
      const details = { causes: [{ reason: 'ResourceVersionTooLarge' }] };
      server.streamFailures.push(refusal(504, { details }));
      server.streams[0]?.end();
      await clock.advance(5000);
      assertEqual();
    });
  });

  describe('that is compared with fresh lists', () => {
    const timing = { auditInterval: 10_000, auditGrace: 20_000 };

    it('finds nothing to complain of where events are late', async () => {
      await start({ timing });
      await clock.advance(8000);
      const version = server.put('late', { isLost: true });
      await clock.advance(4000);
      const object = { metadata: { name: 'late', namespace: 'default', resourceVersion: version } };
      server.streams[0]?.push(`${JSON.stringify({ type: 'ADDED', object })}\n`);
      server.bookmark();
      await clock.advance(30_000);
      assert.deepEqual(counts, {});
      assertEqual();
    });

    it('counts a lost event as soon as later ones have come, and mends the cache', async () => {
      server.put('deleted');
      await start({ timing });
      server.put('lost', { isLost: true });
      server.remove('deleted', { isLost: true });
      await clock.advance(11_000);
      assert.equal(counts['missed'], undefined);
      server.put('next');
      await clock.advance(8000);
      assert.equal(counts['missed'], 2);
      assertEqual();
    });

    it('counts a lost event after a while also when none comes', async () => {
      await start({ timing: { ...timing, inactivity: 1e8 } });
      server.put('lost', { isLost: true });
      await clock.advance(40_000);
      assert.equal(counts['missed'], 1);
      assertEqual();
    });

    it('sees a server that was restored from a backup', async () => {
      server.put('a');
      await start({ timing });
      server.restore(50);
      server.put('a', { isLost: true });
      await clock.advance(20_000);
      assert.equal(counts['missed'], undefined);
      assert.equal(counts['rewound'], 1);
      assertEqual();
    });

    it('goes on when a list fails', async () => {
      await start({ timing });
      server.requestFailures.push(refusal(500));
      await clock.advance(25_000);
      assert.equal(lists().length, 3);
      assert.equal(watch.isFresh(), true);
    });
  });
});
