import assert from 'node:assert/strict';
import { refusal } from '../../../test/harness/fake-collection.ts';
import type { JsonObject } from '../../lib/json.ts';
import type { ApiRequest, ClusterClient } from './cluster-client.ts';
import { countExisting, isSuspicious } from './shrink-guard.ts';

describe('isSuspicious', () => {
  for (const [vanished, known, expected] of [
    [10, 10, false],
    [11, 11, true],
    [11, 21, true],
    [11, 22, false],
    [500, 1000, false],
    [501, 1000, true],
    [0, 0, false],
  ] as const) {
    it(`${expected ? 'doubts' : 'believes'} that ${vanished} of ${known} are gone`, () => {
      assert.equal(isSuspicious(vanished, known), expected);
    });
  }
});

describe('countExisting', () => {
  const { signal } = new AbortController();
  let asked: ApiRequest[];

  /** A server where getting gives this status, and where the name is in the selected list, or not. */
  function listing(
    path: string,
    parts: { status: number; isListed?: boolean; query?: Record<string, string> },
  ) {
    asked = [];
    const client = {
      request: (request: ApiRequest): Promise<JsonObject> => {
        asked.push(request);
        const isList = request.query?.['limit'] !== undefined;
        if (!isList && parts.status !== 200) return Promise.reject(refusal(parts.status));
        return Promise.resolve({ metadata: { resourceVersion: '1' }, items: parts.isListed ? [{}] : [] });
      },
    } as unknown as ClusterClient;
    return { client, path, query: parts.query ?? {}, accept: '', pageSize: 500 };
  }

  for (const [path, key, expected] of [
    ['/api/v1/configmaps', 'ns/a', '/api/v1/namespaces/ns/configmaps/a'],
    ['/api/v1/namespaces/ns/configmaps', 'ns/a', '/api/v1/namespaces/ns/configmaps/a'],
    ['/apis/x.io/v1/namespaces/ns/things', 'ns/a:b', '/apis/x.io/v1/namespaces/ns/things/a%3Ab'],
    ['/api/v1/namespaces', 'ns', '/api/v1/namespaces/ns'],
    [
      '/api/v1/namespaces/namespaces/configmaps',
      'namespaces/a',
      '/api/v1/namespaces/namespaces/configmaps/a',
    ],
  ] as const) {
    it(`asks for ${key} of ${path} at its own path`, async () => {
      assert.equal(await countExisting(listing(path, { status: 200 }), [key], signal), 1);
      assert.deepEqual(
        asked.map((it) => it.path),
        [expected],
      );
    });
  }

  const query = { labelSelector: 'l', fieldSelector: 'f=1' };
  for (const [name, parts, expected] of [
    ['is gone', { status: 404 }, 0],
    ['exists', { status: 200 }, 1],
    ['exists and is selected', { status: 200, query, isListed: true }, 1],
    ['exists and is not selected any more', { status: 200, query, isListed: false }, 0],
    ['may not be read, and is listed', { status: 403, isListed: true }, 1],
    ['may not be read, and is not listed', { status: 403, isListed: false }, 0],
  ] as const) {
    it(`counts ${expected} where the object ${name}`, async () => {
      assert.equal(await countExisting(listing('/api/v1/configmaps', parts), ['ns/a'], signal), expected);
    });
  }

  it('asks for a name within the selection of the list', async () => {
    await countExisting(listing('/api/v1/configmaps', { status: 200, query }), ['ns/a'], signal);
    const { path, query: sent } = asked[1] as ApiRequest;
    assert.equal(path, '/api/v1/namespaces/ns/configmaps');
    assert.deepEqual(sent, { labelSelector: 'l', fieldSelector: 'f=1,metadata.name=a', limit: '1' });
  });

  it('throws where it cannot know', async () => {
    const unsure = countExisting(listing('/api/v1/configmaps', { status: 500 }), ['ns/a', 'ns/b'], signal);
    await assert.rejects(unsure, { status: 500 });
  });
});
