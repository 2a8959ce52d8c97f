import assert from 'node:assert/strict';
import { loadedSet } from '../../test/harness/sets.ts';
import type { HeldChanges } from '../api/decision.ts';
import type { ElementState } from '../api/element-state.ts';
import type { Change } from '../plan/change.ts';
import type { Plan } from '../plan/plan.ts';
import type { Outcome } from '../reconcile/reconcile.ts';
import {
  countActions,
  describeResult,
  heldElements,
  planToJson,
  refusals,
  resultToJson,
  skippedFiles,
  unusedApprovals,
} from './describe-plan.ts';

function change(action: Change['action'], more: Partial<Change> = {}): Change {
  return { id: 'a', path: 'a.yaml', evidence: [], action, ...more };
}

function outcome(plan: Partial<Plan>, more: Partial<Outcome> = {}): Outcome {
  return {
    plan: { changes: [change('unchanged')], digest: 'D', ...plan },
    delivered: false,
    elements: [],
    decisions: [],
    ...more,
  };
}

const READY: ElementState = {
  key: 'a',
  phase: 'Ready',
  reason: 'Cooldown',
  message: 'limit stays 1Mi: Cooldown',
};
const HELD: ElementState = { key: 'b', phase: 'Held', reason: 'RenderFailed', message: 'no such field' };
const CHANGES: HeldChanges = {
  digest: 'C',
  message: 'would change 1 of 2 tuned values',
  changes: [{ element: 'b', name: 'limit', value: '1Mi', proposed: '9Mi' }],
};

describe('what is said of a pass', () => {
  const loaded = loadedSet('web');
  const said: [name: string, outcome: Outcome, sentence: string][] = [
    [
      'counts actions',
      outcome({ changes: [change('created'), change('deleted'), change('created')] }),
      '2 created, 1 deleted',
    ],
    ['knows a set without resources', outcome({ changes: [] }), 'no resources'],
    [
      'says that only what is remembered was written',
      outcome({}, { delivered: true }),
      '1 unchanged, what is remembered was recorded',
    ],
    [
      'says held, why, and what releases it',
      outcome({ held: { rule: 'maxPrune', message: 'would delete 9 of 10' } }),
      'held: would delete 9 of 10; nothing was changed. To deliver it all the same: --approve D',
    ],
    [
      'says that a held plan needs what was approved before, too',
      outcome({ held: { rule: 'maxPrune', message: 'would delete 9 of 10' }, released: ['C'] }),
      'held: would delete 9 of 10; nothing was changed. To deliver it all the same: --approve C,D',
    ],
    ['counts held elements', outcome({}, { elements: [READY, HELD] }), '1 unchanged; 1 of 2 elements held'],
    [
      'says which digest releases held changes',
      outcome({ heldChanges: CHANGES }),
      '1 unchanged; held: would change 1 of 2 tuned values. To make the change all the same: --approve C',
    ],
  ];
  for (const [name, pass, sentence] of said) {
    it(name, () => assert.equal(describeResult({ loaded, outcome: pass }), sentence));
  }

  it('tells failures and suspended sets', () => {
    assert.equal(describeResult({ loaded, error: new Error('no answer') }), 'no answer');
    assert.equal(describeResult({ loaded, suspended: true }), 'suspended');
  });

  it('names held elements with their reason once, and of many how many more there are', () => {
    const many = Array.from({ length: 13 }, (_, index) => ({ ...HELD, key: `e${index}` }));
    const missing = { ...HELD, reason: 'InputMissing', message: 'limit stays 1Mi: InputMissing' };
    assert.deepEqual(heldElements([READY, HELD, missing]), [
      'element b is held: RenderFailed: no such field',
      'element b is held: limit stays 1Mi: InputMissing',
    ]);
    assert.equal(heldElements(many).length, 11);
    assert.equal(heldElements(many).at(-1), '3 more elements are held');
  });

  it('lets no key write to the terminal', () => {
    assert.doesNotMatch(heldElements([{ ...HELD, key: 'a\u001b[31m\n' }]).join(), /[\u001b\n]/);
  });

  it('names files that were left, but not those of held elements', () => {
    const changes = [
      change('skipped', { reason: 'edited' }),
      change('skipped', { reason: 'element b is held', isKept: true }),
    ];
    assert.deepEqual(skippedFiles({ changes, digest: 'D' }), ['a.yaml: edited']);
    assert.equal(countActions({ changes, digest: 'D' }), '2 skipped');
  });

  it('tells what is to be known of a change, and what would be refused, apart', () => {
    const applied = { id: 'apps_a__ConfigMap', path: 'apps_a__ConfigMap' };
    const changes = [
      change('created', { ...applied, reason: 'its namespace comes with this set' }),
      change('skipped', { ...applied, reason: 'set.yaml:1:2: ConfigMap/apps/a: no', isRefused: true }),
      change('configured', applied),
    ];
    const plan = { changes, digest: 'D' };
    assert.deepEqual(skippedFiles(plan), ['ConfigMap/apps/a: its namespace comes with this set']);
    assert.deepEqual(refusals(plan), ['set.yaml:1:2: ConfigMap/apps/a: no']);
  });

  it('finds approvals that released nothing in any set', () => {
    const released = { ...outcome({}).plan, released: ['X', 'Y'] };
    assert.deepEqual(unusedApprovals(['X', 'Z', 'Z'], [undefined, released]), ['Z']);
    assert.deepEqual(unusedApprovals(undefined, [released]), []);
  });

  it('gives programs what is held, elements, and changes without the texts of files', () => {
    const plan = {
      changes: [change('configured', { before: 'secret', after: 'other' })],
      digest: 'D',
      heldChanges: CHANGES,
    };
    assert.deepEqual(planToJson(plan), {
      digest: 'D',
      heldChanges: CHANGES,
      changes: [{ id: 'a', action: 'configured', path: 'a.yaml' }],
    });
    const result = resultToJson({
      loaded,
      outcome: outcome(plan, { elements: [HELD], revision: 'main@sha1:1' }),
    });
    assert.deepEqual(result, {
      namespace: 'flux-system',
      name: 'web',
      ready: true,
      message:
        '1 configured; 1 of 1 elements held; held: would change 1 of 2 tuned values. To make the change all the same: --approve C',
      revision: 'main@sha1:1',
      delivered: false,
      ...planToJson(plan),
      elements: [HELD],
    });
  });
});
