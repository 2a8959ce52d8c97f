import assert from 'node:assert/strict';
import { FakeCollection, refusal } from '../../../test/harness/fake-collection.ts';
import type { JsonObject } from '../../lib/json.ts';
import { listPages, readCollectionVersion } from './list-pages.ts';
import { identify } from './watch-event.ts';

describe('listPages', () => {
  const { signal } = new AbortController();
  let server: FakeCollection;
  beforeEach(() => {
    server = new FakeCollection();
    for (let i = 0; i < 5; i++) server.put(`object-${i}`);
  });

  function listing(pageSize: number) {
    return {
      client: server,
      path: '/api/v1/namespaces/default/configmaps',
      query: {},
      accept: 'a',
      pageSize,
    };
  }

  for (const [pageSize, pages] of [
    [1, 5],
    [2, 3],
    [5, 1],
    [500, 1],
  ] as const) {
    it(`reads ${pages} pages of ${pageSize}`, async () => {
      const { items, resourceVersion } = await listPages(listing(pageSize), identify, signal);
      assert.equal(server.requests.length, pages);
      assert.deepEqual(Object.fromEntries(items.map((it) => [it.key, it.resourceVersion])), server.world());
      assert.equal(resourceVersion, '105');
      // A version, even 0, would let a server answer that lags behind.
      assert.ok(server.requests.every(({ query }) => query?.['resourceVersion'] === undefined));
    });
  }

  it('begins anew three times at most when its pages expire', async () => {
    for (let i = 0; i < 3; i++) server.requestFailures.push(undefined, refusal(410));
    await assert.rejects(listPages(listing(2), identify, signal), { status: 410 });
    assert.equal(server.requests.length, 6);
  });

  for (const [limit, message] of [
    [
      { objects: 3, characters: 1e6 },
      'configmaps default: more than 3 objects; a label selector may take fewer',
    ],
    [
      { objects: 9, characters: 99 },
      'configmaps default: more than 99 characters; a label selector may take fewer',
    ],
  ] as const) {
    it(`ends at the page with ${limit.objects < 9 ? 'an object' : 'a character'} too many`, async () => {
      await assert.rejects(listPages({ ...listing(2), limit }, identify, signal), { message });
      assert.ok(server.requests.length < 3);
    });
  }

  it('does not begin anew for other failures', async () => {
    server.requestFailures.push(undefined, refusal(500));
    await assert.rejects(listPages(listing(2), identify, signal), { status: 500 });
    assert.equal(server.requests.length, 2);
  });

  for (const [name, answer] of [
    ['without metadata', { items: [] }],
    ['without a version', { metadata: {}, items: [] }],
    ['whose items are none', { metadata: { resourceVersion: '1' }, items: 'x' }],
  ] as [string, JsonObject][]) {
    it(`refuses an answer ${name}`, async () => {
      server.answer = () => answer;
      await assert.rejects(listPages(listing(2), identify, signal), /is no list/);
    });
  }

  it('takes null for an empty list, as Go writes it', async () => {
    server.answer = () => ({ metadata: { resourceVersion: '1' }, items: null });
    assert.deepEqual((await listPages(listing(2), identify, signal)).items, []);
  });

  it('ends a list that has no end', async () => {
    const page = { metadata: { resourceVersion: '1', continue: 'x' }, items: [] };
    server.answer = () => page;
    await assert.rejects(listPages(listing(2), identify, signal), /has no end/);
  });

  it('asks for the version by one object', async () => {
    assert.equal(await readCollectionVersion(listing(500), signal), '105');
    assert.deepEqual(
      server.requests.map(({ query }) => query),
      [{ limit: '1' }],
    );
  });
});
