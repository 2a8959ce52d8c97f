import assert from 'node:assert/strict';
import { ApiError } from '../clients/cluster/api-error.ts';
import type { ApiRequest, ClusterClient } from '../clients/cluster/cluster-client.ts';
import type { JsonObject } from '../lib/json.ts';
import { silentLogger } from '../lib/logger.ts';
import type { SetEvent } from '../status/events-for.ts';
import { createStatusWriter } from '../status/status-writer.ts';
import { finalizeSet } from './finalize-set.ts';
import type { Handling } from './handling.ts';
import { SetRuntime } from './set-runtime.ts';

const KIND = { apiVersion: 'v1', kind: 'ConfigMap', plural: 'configmaps', namespaced: true, verbs: [] };

/** A set that is being deleted, with one applied resource, in the hands of a worker; and what is done about it. */
function setUp(
  spec: JsonObject,
  { isRefused = false, annotations = {} as Record<string, string>, status = {} as JsonObject } = {},
) {
  const requests: string[] = [];
  const events: string[] = [];
  const labels = { 'generatorset.dev/name': 'a', 'generatorset.dev/namespace': 'apps' };
  const client: ClusterClient = {
    user: undefined,
    request: async ({ method, path }: ApiRequest) => {
      requests.push(`${method} ${path.split('/').slice(-2).join('/')}`);
      if (isRefused && method === 'DELETE')
        throw new ApiError('may not', { status: 403, reason: 'Forbidden' });
      return { metadata: { name: 'x', namespace: 'apps', uid: 'x', resourceVersion: '5', labels } };
    },
    stream: () => Promise.reject(new Error('no watch')),
    as: () => client,
  };
  const log = silentLogger;
  const unwatched = { synced: async () => false, isServed: () => true, release() {}, get() {}, note() {} };
  const parts = {
    ...{ client, log, clock: { now: () => 0, monotonic: () => 0 } },
    discovery: { find: async () => KIND },
    watches: { acquire: () => unwatched },
    status: createStatusWriter({ client, log, now: () => new Date(0) }),
    checkpoint: { forget() {} },
    events: { record: (_: unknown, { reason }: SetEvent) => events.push(reason) },
  };
  const object = {
    metadata: {
      ...{ name: 'a', namespace: 'apps', uid: 'u', resourceVersion: '4', deletionTimestamp: 'now' },
      finalizers: ['generatorset.dev/finalizer'],
      annotations,
    },
    spec,
    status: { ...status, inventory: { entries: [{ id: 'apps_x__ConfigMap', v: 'v1' }], count: 1 } },
  };
  const runtime = new SetRuntime('u', { monotonic: () => 0, onDue() {} });
  const stored = { uid: 'u', text: JSON.stringify(object) };
  const handling = { stored, runtime, parts, signal: new AbortController().signal } as unknown as Handling;
  return { requests, events, finalize: () => finalizeSet(handling) };
}

describe('finalizeSet', () => {
  const cases: [what: string, spec: JsonObject, isDeleted: boolean, events: string[]][] = [
    ['without a target', {}, true, []],
    ['that is applied', { target: { apply: { prune: false } } }, true, []],
    ['that orphans', { deletionPolicy: 'Orphan' }, false, []],
    ['that came to commit them to Git', { target: { git: { url: 'https://x' } } }, false, ['Orphaned']],
    ['that came to write files', { target: { directory: { path: '/x' } } }, false, ['Orphaned']],
    ['whose target is nonsense', { target: 'git' }, true, []],
  ];
  for (const [what, spec, isDeleted, told] of cases) {
    it(`${isDeleted ? 'deletes' : 'leaves'} the applied resources of a set ${what}, and lets it go`, async () => {
      const { requests, events, finalize } = setUp(spec);
      assert.equal((await finalize()).result, 'success');
      assert.equal(requests.includes('DELETE configmaps/x'), isDeleted);
      assert.deepEqual([requests.at(-1), events], ['PATCH generatorsets/a', told]);
    });
  }

  const forced: [
    what: string,
    annotations: [requestedAt: string, forceAt: string],
    handled: string,
    isLeft: boolean,
  ][] = [
    ['now', ['2', '2'], '1', true],
    ['for the first time', ['2', '2'], '', true],
    ['long ago', ['2', '2'], '2', false],
    ['before, and asked for a pass since', ['3', '2'], '2', false],
    ['without a request of the same value', ['1', '2'], '', false],
  ];
  for (const [what, [requestedAt, forceAt], handled, isLeft] of forced) {
    it(`${isLeft ? 'lets go of' : 'keeps'} a set whose resources may not be deleted and that was forced ${what}`, async () => {
      const { requests, events, finalize } = setUp(
        {},
        {
          isRefused: true,
          annotations: {
            'reconcile.fluxcd.io/requestedAt': requestedAt,
            'reconcile.fluxcd.io/forceAt': forceAt,
          },
          status: handled === '' ? {} : { lastHandledForceAt: handled },
        },
      );
      const { result } = await finalize();
      assert.equal(requests.includes('DELETE configmaps/x'), true);
      assert.deepEqual([result, events.includes('Orphaned')], isLeft ? ['success', true] : ['error', false]);
      assert.equal(requests.includes('PATCH generatorsets/a'), isLeft);
    });
  }
});
