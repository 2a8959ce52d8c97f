import assert from 'node:assert/strict';
import { StalledError, WaitingError } from '../api/errors.ts';
import { ApiError } from '../clients/cluster/api-error.ts';
import type { Change, Evidence } from '../plan/change.ts';
import { DeliveryError } from '../plan/target.ts';
import type { Outcome } from '../reconcile/reconcile.ts';
import { describeFailure, describeSuccess } from './to-outcome.ts';

const changeOf = (name: string, action: Change['action'], more: Partial<Change> = {}): Change => {
  const id = `apps_${name}__ConfigMap`;
  return { id, action, path: id, evidence: [], ...more };
};
const outcomeOf = (changes: Change[], more: Partial<Outcome> = {}): Outcome => {
  return { plan: { changes, digest: 'd' }, delivered: true, elements: [], decisions: [], ...more };
};

describe('describeSuccess', () => {
  it('counts what stands, and says why something is left as it is', () => {
    const changes = [
      changeOf('a', 'created'),
      changeOf('b', 'unchanged'),
      changeOf('c', 'deleted'),
      changeOf('d', 'skipped', { reason: 'it rests' }),
    ];
    assert.deepEqual(describeSuccess(outcomeOf(changes, { revision: 'r' })), {
      type: 'succeeded',
      message: '3 resources; ConfigMap/apps/d: it rests',
      changes: ['ConfigMap/apps/a created', 'ConfigMap/apps/c deleted'],
      revision: 'r',
    });
  });

  it('tells the evidence of what was delivered, and none of a Secret', () => {
    const evidence: Evidence = {
      field: 'data.limit',
      before: '384Mi',
      after: '448Mi',
      template: 0,
      element: 'a',
      generator: 0,
      generatorName: 'prometheus',
      query: 'max(up)',
      reads: [{ path: '.Element.name', value: 'a' }],
      decisions: [],
    };
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'b' } };
    const hidden = { ...evidence, after: 'hidden', reads: [{ path: '.Element.password', value: 'hidden' }] };
    const changes = [
      changeOf('a', 'configured', { evidence: Array.from({ length: 12 }, () => evidence) }),
      changeOf('b', 'configured', { evidence: [hidden], resource: secret }),
      changeOf('c', 'created', { evidence: [evidence] }),
      changeOf('d', 'unchanged'),
    ];
    const said = describeSuccess(outcomeOf(changes));
    assert.deepEqual(said.type === 'succeeded' && said.changes, [
      'ConfigMap/apps/a configured',
      ...Array.from({ length: 10 }, () => '  data.limit: 384Mi -> 448Mi'),
      'ConfigMap/apps/b configured',
      'ConfigMap/apps/c created',
      'Element: a',
      'Query: max(up)',
      'Answer: .Element.name = "a"',
    ]);
  });

  it('names 100 resources, and counts the others', () => {
    const changes = Array.from({ length: 103 }, (_, index) => changeOf(`a${index}`, 'created'));
    const said = describeSuccess(outcomeOf(changes));
    const lines = said.type === 'succeeded' ? said.changes : [];
    assert.deepEqual(
      [lines.length, lines.at(-2), lines.at(-1)],
      [101, 'ConfigMap/apps/a99 created', 'and 3 more'],
    );
  });

  it('leaves it to the states of elements to say what of them is kept', () => {
    const changes = [changeOf('a', 'unchanged'), changeOf('b', 'skipped', { reason: 'held', isKept: true })];
    const described = describeSuccess(outcomeOf(changes, { delivered: false }));
    assert.deepEqual(described, { type: 'succeeded', message: '2 resources', changes: [] });
  });

  it('says that a held plan needs what was approved before, too', () => {
    const held = { rule: 'maxPrune', message: 'would delete 9' } as const;
    const said = describeSuccess({
      ...outcomeOf([]),
      plan: { changes: [], digest: 'd', held, released: ['c'] },
    });
    assert.equal(said.type === 'held' && said.digest, 'c,d');
  });

  it('says what a held plan would do', () => {
    const held = { rule: 'maxPrune', message: 'would delete 9' } as const;
    const plan = { changes: [changeOf('a', 'deleted')], digest: 'd', held };
    assert.deepEqual(describeSuccess(outcomeOf([], { plan, delivered: false })), {
      type: 'held',
      hold: held,
      digest: 'd',
    });
  });
});

describe('describeFailure', () => {
  const forbidden = new ApiError('no', { status: 403, reason: 'Forbidden' });
  const cases: [error: Error, type: string, reason: string][] = [
    [new StalledError('ValidationFailed', 'm'), 'stalled', 'ValidationFailed'],
    [new WaitingError('Progressing', 1000, 'm'), 'progressing', 'Progressing'],
    [new WaitingError('DependencyNotReady', 1000, 'm'), 'failed', 'DependencyNotReady'],
    [new DeliveryError('PruneFailed', 'm'), 'failed', 'PruneFailed'],
    [new Error('m', { cause: forbidden }), 'failed', 'AccessDenied'],
    [new Error('m'), 'failed', 'BuildFailed'],
  ];
  for (const [error, type, reason] of cases) {
    it(`gives ${error.name} the reason ${reason}`, () => {
      assert.deepEqual(describeFailure(error, 'render'), { type, reason, message: 'm' });
    });
  }
});
