import assert from 'node:assert/strict';
import { type FakeCollection, refusal } from '../../../test/harness/fake-collection.ts';
import { COLLECTION, FollowedCollection } from '../../../test/harness/followed-collection.ts';
import type { ManualClock } from '../../../test/harness/manual-clock.ts';
import type { JsonObject } from '../../lib/json.ts';

describe('a ListWatch', () => {
  let followed: FollowedCollection;
  let server: FakeCollection;
  let clock: ManualClock;

  beforeEach(() => {
    followed = new FollowedCollection();
    ({ server, clock } = followed);
  });
  afterEach(() => followed.stop.abort());

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
      await followed.start();
    });

    it('does not believe it while the objects exist', async () => {
      await relistTo([]);
      assert.deepEqual(
        [followed.watch.size, followed.watch.isFresh(), followed.watch.state],
        [20, false, 'broken'],
      );
      server.answer = undefined;
      await clock.advance(60_000);
      assert.deepEqual([followed.watch.size, followed.watch.isFresh()], [20, true]);
      assert.equal(followed.told.length, 20);
    });

    it('does not believe it while objects exist that were written while it was read', async () => {
      const names = Array.from({ length: 20 }, (_, i) => `object-${i}`);
      const written = names.map((name) => [name, server.put(name, { isLost: true })] as const);
      const requested = server.request.bind(server);
      server.request = async (request, signal) => {
        const isList = request.path === COLLECTION;
        for (const [name, version] of isList ? written : []) followed.watch.note(`default/${name}`, version);
        return requested(request, signal);
      };
      await relistTo([]);
      assert.deepEqual([followed.watch.size, followed.watch.state], [20, 'broken']);
    });

    it('believes it when each of them is gone', async () => {
      for (let i = 0; i < 20; i++) server.remove(`object-${i}`, { isLost: true });
      await relistTo([]);
      assert.deepEqual([followed.watch.size, followed.watch.isFresh()], [0, true]);
      const asked = server.requests.filter(({ path }) => path !== COLLECTION).map(({ path }) => path);
      assert.equal(new Set(asked).size, 20);
    });

    it('does not believe it while it cannot ask', async () => {
      for (let i = 0; i < 20; i++) server.remove(`object-${i}`, { isLost: true });
      const requested = server.request.bind(server);
      server.request = async (request, signal) => {
        const answer = await requested(request, signal).catch((error: Error) => error);
        if (request.path !== COLLECTION) throw refusal(500);
        if (answer instanceof Error) throw answer;
        return answer;
      };
      await relistTo([]);
      assert.equal(followed.watch.size, 20);
    });
  });

  describe('of a server that was restored from a backup', () => {
    it('sees it when the watch falls silent, and believes nothing of its cache', async () => {
      server.put('a');
      server.put('b');
      await followed.start();
      server.restore(50);
      server.remove('b', { isLost: true });
      server.put('a', { isLost: true });
      await clock.advance(95_000);
      assert.deepEqual(followed.told.slice(2), ['default/a: 101 52', 'default/b: 102 -']);
      followed.assertEqual();
    });

    it('sees it from the words of the server', async () => {
      server.put('a');
      await followed.start();
      server.restore(50);
      server.put('a', { isLost: true });
      const details = { causes: [{ reason: 'ResourceVersionTooLarge' }] };
      server.streamFailures.push(refusal(504, { details }));
      server.streams[0]?.end();
      await clock.advance(5000);
      followed.assertEqual();
    });
  });

  describe('that is compared with fresh lists', () => {
    const timing = { auditInterval: 10_000, auditGrace: 20_000 };

    it('finds nothing to complain of where events are late', async () => {
      await followed.start({ timing });
      await clock.advance(8000);
      const version = server.put('late', { isLost: true });
      await clock.advance(4000);
      const object = { metadata: { name: 'late', namespace: 'default', resourceVersion: version } };
      server.streams[0]?.push(`${JSON.stringify({ type: 'ADDED', object })}\n`);
      server.bookmark();
      await clock.advance(30_000);
      assert.deepEqual(followed.counts, {});
      followed.assertEqual();
    });

    it('counts a lost event as soon as later ones have come, and mends the cache', async () => {
      server.put('deleted');
      await followed.start({ timing });
      server.put('lost', { isLost: true });
      server.remove('deleted', { isLost: true });
      await clock.advance(11_000);
      assert.equal(followed.counts['missed'], undefined);
      server.put('next');
      await clock.advance(8000);
      assert.equal(followed.counts['missed'], 2);
      followed.assertEqual();
    });

    it('counts a lost event after a while also when none comes', async () => {
      await followed.start({ timing: { ...timing, inactivity: 1e8 } });
      server.put('lost', { isLost: true });
      await clock.advance(40_000);
      assert.equal(followed.counts['missed'], 1);
      followed.assertEqual();
    });

    it('sees a server that was restored from a backup', async () => {
      server.put('a');
      await followed.start({ timing });
      server.restore(50);
      server.put('a', { isLost: true });
      await clock.advance(20_000);
      assert.equal(followed.counts['missed'], undefined);
      assert.equal(followed.counts['rewound'], 1);
      followed.assertEqual();
    });

    it('goes on when a list fails', async () => {
      await followed.start({ timing });
      server.requestFailures.push(refusal(500));
      await clock.advance(25_000);
      assert.equal(followed.lists().length, 3);
      assert.equal(followed.watch.isFresh(), true);
    });
  });
});
