import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import { createPendingReader, getRequest, settled } from '../../../test/harness/pending-reader.ts';
import type { HttpReader } from '../../api/readers.ts';
import { limitHosts } from './host-limits.ts';

const { signal } = new AbortController();

/** Asks for `https://<host>/<n>`, and notes what became of it. */
function setUp(options?: Parameters<typeof limitHosts>[1]) {
  const { reader, requests } = createPendingReader();
  const limited = limitHosts(reader, options);
  return {
    requests,
    urls: () => requests.map(({ request }) => new URL(request.url).pathname.slice(1)),
    ask: (path: string, stop = signal) => limited.request(getRequest(`https://${path}`), stop),
  };
}

describe('limitHosts', () => {
  it('lets 4 requests through to one origin, and the others in their order as these end', async () => {
    const { ask, requests, urls } = setUp();
    const answers = ['1', '2', '3', '4', '5', '6', '7'].map((n) => ask(`a/${n}`));
    await settled();
    assert.deepEqual(urls(), ['1', '2', '3', '4']);
    requests[2]?.answer('c');
    requests[0]?.fail(new Error('down'));
    await assert.rejects(answers[0] as Promise<unknown>, /down/);
    assert.equal((await answers[2])?.body, 'c');
    await settled();
    assert.deepEqual(urls(), ['1', '2', '3', '4', '5', '6'], 'failures free a place too');
    for (const request of requests) request.answer();
    await settled();
    requests.at(-1)?.answer();
    await Promise.all(answers.slice(1));
  });

  it('keeps origins apart: port and protocol are part of them, the path is not', async () => {
    const { ask, urls } = setUp({ perHost: 1 });
    const all = ['a/1', 'a/2', 'a:8443/3', 'b/4', 'A/5'].map((path) => ask(path));
    await settled();
    assert.deepEqual(urls(), ['1', '3', '4']);
    assert.equal(all.length, 5);
  });

  it('lets a caller leave the line, and the next take the turn', async () => {
    const { ask, requests, urls } = setUp({ perHost: 1 });
    const stop = new AbortController();
    void ask('a/1');
    const second = ask('a/2', stop.signal);
    void ask('a/3');
    stop.abort(new Error('enough'));
    await assert.rejects(second, /enough/);
    requests[0]?.answer();
    await settled();
    assert.deepEqual(urls(), ['1', '3']);
    await assert.rejects(ask('b/1', stop.signal), /enough/);
  });

  it('ends the wait of a request whose server is busy for too long, without its query', async () => {
    const { ask, requests, urls } = setUp({ perHost: 1, maxWait: 20 });
    void ask('a/1');
    await assert.rejects(ask('user:secret@a/2?token=secret'), {
      message: 'GET https://a/2: other requests have kept the server busy for 20ms; query it less often',
    });
    requests[0]?.answer();
    await settled();
    void ask('a/3');
    assert.deepEqual(urls(), ['1', '3'], 'and the place is free again');
  });

  it('leaves what is no URL to the reader', async () => {
    const { reader, requests } = createPendingReader();
    void limitHosts(reader).request(getRequest('not a URL'), signal);
    await settled();
    assert.equal(requests.length, 1);
  });

  it('leaves no listener behind', async () => {
    const { reader, requests } = createPendingReader();
    const stop = new AbortController();
    const limited = limitHosts(reader, { perHost: 1 });
    const all = [1, 2].map((n) => limited.request(getRequest(`https://a/${n}`), stop.signal));
    requests[0]?.answer();
    await settled();
    requests[1]?.answer();
    await Promise.all(all);
    // The reader's own, one for each request.
    assert.equal(getEventListeners(stop.signal, 'abort').length, 2);
  });

  it('never has more under way than it may, and serves all, whatever ends them', async () => {
    const call = fc.record({
      host: fc.constantFrom('a', 'b'),
      begin: fc.nat(10),
      takes: fc.nat(5),
      fails: fc.boolean(),
      patience: fc.nat(20),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(call, { minLength: 1, maxLength: 30 }), async (calls) => {
        const underWay = new Map<string, number>();
        const reader: HttpReader = {
          async request({ url, body }, stop) {
            const count = (by: number) => underWay.set(url, (underWay.get(url) ?? 0) + by);
            count(1);
            assert.ok((underWay.get(url) as number) <= 2);
            try {
              await delay(Number(body), undefined, { signal: stop });
            } finally {
              count(-1);
            }
            return { status: 200, headers: {}, body: '' };
          },
        };
        const limited = limitHosts(reader, { perHost: 2 });
        const results = calls.map(async ({ host, begin, takes, fails, patience }) => {
          await delay(begin);
          const stop = AbortSignal.timeout(fails ? patience : 10_000);
          return limited.request(getRequest(`https://${host}/`, { body: `${takes}` }), stop);
        });
        const settledResults = await Promise.allSettled(results);
        for (const [index, result] of settledResults.entries()) {
          if (!calls[index]?.fails) assert.equal(result.status, 'fulfilled');
        }
        assert.deepEqual(
          [...underWay.values()].filter((count) => count !== 0),
          [],
        );
      }),
      { numRuns: 30 },
    );
  });
});
