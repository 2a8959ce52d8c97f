import assert from 'node:assert/strict';
import { configMap, OWNER, rendered } from '../../test/harness/plan.ts';
import { ApiError } from '../clients/cluster/api-error.ts';
import { type ApiRequest, type ClusterClient, NotLeaderError } from '../clients/cluster/cluster-client.ts';
import type { Discovery } from '../clients/cluster/discovery.ts';
import type { SharedWatches } from '../clients/cluster/shared-watches.ts';
import { toDesiredObjects } from '../plan/desired-file.ts';
import { AppliedObjects } from './applied-objects.ts';
import { applyStages } from './apply-stages.ts';
import type { ApplyContext, Decision } from './decide.ts';
import { prepareObjects } from './desired-object.ts';

const KIND = { apiVersion: 'v1', kind: 'ConfigMap', plural: 'configmaps', namespaced: true, verbs: [] };

describe('applyStages', () => {
  /** Applies so many ConfigMaps to a server that answers each request as the test says. */
  async function apply(count: number, answer: (request: ApiRequest, number: number) => Error | undefined) {
    const requests: ApiRequest[] = [];
    const client = {
      user: undefined,
      async request(request: ApiRequest) {
        const error = answer(request, requests.push(request));
        if (error) throw error;
        return { metadata: { uid: 'u', resourceVersion: String(requests.length) } };
      },
    } as unknown as ClusterClient;
    const discovery: Discovery = { find: async () => KIND, forget() {} };
    const { signal } = new AbortController();
    const applied = new AppliedObjects({ onDrift() {} });
    const context: ApplyContext = {
      client,
      discovery,
      watches: {} as SharedWatches,
      set: OWNER,
      applied,
      now: () => 0,
      signal,
    };
    const resources = Array.from({ length: count }, (_, index) => rendered(configMap(`c${index}`)));
    const objects = await prepareObjects(toDesiredObjects(resources), context);
    const decisions = objects.map((object): Decision => ({ object, action: 'created', isDrift: false }));
    return { requests, failures: (await applyStages(decisions, false, context)).failures };
  }

  it('stops asking a server that does not answer, and reports every object', async () => {
    const { requests, failures } = await apply(200, () => new Error('cannot reach https://x'));
    assert.equal(failures.length, 200);
    assert.ok(requests.length <= 26, String(requests.length));
    assert.equal(failures.at(-1)?.reason, 'was not tried, the API server does not answer');
  });

  it('goes on when the server refuses', async () => {
    const refusal = new ApiError('patch x: no', { status: 400, reason: 'BadRequest' });
    const { requests, failures } = await apply(100, () => refusal);
    assert.deepEqual([requests.length, failures.length], [100, 100]);
  });

  it('goes on when one request of many is lost', async () => {
    const { requests, failures } = await apply(100, (_, number) =>
      number % 9 === 0 ? new Error('lost') : undefined,
    );
    assert.deepEqual([requests.length, failures.length], [100, 11]);
  });

  it('ends at once where nothing may be written any more', async () => {
    let asked = 0;
    const work = apply(100, () => {
      asked++;
      return new NotLeaderError();
    });
    await assert.rejects(work, { name: 'NotLeaderError' });
    assert.ok(asked <= 16, String(asked));
  });
});
