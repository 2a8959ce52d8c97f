import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { HeldChanges } from '../api/decision.ts';
import type { ElementState } from '../api/element-state.ts';
import type { GeneratorSetStatus } from '../api/status.ts';
import type { State } from '../plan/state.ts';
import { findCondition } from './conditions.ts';
import { isNews } from './is-news.ts';
import { nextStatus } from './next-status.ts';
import type { Report, ReportOutcome } from './report.ts';

const AT = new Date('2026-01-01T00:00:00.500Z');
const later = (milliseconds: number) => new Date(AT.getTime() + milliseconds);
const HOUR = 3_600_000;

function reportOf(outcome: ReportOutcome, more: Partial<Report> = {}): Report {
  return { outcome, generation: 2, at: AT, duration: 1500, ...more };
}
const state = (more: Partial<State> = {}): State => ({ version: 1, inventory: [], deletions: [], ...more });

const OUTCOMES = {
  succeeded: { type: 'succeeded', message: 'applied 3', revision: 'sha256:1', changes: ['a created'] },
  idle: { type: 'succeeded', message: 'applied 3', revision: 'sha256:1', changes: [] },
  held: {
    type: 'held',
    hold: { rule: 'maxPrune', message: 'would delete 9 of 10 resources' },
    digest: 'sha256:held',
    revision: 'sha256:1',
  },
  progressing: { type: 'progressing', reason: 'Progressing', message: 'waiting for a', revision: 'sha256:2' },
  failed: { type: 'failed', reason: 'ReconciliationFailed', message: 'no answer', revision: 'sha256:3' },
  stalled: { type: 'stalled', reason: 'ValidationFailed', message: 'spec.generators[0]: wrong' },
} as const satisfies Record<string, ReportOutcome>;

/** What kstatus computes for a custom resource: sigs.k8s.io/cli-utils, pkg/kstatus/status, generic rules and Ready. */
function kstatus(generation: number, status: GeneratorSetStatus): 'Current' | 'InProgress' | 'Failed' {
  if (status.observedGeneration !== undefined && status.observedGeneration !== generation)
    return 'InProgress';
  if (findCondition(status.conditions, 'Reconciling')?.status === 'True') return 'InProgress';
  if (findCondition(status.conditions, 'Stalled')?.status === 'True') return 'Failed';
  const ready = findCondition(status.conditions, 'Ready');
  return ready && ready.status !== 'True' ? 'InProgress' : 'Current';
}

describe('nextStatus', () => {
  const before = nextStatus(undefined, reportOf(OUTCOMES.succeeded, { generation: 1 }));
  const cases: [name: keyof typeof OUTCOMES, conditions: string[], observed: number, kstatus: string][] = [
    ['succeeded', ['Ready=True ReconciliationSucceeded'], 2, 'Current'],
    ['idle', ['Ready=True ReconciliationSucceeded'], 2, 'Current'],
    ['held', ['Ready=True PlanHeld', 'Held=True PlanHeld'], 2, 'Current'],
    ['progressing', ['Ready=Unknown Progressing', 'Reconciling=True Progressing'], 1, 'InProgress'],
    [
      'failed',
      ['Ready=False ReconciliationFailed', 'Reconciling=True ProgressingWithRetry'],
      1,
      'InProgress',
    ],
    ['stalled', ['Ready=False ValidationFailed', 'Stalled=True ValidationFailed'], 2, 'Failed'],
  ];
  for (const [name, conditions, observed, seen] of cases) {
    it(`gives ${name} its conditions, and kstatus says ${seen}`, () => {
      const next = nextStatus(before, reportOf(OUTCOMES[name]));
      assert.deepEqual(
        next.conditions?.map(({ type, status, reason }) => `${type}=${status} ${reason}`),
        conditions,
      );
      assert.ok(next.conditions?.every(({ observedGeneration }) => observedGeneration === 2));
      assert.equal(next.observedGeneration, observed);
      assert.equal(kstatus(2, next), seen);
      // The same of the first pass ever.
      assert.equal(kstatus(2, nextStatus(undefined, reportOf(OUTCOMES[name]))), seen);
    });
  }

  it('keeps lastTransitionTime until the status of a condition changes', () => {
    const first = nextStatus(undefined, reportOf(OUTCOMES.failed));
    const again = nextStatus(
      first,
      reportOf({ ...OUTCOMES.failed, reason: 'BuildFailed', message: 'else' }, { at: later(HOUR) }),
    );
    assert.deepEqual(
      again.conditions?.map(({ lastTransitionTime }) => lastTransitionTime),
      ['2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z'],
    );
    assert.equal(again.conditions?.[0]?.message, 'else');
    const well = nextStatus(again, reportOf(OUTCOMES.succeeded, { at: later(2 * HOUR) }));
    assert.equal(well.conditions?.[0]?.lastTransitionTime, '2026-01-01T02:00:00Z');
  });

  it('says what is not watched for as long as it is not', () => {
    const unwatched = 'Secret in default: forbidden';
    const next = nextStatus(undefined, reportOf(OUTCOMES.succeeded, { unwatched }));
    assert.equal(findCondition(next.conditions, 'Unwatched')?.message, unwatched);
    assert.equal(kstatus(2, next), 'Current');
    assert.equal(findCondition(nextStatus(next, reportOf(OUTCOMES.idle)).conditions, 'Unwatched'), undefined);
  });

  it('says how to release a held plan, until a plan is not held or something is delivered', () => {
    const held = nextStatus(undefined, reportOf(OUTCOMES.held));
    assert.equal(held.held?.digest, 'sha256:held');
    assert.match(held.held?.message ?? '', /annotation generatorset.dev\/approve: sha256:held$/);
    // A pass that did not come to a plan has not released it.
    const failed = nextStatus(held, reportOf(OUTCOMES.failed));
    assert.deepEqual(failed.held, held.held);
    assert.equal(findCondition(failed.conditions, 'Held')?.status, 'True');
    for (const report of [
      reportOf(OUTCOMES.idle),
      reportOf(OUTCOMES.stalled),
      reportOf(OUTCOMES.progressing, { state: state() }),
    ]) {
      const next = nextStatus(failed, report);
      assert.equal(next.held, undefined);
      assert.equal(findCondition(next.conditions, 'Held'), undefined);
    }
  });

  const HELD_ELEMENTS: readonly ElementState[] = [
    { key: 'a', phase: 'Ready', reason: 'Reconciled', message: '' },
    { key: 'b', phase: 'Held', reason: 'InputMissing', message: 'limit stays 64Mi: InputMissing' },
  ];
  const HELD_CHANGES: HeldChanges = {
    digest: 'sha256:change',
    message: '1 tuned value would change by more than 50%',
    changes: [{ element: 'c', name: 'limit', value: '64Mi', proposed: '512Mi' }],
  };
  const advice = 'to deliver it all the same: annotation generatorset.dev/approve';
  const partly: [name: string, more: Partial<Report>, conditions: string[], rule: string | undefined][] = [
    [
      'held elements',
      { elementStates: HELD_ELEMENTS },
      [
        'Ready=True ElementsHeld: 1 of 2 elements held: b (InputMissing); applied 3',
        'Held=True ElementsHeld: 1 of 2 elements held: b (InputMissing)',
      ],
      undefined,
    ],
    [
      'held changes',
      { heldChanges: HELD_CHANGES },
      [
        `Ready=True ElementsHeld: applied 3; ${HELD_CHANGES.message}; ${advice}: sha256:change`,
        `Held=True ChangesHeld: ${HELD_CHANGES.message}; ${advice}: sha256:change`,
      ],
      'maxChange',
    ],
    [
      'both',
      { elementStates: HELD_ELEMENTS, heldChanges: HELD_CHANGES },
      [
        `Ready=True ElementsHeld: 1 of 2 elements held: b (InputMissing); applied 3; ${HELD_CHANGES.message}; ${advice}: sha256:change`,
        `Held=True ChangesHeld: ${HELD_CHANGES.message}; ${advice}: sha256:change`,
      ],
      'maxChange',
    ],
    [
      'no elements that are held',
      { elementStates: HELD_ELEMENTS.slice(0, 1) },
      ['Ready=True ReconciliationSucceeded: applied 3'],
      undefined,
    ],
  ];
  for (const [name, more, conditions, rule] of partly) {
    it(`is ready with ${name}, and says so`, () => {
      const next = nextStatus(before, reportOf(OUTCOMES.succeeded, more));
      assert.deepEqual(
        next.conditions?.map(
          ({ type, status, reason, message }) => `${type}=${status} ${reason}: ${message}`,
        ),
        conditions,
      );
      assert.equal(next.held?.rule, rule);
      assert.equal(next.observedGeneration, 2);
      assert.equal(kstatus(2, next), 'Current');
    });
  }

  it('gives a plan that is held as a whole the word, and names the changes that are held besides', () => {
    const more = { elementStates: HELD_ELEMENTS, heldChanges: HELD_CHANGES };
    const next = nextStatus(before, reportOf(OUTCOMES.held, more));
    const message = `would delete 9 of 10 resources; besides, ${HELD_CHANGES.message}: sha256:change; ${advice}: sha256:held`;
    assert.deepEqual(next.held, { digest: 'sha256:held', rule: 'maxPrune', message });
    assert.deepEqual(
      next.conditions?.map(({ type, reason }) => `${type} ${reason}`),
      ['Ready PlanHeld', 'Held PlanHeld'],
    );
    assert.equal(next.elementStates?.[0]?.key, 'b');
  });

  it('keeps held elements and changes while a delivery is under way and when it fails', () => {
    const more = { elementStates: HELD_ELEMENTS, heldChanges: HELD_CHANGES };
    const held = nextStatus(before, reportOf(OUTCOMES.succeeded, more));
    for (const outcome of [OUTCOMES.progressing, OUTCOMES.failed]) {
      for (const known of [{}, { state: state() }]) {
        const next = nextStatus(held, reportOf(outcome, known));
        assert.deepEqual([next.held, next.elementStates], [held.held, held.elementStates]);
        assert.equal(findCondition(next.conditions, 'Held')?.reason, 'ChangesHeld');
      }
    }
    const well = nextStatus(held, reportOf(OUTCOMES.idle));
    assert.deepEqual(
      [well.held, well.elementStates, findCondition(well.conditions, 'Held')],
      [undefined, undefined, undefined],
    );
  });

  it('keeps decisions until a state says others', () => {
    const since = '2026-01-01T00:00:00Z';
    const decisions = [{ element: 'a', name: 'limit', value: '1', since, rule: 'Computed', input: '1' }];
    const decisionShards = { count: 600, digest: 'sha256:x', shards: ['a'] };
    const inventory = { entries: [], count: 0 };
    const known = nextStatus(before, reportOf(OUTCOMES.succeeded), { inventory, decisions });
    assert.deepEqual(nextStatus(known, reportOf(OUTCOMES.failed)).decisions, decisions);
    const large = nextStatus(known, reportOf(OUTCOMES.idle), { inventory, decisionShards });
    assert.deepEqual([large.decisions, large.decisionShards], [undefined, decisionShards]);
    const none = nextStatus(large, reportOf(OUTCOMES.idle), { inventory });
    assert.deepEqual([none.decisions, none.decisionShards], [undefined, undefined]);
  });

  it('tells what was attempted from what was delivered', () => {
    const failed = nextStatus(before, reportOf(OUTCOMES.failed));
    assert.deepEqual([failed.lastAttemptedRevision, failed.lastAppliedRevision], ['sha256:3', 'sha256:1']);
    const waiting = nextStatus(before, reportOf(OUTCOMES.progressing));
    const ready = nextStatus(waiting, reportOf({ ...OUTCOMES.idle, revision: 'sha256:2' }));
    assert.deepEqual([ready.lastAttemptedRevision, ready.lastAppliedRevision], ['sha256:2', 'sha256:2']);
    const held = nextStatus(before, reportOf({ ...OUTCOMES.held, revision: 'main@sha1:9' }));
    assert.equal(held.lastAppliedRevision, 'sha256:1');
    // A branch moves without this set.
    const idle = nextStatus(before, reportOf({ ...OUTCOMES.idle, revision: 'main@sha1:9' }));
    assert.equal(idle.lastAppliedRevision, 'sha256:1');
  });

  it('keeps what a report does not know', () => {
    const known = nextStatus(
      undefined,
      reportOf(OUTCOMES.succeeded, {
        requestedAt: 'a',
        forceAt: 'b',
        elements: 7,
        state: state({ delivered: 'sha256:d', deletions: [{ id: 'x', at: AT.toISOString() }] }),
      }),
      { inventory: { entries: [], count: 0 } },
    );
    const next = nextStatus(known, reportOf(OUTCOMES.failed));
    const { lastHandledReconcileAt, lastHandledForceAt, elements, delivered, deletions, inventory } = next;
    assert.deepEqual(
      { lastHandledReconcileAt, lastHandledForceAt, elements, delivered, inventory },
      {
        lastHandledReconcileAt: 'a',
        lastHandledForceAt: 'b',
        elements: 7,
        delivered: 'sha256:d',
        inventory: { entries: [], count: 0 },
      },
    );
    assert.deepEqual(deletions, [{ at: AT.toISOString(), count: 1 }]);
    assert.equal(nextStatus(next, reportOf(OUTCOMES.failed, { at: later(25 * HOUR) })).deletions, undefined);
  });

  it('puts every message on one bounded line, whatever was said', () => {
    const message = `first\n  second\u0000\u001b[31m\u202e${'x'.repeat(50_000)}`;
    const next = nextStatus(
      undefined,
      reportOf({ type: 'failed', reason: 'No good\n!', message }, { unwatched: message }),
    );
    for (const condition of next.conditions ?? []) {
      assert.ok(condition.message.length <= 2000, `${condition.message.length} characters`);
      assert.match(condition.message, /^first; second\\u\{0\}\\u\{1b\}\[31m\\u\{202e\}x+\.\.\.$/);
      assert.match(condition.reason, /^[A-Za-z][A-Za-z0-9_,:]*$/);
    }
  });

  it('keeps five outcomes, the newest first, and counts the same ones together', () => {
    let status = before;
    for (let n = 0; n < 7; n++)
      status = nextStatus(
        status,
        reportOf({ ...OUTCOMES.succeeded, revision: `sha256:${n}` }, { at: later(n * 1000) }),
      );
    assert.deepEqual(
      status.history?.map(({ digest }) => digest),
      ['sha256:6', 'sha256:5', 'sha256:4', 'sha256:3', 'sha256:2'],
    );
    const again = nextStatus(
      status,
      reportOf({ ...OUTCOMES.succeeded, revision: 'sha256:4' }, { at: later(HOUR), duration: 2500 }),
    );
    assert.deepEqual(again.history?.[0], {
      digest: 'sha256:4',
      firstReconciled: '2026-01-01T00:00:04Z',
      lastReconciled: '2026-01-01T01:00:00Z',
      lastReconciledDuration: '2.5s',
      lastReconciledStatus: 'ReconciliationSucceeded',
      totalReconciliations: 2,
    });
    assert.equal(again.history?.length, 5);
    assert.deepEqual(nextStatus(again, reportOf(OUTCOMES.progressing)).history, again.history);
  });

  it('has no text that is empty, which API servers may refuse', () => {
    for (const outcome of [OUTCOMES.failed, OUTCOMES.stalled]) {
      const { revision, ...unknown } = { revision: undefined, ...outcome };
      const status = nextStatus(undefined, reportOf(unknown, { requestedAt: '', forceAt: '' }));
      assert.ok(!JSON.stringify(status).includes('""'), JSON.stringify(status));
      assert.equal(status.history, undefined);
    }
  });

  it('has no news when the same comes of the next pass, and only times and counters would move', () => {
    const outcome = fc.constantFrom(
      ...Object.values(OUTCOMES).filter(({ type }) => type !== 'succeeded'),
      OUTCOMES.idle,
    );
    const more = fc.record(
      {
        elements: fc.nat(9),
        requestedAt: fc.string(),
        unwatched: fc.string(),
        generation: fc.integer({ min: 1, max: 3 }),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(
        fc.array(fc.tuple(outcome, more)),
        outcome,
        more,
        fc.nat(48 * HOUR),
        (past, last, rest, wait) => {
          const earlier = past.reduce<GeneratorSetStatus>(
            (status, [one, with_]) => nextStatus(status, reportOf(one, with_)),
            before,
          );
          const once = nextStatus(earlier, reportOf(last, rest));
          const twice = nextStatus(once, reportOf(last, { ...rest, at: later(wait), duration: wait }));
          assert.equal(isNews(once, twice), false);
          assert.equal(isNews(undefined, once), true);
        },
      ),
    );
  });
});

describe('isNews', () => {
  const base = nextStatus(
    undefined,
    reportOf(OUTCOMES.succeeded, {
      elements: 1,
      state: state({ deletions: [{ id: 'a', at: AT.toISOString() }] }),
    }),
    { inventory: { entries: [{ id: 'a_b__C', v: 'v1' }], count: 1 } },
  );
  const news: [name: string, change: Partial<GeneratorSetStatus>][] = [
    ['another generation', { observedGeneration: 3 }],
    ['another message', { conditions: [{ ...base.conditions![0]!, message: 'else' }] }],
    ['a condition less', { conditions: [] }],
    ['another revision', { lastAppliedRevision: 'x' }],
    ['a request that was handled', { lastHandledReconcileAt: 'x' }],
    ['other elements', { elements: 2 }],
    ['another inventory', { inventory: { entries: [{ id: 'a_b__C', v: 'v2' }], count: 1 } }],
    ['one more deletion', { deletions: [{ at: AT.toISOString(), count: 2 }] }],
    ['another delivery', { delivered: 'x' }],
    ['a held plan', { held: { digest: 'x', rule: 'maxPrune', message: 'm' } }],
    ['another decision', { decisions: [] }],
    ['decisions in other shards', { decisionShards: { count: 1, digest: 'x', shards: [] } }],
    ['an element that is held', { elementStates: [{ key: 'a', phase: 'Held', reason: 'RenderFailed' }] }],
    [
      'another word of an element that is held',
      { elementStates: [{ key: 'b', phase: 'Held', reason: 'RenderFailed', message: 'else' }] },
    ],
    ['an element in its cooldown', { elementStates: [{ key: 'a', phase: 'Ready', reason: 'Cooldown' }] }],
    ['an outcome', { history: [{ ...base.history![0]!, digest: 'y' }] }],
  ];
  for (const [name, change] of news) {
    it(`takes ${name} as news`, () => {
      assert.equal(isNews(base, { ...base, ...change }), true);
    });
  }
  it('takes an element within its dead band, and other words of rules at work, as none', () => {
    const stateOf = (reason: string, message?: string) => ({
      ...base,
      elementStates: [{ key: 'a', phase: 'Ready' as const, reason, ...(message && { message }) }],
    });
    assert.equal(isNews(stateOf('Reconciled'), stateOf('WithinDeadBand', 'limit stays 64Mi')), false);
    assert.equal(isNews(stateOf('Cooldown', 'one'), stateOf('Cooldown', 'other')), false);
  });
  it('takes the end of the 24 hours of a deletion as none', () => {
    const { deletions, ...rest } = base;
    assert.equal(deletions?.length, 1);
    assert.equal(isNews(base, rest), false);
    assert.equal(isNews(rest, base), true);
  });
});
