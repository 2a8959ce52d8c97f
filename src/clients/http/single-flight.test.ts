import assert from 'node:assert/strict';
import { createPendingReader, getRequest, settled } from '../../../test/harness/pending-reader.ts';
import type { HttpRequest } from '../../api/readers.ts';
import { shareAnswers } from './single-flight.ts';

const { signal } = new AbortController();
const url = 'https://a/query';

function setUp() {
  const { reader, requests } = createPendingReader();
  const shared = shareAnswers(reader);
  const ask = (more: Partial<HttpRequest> = {}, stop = signal) => shared.request(getRequest(url, more), stop);
  return { ask, requests };
}

describe('shareAnswers', () => {
  it('asks once for requests that are alike, and gives all the answer', async () => {
    const { ask, requests } = setUp();
    const all = Array.from({ length: 100 }, () => ask({ headers: { a: '1', b: '2' } }));
    all.push(ask({ headers: { B: '2', A: '1' } }));
    assert.equal(requests.length, 1);
    requests[0]?.answer('x');
    assert.deepEqual(new Set((await Promise.all(all)).map(({ body }) => body)), new Set(['x']));
  });

  it('gives all the failure', async () => {
    const { ask, requests } = setUp();
    const all = [ask(), ask()];
    requests[0]?.fail(new Error('down'));
    for (const one of all) await assert.rejects(one, /down/);
  });

  it('asks again when the answer is there: nothing is kept', async () => {
    const { ask, requests } = setUp();
    const first = ask();
    requests[0]?.answer('1');
    await first;
    const second = ask();
    requests[1]?.answer('2');
    assert.equal((await second).body, '2');
  });

  const others: Partial<HttpRequest>[] = [
    { method: 'POST' },
    { url: `${url}?` },
    { headers: { authorization: 'Bearer a' } },
    { headers: { authorization: 'Bearer b' } },
    { body: '' },
    { ca: 'a' },
    { cert: 'a' },
    { key: 'a' },
    { timeout: 1001 },
  ];
  it('keeps requests apart that differ in anything', () => {
    const { ask, requests } = setUp();
    for (const other of [{}, ...others]) void ask(other);
    assert.equal(requests.length, others.length + 1);
  });

  it('leaves the others theirs when one gives up', async () => {
    const { ask, requests } = setUp();
    const stop = new AbortController();
    const [first, second] = [ask({}, stop.signal), ask()];
    stop.abort(new Error('enough'));
    await assert.rejects(first, /enough/);
    assert.equal(requests[0]?.signal.aborted, false);
    requests[0]?.answer('x');
    assert.equal((await second).body, 'x');
  });

  it('ends the exchange when nobody waits, and begins a new one for who comes then', async () => {
    const { ask, requests } = setUp();
    const stop = new AbortController();
    const all = [ask({}, stop.signal), ask({}, stop.signal)];
    stop.abort(new Error('enough'));
    for (const one of all) await assert.rejects(one, /enough/);
    assert.equal(requests[0]?.signal.aborted, true);
    const later = ask();
    requests[1]?.answer('x');
    assert.equal((await later).body, 'x');
    await settled();
    assert.equal(requests.length, 2);
  });

  it('asks nobody for a caller that has given up before', async () => {
    const { ask, requests } = setUp();
    await assert.rejects(ask({}, AbortSignal.abort(new Error('enough'))), /enough/);
    assert.equal(requests.length, 0);
  });
});
