import assert from 'node:assert/strict';
import type { JsonObject } from '../../lib/json.ts';
import { setHeaders, setRow } from './set-row.ts';
import { viewSet } from './set-view.ts';

const now = new Date('2026-01-31T12:00:00Z');
const HASH = '0123456789abcdef'.repeat(4);

/** A set with this status, as the API server gives it. */
function stored(status: JsonObject, spec: JsonObject = {}): JsonObject {
  return { metadata: { namespace: 'apps', name: 'teams', uid: 'u', generation: 2 }, spec, status };
}

const CONDITION = {
  ...{ type: 'Ready', status: 'True', lastTransitionTime: 't', observedGeneration: 2 },
};

function ready(status: string, message: string): JsonObject {
  return { conditions: [{ ...CONDITION, reason: 'R', status, message }] };
}

const row = (object: JsonObject, columns: Partial<Parameters<typeof setRow>[1]> = {}) =>
  setRow(viewSet(object), { allNamespaces: false, wide: false, ...columns }, now);

describe('setRow', () => {
  it('has a cell for each header', () => {
    for (const allNamespaces of [false, true]) {
      for (const wide of [false, true]) {
        const columns = { allNamespaces, wide };
        assert.equal(row(stored({}), columns).length, setHeaders(columns).length);
      }
    }
  });

  const cases: [string, JsonObject, string[]][] = [
    [
      'a set before its first pass',
      stored({}),
      ['teams', '', 'False', 'False', 'waiting for the first pass'],
    ],
    [
      'a suspended set',
      stored(ready('True', 'well'), { suspend: true }),
      ['teams', '', 'True', 'True', 'well'],
    ],
    [
      'as much of a hash as people compare',
      stored({ ...ready('True', 'well'), lastAppliedRevision: `main@sha1:${HASH.slice(0, 40)}` }),
      ['teams', 'main@sha1:01234567', 'False', 'True', 'well'],
    ],
    [
      'a status of another form',
      stored({ conditions: 'none', inventory: 5 }),
      ['teams', '', 'False', 'False', 'waiting for the first pass'],
    ],
    [
      'that a plan is held',
      stored({ conditions: [{ ...CONDITION, reason: 'PlanHeld', message: 'would delete all' }] }),
      ['teams', '', 'False', 'True', 'held: would delete all'],
    ],
  ];
  for (const [what, object, cells] of cases) {
    it(`shows ${what}`, () => assert.deepEqual(row(object), cells));
  }

  it('tells in wide rows what is held, and when something changed last', () => {
    const held = { digest: `sha256:${HASH}`, rule: 'maxChange', message: 'm' };
    const change = { element: 'a', name: 'n', value: '1', proposed: '9' };
    const states = ['Held', 'Ready'].map((phase) => ({ key: phase, phase, reason: 'R' }));
    const run = {
      ...{ digest: 'd', firstReconciled: 't', lastReconciled: '2026-01-31T11:55:00Z' },
      ...{ lastReconciledStatus: 'R', totalReconciliations: 1 },
    };
    const wide = (status: JsonObject) => row(stored(status), { wide: true }).slice(4, 7);
    assert.deepEqual(wide({ elements: 3, held, history: [run] }), ['3', 'plan', '5m']);
    assert.deepEqual(wide({ held: { ...held, changes: [change] }, elementStates: states }), [
      '',
      '1 change, 1 element',
      '',
    ]);
  });
});
