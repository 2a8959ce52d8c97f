import assert from 'node:assert/strict';
import { loadedSet } from '../../test/harness/sets.ts';
import type { GeneratorSetSpec } from '../api/generatorset-schema.ts';
import type { JsonObject } from '../lib/json.ts';
import { silentLogger } from '../lib/logger.ts';
import { createStatusWriter } from '../status/status-writer.ts';
import type { Handling } from './handling.ts';
import type { KeptReference } from './kept-reference.ts';
import { SetRuntime } from './set-runtime.ts';
import type { StoredSet } from './stored-set.ts';
import { trackSet } from './track-set.ts';

const KIND = { apiVersion: 'v1', kind: 'ConfigMap', plural: 'configmaps', namespaced: true, verbs: [] };

const REFERENCE: KeptReference = {
  use: 'generate',
  ref: { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'flux-system', name: 'input' },
  digest: '0',
};

/** A restored set with one applied resource, whose watch answers as the test says. */
function setUp(
  synced: () => Promise<boolean>,
  { references = [] as readonly KeptReference[], target = {} as GeneratorSetSpec['target'] & {} } = {},
) {
  const { set } = loadedSet('a', { target });
  const due: string[] = [];
  const runtime = new SetRuntime('u', { monotonic: () => 0, onDue: () => due.push('due') });
  const stored = { uid: 'u', generation: 1, triggers: '' } as StoredSet;
  runtime.restore(stored, 0);
  const read: string[] = [];
  const request = async ({ path }: { path: string }) => {
    read.push(path);
    return { metadata: { name: 'input', namespace: 'flux-system', uid: 'i', resourceVersion: '7' } };
  };
  const client = { user: undefined, request };
  const watch = { synced, get() {}, note() {}, release() {} };
  const parts = {
    ...{ client, checkpoint: { references: () => references } },
    discovery: { find: async () => KIND },
    watches: { acquire: () => watch },
    clock: { monotonic: () => 0 },
    status: createStatusWriter({ client: client as never, log: silentLogger, now: () => new Date(0) }),
  };
  const object = {
    metadata: { name: 'a', namespace: 'flux-system', uid: 'u', resourceVersion: '1' },
    status: { inventory: { entries: [{ id: 'flux-system_x__ConfigMap', v: 'v1' }], count: 1 } },
  } as unknown as JsonObject;
  const handling = { stored, runtime, parts, signal: new AbortController().signal } as unknown as Handling;
  return { due, read, runtime, track: () => trackSet(set, object, handling) };
}

describe('trackSet', () => {
  it('makes a set due whose resource is gone', async () => {
    const { due, runtime, track } = setUp(async () => true);
    await track();
    assert.deepEqual([due.length, runtime.cause, runtime.isNew], [1, 'drift', false]);
  });

  it('makes a set due that read another version than there is now, whatever its target', async () => {
    const git = { url: 'https://x', path: './' } as NonNullable<GeneratorSetSpec['target']>['git'] & {};
    const { due, read, runtime, track } = setUp(async () => true, {
      references: [REFERENCE],
      target: { git },
    });
    await track();
    assert.deepEqual(read, ['/api/v1/namespaces/flux-system/configmaps/input']);
    assert.deepEqual([due.length, runtime.cause, runtime.isNew], [1, 'all', false]);
    assert.deepEqual(runtime.references.kept()?.length, 1, 'which is watched from now on');
  });

  it('leaves what may not be watched to the next pass', async () => {
    const { due, runtime, track } = setUp(async () => false);
    await track();
    assert.deepEqual([due.length, runtime.isNew], [0, false]);
  });

  it('begins anew when the server does not answer, so that no drift goes unseen until the next pass', async () => {
    const { runtime, track } = setUp(() => Promise.reject(new Error('no answer')));
    await assert.rejects(track(), /what was applied cannot be watched: no answer/);
    assert.equal(runtime.isNew, true);
  });
});
