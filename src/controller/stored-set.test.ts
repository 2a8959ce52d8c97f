import assert from 'node:assert/strict';
import type { JsonObject } from '../lib/json.ts';
import { storeSet } from './stored-set.ts';

const SINCE = '2026-01-01T00:00:00Z';

function setWith(status: unknown, spec: JsonObject = {}): JsonObject {
  return { metadata: { uid: 'u', resourceVersion: '1' }, spec, status } as JsonObject;
}

function condition(type: string, reason: string, status = 'True') {
  return { type, status, reason, message: '', lastTransitionTime: SINCE };
}

const NOTHING = { ready: '', reason: '', suspended: false, revision: '' };

describe('what the cache tells metrics of a set', () => {
  const cases: [what: string, set: JsonObject, info: object][] = [
    ['nothing yet', setWith(undefined), NOTHING],
    ['that it is suspended', setWith(undefined, { suspend: true }), { ...NOTHING, suspended: true }],
    [
      'that it is ready, what it delivered, and how many elements it has',
      setWith({
        conditions: [condition('Ready', 'ReconciliationSucceeded')],
        ...{ lastAppliedRevision: 'main@sha1:0', elements: 0 },
      }),
      { ...NOTHING, ready: 'True', reason: 'ReconciliationSucceeded', revision: 'main@sha1:0', elements: 0 },
    ],
    [
      'that it is stalled',
      setWith({ conditions: [condition('Ready', 'x', 'False'), condition('Stalled', 'x')] }),
      { ...NOTHING, ready: 'False', reason: 'x', stalled: true },
    ],
    [
      'what is held, and since when',
      setWith({
        conditions: [condition('Held', 'ChangesHeld')],
        elementStates: [{ phase: 'Held' }, { phase: 'Held' }, { phase: 'Ready' }],
        held: { changes: [{}] },
      }),
      {
        ...NOTHING,
        held: { reason: 'ChangesHeld', since: Date.parse(SINCE) / 1000, elements: 2, changes: 1 },
      },
    ],
    [
      'that nothing is held any more',
      setWith({ conditions: [condition('Held', 'PlanHeld', 'False')], held: { digest: 'd' } }),
      NOTHING,
    ],
    [
      'no more than there is room for',
      setWith({ conditions: [condition('Ready', 'x'.repeat(5000))], lastAppliedRevision: 'r'.repeat(5000) }),
      { ...NOTHING, ready: 'True', reason: 'x'.repeat(512), revision: 'r'.repeat(512) },
    ],
  ];
  for (const [what, set, info] of cases) {
    it(`is ${what}`, () => assert.deepEqual(storeSet(set).info, info));
  }

  // Whoever may write a status may write anything into it, as far as the schema goes.
  const forged: unknown[] = [
    { conditions: 'none', elements: 'many', held: [], elementStates: {} },
    { conditions: [null, { type: 'Held', status: 'True', lastTransitionTime: 'yesterday' }] },
    { conditions: [{ type: 'Held', status: 'True' }], elementStates: [null], held: null },
    { elements: 1.5, lastAppliedRevision: null },
    null,
  ];
  for (const status of forged) {
    it(`is nothing of ${JSON.stringify(status)}`, () => {
      assert.deepEqual(storeSet(setWith(status)).info, NOTHING);
    });
  }
});
