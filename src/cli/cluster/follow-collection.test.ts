import assert from 'node:assert/strict';
import { FakeCollection, refusal } from '../../../test/harness/fake-collection.ts';
import type { JsonObject } from '../../lib/json.ts';
import { silentLogger } from '../../lib/logger.ts';
import { metadataOf } from '../manifests/cluster-manifests.ts';
import { followCollection } from './follow-collection.ts';

const PATH = '/api/v1/namespaces/default/configmaps';
const QUICK = { min: 1, max: 5 };

const nameOf = (object: JsonObject | undefined) => metadataOf(object ?? {})['name'];

/** Follows a collection, and gives what was told of it. */
function follow(server: FakeCollection, signal: AbortSignal) {
  const told: string[] = [];
  const waiting = new Map<string, () => void>();
  const tell = (text: string) => {
    told.push(text);
    waiting.get(text)?.();
  };
  const done = followCollection(
    { client: server, log: silentLogger, signal },
    {
      path: PATH,
      query: {},
      timing: { retry: QUICK, slowRetry: QUICK, relistSpread: 5 },
      take: (object) => object,
      first: (objects) => tell(`first ${objects.map(nameOf).join(' ')}`.trim()),
      changed: (after, before) => tell(after ? `changed ${nameOf(after)}` : `gone ${nameOf(before)}`),
    },
  );
  const until = (text: string) =>
    told.includes(text) ? Promise.resolve() : new Promise<void>((resolve) => waiting.set(text, resolve));
  return { done, told, until };
}

describe('followCollection', () => {
  it('tells all that there is at once, then each change, through broken watches and old versions', async () => {
    const server = new FakeCollection();
    const stop = new AbortController();
    for (const name of ['b', 'a']) server.put(name);
    const { done, told, until } = follow(server, stop.signal);
    await until('first a b');
    server.put('c');
    await until('changed c');
    server.open[0]?.end(new Error('connection reset'));
    server.put('d');
    await until('changed d');
    server.remove('a');
    await until('gone a');
    // The server has forgotten what came since: 410, and a new list.
    server.open[0]?.end(new Error('connection reset'));
    server.put('e', { isLost: true });
    server.streamFailures.push(refusal(410, { reason: 'Expired' }));
    server.forget();
    await until('changed e');
    stop.abort(new Error('interrupted'));
    await assert.rejects(done, { message: 'interrupted' });
    assert.deepEqual(told, ['first a b', 'changed c', 'changed d', 'gone a', 'changed e']);
  });

  it('fails where the first list fails', async () => {
    const server = new FakeCollection();
    server.requestFailures.push(refusal(403));
    const { done, told } = follow(server, new AbortController().signal);
    await assert.rejects(done, { status: 403 });
    assert.deepEqual(told, []);
  });

  it('ends without a failure when the time is over', async () => {
    const server = new FakeCollection();
    server.put('a');
    const { done, told } = follow(server, AbortSignal.timeout(100));
    await done;
    assert.deepEqual(told, ['first a']);
  });
});
