import assert from 'node:assert/strict';
import type { ElementState } from '../api/element-state.ts';
import type { GeneratorSetStatus } from '../api/status.ts';
import { eventsFor } from './events-for.ts';
import { nextStatus } from './next-status.ts';
import type { Report, ReportOutcome } from './report.ts';

const idle: ReportOutcome = { type: 'succeeded', message: 'applied 3', revision: 'r1', changes: [] };
const changed: ReportOutcome = { ...idle, changes: ['ConfigMap/a/b created', 'ConfigMap/a/c deleted'] };
const failed: ReportOutcome = { type: 'failed', reason: 'BuildFailed', message: 'line one\nline two' };
const stalled: ReportOutcome = { type: 'stalled', reason: 'ValidationFailed', message: 'wrong' };
const waiting: ReportOutcome = { type: 'progressing', reason: 'Progressing', message: 'waiting' };
const held: ReportOutcome = {
  type: 'held',
  hold: { rule: 'onEmpty', message: 'would delete all' },
  digest: 'd1',
};

function reportOf(outcome: ReportOutcome, more: Partial<Report> = {}): Report {
  return { outcome, generation: 1, at: new Date('2026-01-01T00:00:00Z'), duration: 1, ...more };
}
/** Three elements, of which these are held. */
function statesOf(held: readonly string[]): ElementState[] {
  return ['a', 'b', 'c'].map((key) =>
    held.includes(key)
      ? { key, phase: 'Held', reason: 'InputMissing', message: 'no input' }
      : { key, phase: 'Ready', reason: 'Reconciled', message: '' },
  );
}
function after(...outcomes: ReportOutcome[]): GeneratorSetStatus | undefined {
  return outcomes.reduce<GeneratorSetStatus | undefined>(
    (status, outcome) => nextStatus(status, reportOf(outcome)),
    undefined,
  );
}

describe('eventsFor', () => {
  const cases: [name: string, before: ReportOutcome[], now: ReportOutcome, event: string | undefined][] = [
    ['the first pass', [], idle, 'info ReconciliationSucceeded applied 3'],
    ['an unchanged pass', [idle], idle, undefined],
    [
      'a delivery',
      [idle],
      changed,
      'info ReconciliationSucceeded ConfigMap/a/b created\nConfigMap/a/c deleted',
    ],
    ['a failure', [idle], failed, 'error BuildFailed line one\nline two'],
    ['the same failure again', [failed], failed, undefined],
    ['another failure', [failed], { ...failed, message: 'else' }, 'error BuildFailed else'],
    [
      'the same words for another reason',
      [failed],
      { ...failed, reason: 'PruneFailed' },
      'error PruneFailed line one\nline two',
    ],
    ['a recovery', [failed], idle, 'info ReconciliationSucceeded applied 3'],
    ['a stalled set', [idle], stalled, 'error ValidationFailed wrong'],
    ['a set that stays stalled', [stalled], stalled, undefined],
    ['a wait', [idle], waiting, undefined],
    ['the end of a wait', [waiting], idle, 'info ReconciliationSucceeded applied 3'],
    [
      'a held plan',
      [idle],
      held,
      'error PlanHeld would delete all; to deliver it all the same: annotation generatorset.dev/approve: d1',
    ],
    ['the same plan held again', [held], held, undefined],
    ['the same plan held after a failure', [held, failed], held, undefined],
    [
      'another plan held',
      [held],
      { ...held, digest: 'd2' },
      'error PlanHeld would delete all; to deliver it all the same: annotation generatorset.dev/approve: d2',
    ],
    ['the end of a hold', [held], idle, 'info ReconciliationSucceeded applied 3'],
  ];
  for (const [name, before, now, expected] of cases) {
    it(`says ${expected === undefined ? 'nothing' : expected.split(' ', 2).join(' ')} of ${name}`, () => {
      const events = eventsFor(after(...before), reportOf(now));
      const lines = events.map(({ severity, reason, message }) => `${severity} ${reason} ${message}`);
      assert.deepEqual(lines, expected === undefined ? [] : [expected]);
    });
  }

  const heldStates = (...keys: string[]): Partial<Report> => ({ elementStates: statesOf(keys) });
  const changesOf = (digest: string, ...elements: string[]): Partial<Report> => ({
    elementStates: [],
    heldChanges: {
      digest,
      message: `${elements.length} tuned values`,
      changes: elements.map((element) => ({ element, name: 'limit', value: '1', proposed: '9' })),
    },
  });
  const partly: [name: string, before: Partial<Report>[], now: Partial<Report>, events: string[]][] = [
    [
      'an element that is held',
      [{}],
      heldStates('a'),
      ['error ElementsHeld 1 of 3 elements held: a (InputMissing)\na: no input'],
    ],
    ['the same element held again', [heldStates('a')], heldStates('a'), []],
    [
      'the same element held after a failure',
      [heldStates('a'), { outcome: failed }],
      heldStates('a'),
      ['info ReconciliationSucceeded applied 3'],
    ],
    [
      'one more element',
      [heldStates('a')],
      heldStates('a', 'b'),
      ['error ElementsHeld 2 of 3 elements held: a (InputMissing), b (InputMissing)\nb: no input'],
    ],
    [
      'one element less',
      [heldStates('a', 'b')],
      heldStates('b'),
      ['info ReconciliationSucceeded no longer held: a'],
    ],
    ['the end of all holds', [heldStates('a')], heldStates(), ['info ReconciliationSucceeded applied 3']],
    [
      'a delivery while an element is held',
      [heldStates('a')],
      { ...heldStates('a'), outcome: changed },
      ['info ReconciliationSucceeded ConfigMap/a/b created\nConfigMap/a/c deleted'],
    ],
    [
      'changes that wait',
      [{}],
      changesOf('d1', 'a'),
      [
        'error ChangesHeld 1 tuned values; to deliver it all the same: annotation generatorset.dev/approve: d1',
      ],
    ],
    ['another proposal for them', [changesOf('d1', 'a')], changesOf('d2', 'a'), []],
    [
      'one change more',
      [changesOf('d1', 'a')],
      changesOf('d2', 'a', 'b'),
      [
        'error ChangesHeld 2 tuned values; to deliver it all the same: annotation generatorset.dev/approve: d2',
      ],
    ],
    ['changes beside a held plan', [{ outcome: held }], { ...changesOf('d2', 'a'), outcome: held }, []],
    [
      'an element that is held beside a held plan',
      [{ outcome: held }],
      { ...heldStates('a'), outcome: held },
      ['error ElementsHeld 1 of 3 elements held: a (InputMissing)\na: no input'],
    ],
  ];
  for (const [name, before, now, expected] of partly) {
    it(`says ${expected.length === 0 ? 'nothing' : 'it once'} of ${name}`, () => {
      const reports = before.map((more) => reportOf(idle, more));
      const status = reports.reduce<GeneratorSetStatus | undefined>(
        (known, report) => nextStatus(known, report),
        undefined,
      );
      const events = eventsFor(status, reportOf(idle, now));
      assert.deepEqual(
        events.map(({ severity, reason, message }) => `${severity} ${reason} ${message}`),
        expected,
      );
    });
  }

  it('names revision and token, where there are any', () => {
    const [event] = eventsFor(undefined, reportOf(changed, { requestedAt: 'now' }));
    assert.deepEqual(event?.metadata, { revision: 'r1', token: 'now' });
    const [other] = eventsFor(undefined, reportOf(stalled));
    assert.equal(Object.hasOwn(other ?? {}, 'metadata'), false);
  });

  it('names the commit of a repository, and the digest of what is held', () => {
    const commit = '0123456789abcdef0123456789abcdef01234567';
    const [delivered] = eventsFor(undefined, reportOf({ ...changed, revision: `main@sha1:${commit}` }));
    assert.deepEqual(delivered?.metadata, { revision: `main@sha1:${commit}`, commit });
    const [plan] = eventsFor(undefined, reportOf(held));
    assert.deepEqual(plan?.metadata, { digest: 'd1' });
    const events = eventsFor(undefined, reportOf(idle, changesOf('d2', 'a')));
    assert.deepEqual(
      events
        .filter(({ metadata }) => metadata?.['digest'] !== undefined)
        .map(({ reason, metadata }) => [reason, metadata]),
      [['ChangesHeld', { revision: 'r1', digest: 'd2' }]],
    );
  });

  it('bounds what thousands of changes say', () => {
    const changes = Array.from({ length: 20_000 }, (_, n) => `ConfigMap/a/${n} created`);
    const [event] = eventsFor(undefined, reportOf({ ...idle, changes }));
    assert.ok((event?.message.length ?? 0) <= 39_000);
    assert.match(event?.message ?? '', /\n\.\.\. and \d+ more$/);
  });
});
