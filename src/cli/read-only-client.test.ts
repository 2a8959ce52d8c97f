import assert from 'node:assert/strict';
import { FakeCollection } from '../../test/harness/fake-collection.ts';
import type { ApiRequest } from '../clients/cluster/cluster-client.ts';
import { createReadOnlyClient } from './read-only-client.ts';

const PATH = '/api/v1/namespaces/default/configmaps/a';

describe('createReadOnlyClient', () => {
  const cases: [method: ApiRequest['method'], query: Record<string, string>, isSent: boolean][] = [
    ['GET', {}, true],
    ['PATCH', { dryRun: 'All' }, true],
    ['PATCH', {}, false],
    ['PATCH', { dryRun: '' }, false],
    ['POST', {}, false],
    ['PUT', {}, false],
    ['DELETE', {}, false],
  ];
  for (const [method, query, isSent] of cases) {
    it(`${isSent ? 'sends' : 'does not send'} ${method} ${JSON.stringify(query)}`, async () => {
      const server = new FakeCollection();
      server.answer = () => ({});
      const client = createReadOnlyClient(server, 'jane').as({ namespace: 'default', name: 'a' });
      const sent = client.request({ method, path: PATH, query }, AbortSignal.timeout(1000));
      if (isSent) await sent;
      else await assert.rejects(sent, /configmaps default\/a: this command changes nothing/);
      assert.equal(server.requests.length, isSent ? 1 : 0);
    });
  }

  it('has the name that messages say', () => {
    assert.equal(createReadOnlyClient(new FakeCollection(), 'jane').user, 'jane');
  });
});
