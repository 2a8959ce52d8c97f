import assert from 'node:assert/strict';
import { ApiError } from '../clients/cluster/api-error.ts';
import type { ApiRequest, ClusterClient } from '../clients/cluster/cluster-client.ts';
import type { JsonObject } from '../lib/json.ts';
import { addFinalizer } from './finalizer.ts';
import { patchSet, type SetPatch } from './set-patch.ts';

const SET = { namespace: 'default', name: 'a', uid: 'u1' };
const { signal } = new AbortController();

function object(uid = 'u1', more: JsonObject = {}): JsonObject {
  return { metadata: { namespace: 'default', name: 'a', uid, ...more } };
}
const refusal = (status: number) => new ApiError('patch', { status, reason: '' });

/** Refuses patches as told, then takes them; only faults that the real server does not make on demand. */
function refusing(refusals: readonly Error[], current: JsonObject | Error = object()) {
  const requests: ApiRequest[] = [];
  let refused = 0;
  const client: ClusterClient = {
    user: undefined,
    request: async (request) => {
      requests.push(request);
      const answer = request.method === 'GET' ? current : refusals[refused++];
      if (answer instanceof Error) throw answer;
      return answer ?? object();
    },
    stream: () => Promise.reject(new Error('not asked')),
    as: () => client,
  };
  return { client, requests, methods: () => requests.map(({ method }) => method).join(' ') };
}

const STATUS: SetPatch = {
  set: SET,
  subresource: 'status',
  operations: () => [{ op: 'add', path: '/status', value: {} }],
};

describe('patchSet', () => {
  const cases: [
    name: string,
    refusals: Error[],
    current: JsonObject | Error,
    outcome: string,
    methods: string,
  ][] = [
    ['no trouble', [], object(), 'done', 'PATCH'],
    ['two conflicts', [refusal(409), refusal(409)], object(), 'done', 'PATCH GET PATCH GET PATCH'],
    ['a server that is ill for a moment', [refusal(500)], object(), 'done', 'PATCH GET PATCH'],
    ['a set that is gone', [refusal(404)], object(), 'gone', 'PATCH'],
    ['a set that was made again', [refusal(422)], object('u2'), 'gone', 'PATCH GET'],
    ['a set that goes meanwhile', [refusal(409)], refusal(404), 'gone', 'PATCH GET'],
    ['a status that is not acceptable', [refusal(422)], object(), 'throws', 'PATCH GET'],
    ['a right that is missing', [refusal(403)], object(), 'throws', 'PATCH'],
    ['a broken connection', [new Error('ECONNRESET')], object(), 'throws', 'PATCH'],
  ];
  for (const [name, refusals, current, outcome, methods] of cases) {
    it(`${outcome} with ${methods} for ${name}`, async () => {
      const server = refusing(refusals, current);
      const patched = patchSet(server.client, STATUS, signal).then(
        ({ isGone }) => (isGone ? 'gone' : 'done'),
        () => 'throws',
      );
      assert.equal(await patched, outcome);
      assert.equal(server.methods(), methods);
    });
  }

  it('gives up after five tries', async () => {
    const server = refusing(Array.from({ length: 9 }, () => refusal(409)));
    await assert.rejects(patchSet(server.client, STATUS, signal), { status: 409 });
    assert.equal(server.requests.filter(({ method }) => method === 'PATCH').length, 5);
  }).timeout(10_000);

  it('ends at once when it is not wanted any more', async () => {
    const server = refusing(Array.from({ length: 9 }, () => refusal(409)));
    const aborted = AbortSignal.timeout(150);
    await assert.rejects(patchSet(server.client, STATUS, aborted), { name: /AbortError|TimeoutError/ });
  });

  it('tests the uid before anything else', async () => {
    const server = refusing([]);
    await patchSet(server.client, STATUS, signal);
    assert.deepEqual(server.requests[0]?.body, [
      { op: 'test', path: '/metadata/uid', value: 'u1' },
      { op: 'add', path: '/status', value: {} },
    ]);
    assert.equal(server.requests[0]?.contentType, 'application/json-patch+json');
  });

  it('makes the change anew for what others have changed meanwhile', async () => {
    const server = refusing([refusal(422)], object('u1', { finalizers: ['other.dev/x'] }));
    await addFinalizer(server.client, object(), signal);
    const [first, , second] = server.requests.map(({ body }) => (body as JsonObject[])?.slice(1));
    const path = '/metadata/finalizers';
    assert.deepEqual(first, [
      { op: 'test', path, value: null },
      { op: 'add', path, value: ['generatorset.dev/finalizer'] },
    ]);
    assert.deepEqual(second, [
      { op: 'test', path, value: ['other.dev/x'] },
      { op: 'add', path, value: ['other.dev/x', 'generatorset.dev/finalizer'] },
    ]);
  });
});
