import assert from 'node:assert/strict';
import type { ApiRequest, ClusterClient } from '../clients/cluster/cluster-client.ts';
import type { JsonObject } from '../lib/json.ts';
import { createDryRunClient, NotTriedError } from './dry-run-client.ts';

const APPLY = 'application/apply-patch+yaml';

function fakeClient(answer: JsonObject): { client: ClusterClient; sent: ApiRequest[] } {
  const sent: ApiRequest[] = [];
  const client: ClusterClient = {
    user: 'somebody',
    async request(request) {
      sent.push(request);
      return answer;
    },
    stream: () => Promise.reject(new Error('no stream')),
    as: () => client,
  };
  return { client, sent };
}

describe('the client that only tries', () => {
  const { signal } = new AbortController();
  const patch: ApiRequest = {
    method: 'PATCH',
    path: '/x',
    contentType: APPLY,
    query: { force: 'true' },
    accept: 'other',
  };

  for (const identity of ['the user', 'an account'] as const) {
    it(`lets the server try what is applied, as ${identity}`, async () => {
      const { client, sent } = fakeClient({ metadata: { name: 'a', uid: '1' } });
      const answers: JsonObject[] = [];
      const dry = createDryRunClient(client, (answer) => answers.push(answer));
      const as = identity === 'the user' ? dry : dry.as({ namespace: 'a', name: 'b' });
      const answer = await as.request(patch, signal);
      assert.deepEqual(sent, [
        { ...patch, query: { force: 'true', dryRun: 'All' }, accept: 'application/json' },
      ]);
      assert.deepEqual(answers, [{ metadata: { name: 'a', uid: '1' } }]);
      assert.deepEqual(answer, { metadata: { name: 'a', uid: '1', resourceVersion: '0' } });
    });
  }

  it('reads as ever', async () => {
    const { client, sent } = fakeClient({ a: 1 });
    assert.deepEqual(
      await createDryRunClient(client, () => {}).request({ method: 'GET', path: '/x' }, signal),
      { a: 1 },
    );
    assert.deepEqual(sent, [{ method: 'GET', path: '/x' }]);
  });

  const refused: ApiRequest[] = [
    { method: 'DELETE', path: '/x' },
    { method: 'POST', path: '/x' },
    { method: 'PUT', path: '/x' },
    { method: 'PATCH', path: '/x' },
    { method: 'PATCH', path: '/x', contentType: 'application/merge-patch+json' },
  ];
  for (const request of refused) {
    it(`sends no ${request.method} of ${request.contentType ?? 'JSON'}`, async () => {
      const { client, sent } = fakeClient({});
      await assert.rejects(createDryRunClient(client, () => {}).request(request, signal), NotTriedError);
      assert.deepEqual(sent, []);
    });
  }
});
