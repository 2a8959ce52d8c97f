import assert from 'node:assert/strict';
import { FakeCollection, refusal } from '../../../test/harness/fake-collection.ts';
import { ManualClock, settle } from '../../../test/harness/manual-clock.ts';
import type { ApiRequest, ClusterClient } from './cluster-client.ts';
import { readWatch, SilentWatchError } from './watch-stream.ts';

const REQUEST: ApiRequest = {
  method: 'GET',
  path: '/api/v1/namespaces/default/configmaps',
  query: { resourceVersion: '0' },
};

describe('readWatch', () => {
  let server: FakeCollection;
  let clock: ManualClock;
  let stop: AbortController;
  let seen: string[];

  beforeEach(() => {
    server = new FakeCollection();
    clock = new ManualClock();
    stop = new AbortController();
    seen = [];
  });

  function read(client: ClusterClient = server): Promise<void> {
    const reading = readWatch(
      {
        client,
        request: REQUEST,
        clock,
        patience: { opening: 30_000, inactivity: 1000 },
        onOpen: () => seen.push('open'),
        onEvent: ({ type }) => seen.push(type),
      },
      stop.signal,
    );
    // It may fail before anybody waits for it.
    reading.catch(() => {});
    return reading;
  }

  it('hands on events until the server ends the watch', async () => {
    const reading = read();
    await settle();
    server.put('a');
    server.bookmark();
    await settle();
    server.streams[0]?.end();
    await reading;
    assert.deepEqual(seen, ['open', 'ADDED', 'BOOKMARK']);
  });

  it('throws what the server refuses with', async () => {
    server.streamFailures.push(refusal(410));
    await assert.rejects(read(), { status: 410 });
  });

  it('throws what a handler of events throws, and closes the connection', async () => {
    const watch = { client: server, request: REQUEST, clock, patience: { opening: 1, inactivity: 1 } };
    const onEvent = () => {
      throw new Error('handler');
    };
    const reading = readWatch({ ...watch, onOpen() {}, onEvent }, stop.signal);
    await settle();
    server.put('a');
    await assert.rejects(reading, /handler/);
    assert.equal(server.streams.length, 0);
  });

  it('is patient as long as something comes, be it a part of a line', async () => {
    const reading = read();
    for (let i = 0; i < 5; i++) {
      await clock.advance(900);
      server.streams[0]?.push('{');
    }
    assert.equal(server.streams.length, 1);
    await clock.advance(1100);
    await assert.rejects(reading, new SilentWatchError(1000));
    assert.equal(server.streams.length, 0);
  });

  it('is more patient with the answer than with its pieces', async () => {
    server.gate = new Promise(() => {});
    const reading = read();
    await clock.advance(29_000);
    assert.deepEqual(seen, []);
    await clock.advance(1500);
    await assert.rejects(reading, new SilentWatchError(30_000));
  });

  it('ends at once when aborted, also where the client does not, and closes what comes late', async () => {
    const late = Promise.withResolvers<{ chunks: AsyncIterable<Uint8Array>; destroy(): void }>();
    let isDestroyed = false;
    const reading = read({ ...server, stream: () => late.promise } as unknown as ClusterClient);
    await settle();
    stop.abort(new Error('enough'));
    await assert.rejects(reading, /enough/);
    const chunks = new ReadableStream<Uint8Array>();
    const destroy = () => {
      isDestroyed = true;
    };
    late.resolve({ chunks, destroy });
    await settle();
    assert.equal(isDestroyed, true);
  });

  it('asks nothing when aborted before', async () => {
    stop.abort(new Error('enough'));
    await assert.rejects(read(), /enough/);
    assert.equal(server.streams.length, 0);
  });

  for (const [name, text] of [
    ['a line that is cut', '{"type"'],
    ['a line that is garbled', '{"type"\n'],
  ] as const) {
    it(`takes ${name} for a broken connection`, async () => {
      const reading = read();
      await settle();
      server.streams[0]?.push(text);
      server.streams[0]?.end();
      await assert.rejects(reading, SyntaxError);
    });
  }
});
