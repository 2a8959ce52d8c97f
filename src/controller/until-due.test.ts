import assert from 'node:assert/strict';
import { loadedSet } from '../../test/harness/sets.ts';
import type { GeneratorSetStatus } from '../api/status.ts';
import type { Handling } from './handling.ts';
import { SetRuntime } from './set-runtime.ts';
import type { StoredSet } from './stored-set.ts';
import { restoreRun, untilDue } from './until-due.ts';

const NOW = Date.parse('2026-01-01T12:00:30Z');
const HOUR = 3_600_000;
const REQUESTED_AT = 'reconcile.fluxcd.io/requestedAt';

function statusOf(more: Partial<GeneratorSetStatus> = {}, ready = 'True'): GeneratorSetStatus {
  const condition = {
    type: 'Ready',
    status: ready as 'True',
    reason: 'x',
    message: '',
    lastTransitionTime: '',
    observedGeneration: 3,
  };
  return { conditions: [condition], ...more };
}

/** A set of generation 3 in the hands of a worker. */
function handlingOf({ lastRun, isRead = true }: { lastRun?: number; isRead?: boolean } = {}): Handling {
  const runtime = new SetRuntime('uid', { monotonic: () => 0, onDue() {} });
  const stored = { uid: 'uid', generation: 3, triggers: '' } as StoredSet;
  const get = (_: string, generation: number) => (generation === 3 ? lastRun : undefined);
  const parts = {
    generators: [{ name: 'list' }],
    checkpoint: { get, references: () => (isRead ? [] : undefined) },
    clock: { now: () => NOW },
  };
  return { stored, runtime, parts, signal: new AbortController().signal } as unknown as Handling;
}

describe('restoreRun', () => {
  const cases: [
    what: string,
    set: {
      status?: GeneratorSetStatus;
      annotations?: Record<string, string>;
      lastRun?: number;
      isRead?: boolean;
    },
    isRestored: boolean,
  ][] = [
    ['that was well', { status: statusOf() }, true],
    ['without a status', {}, false],
    ['that failed', { status: statusOf({}, 'False') }, false],
    [
      'of another generation',
      { status: { ...statusOf(), conditions: [{ ...statusOf().conditions![0]!, observedGeneration: 2 }] } },
      false,
    ],
    ['that is held', { status: statusOf({ held: { digest: 'd', rule: 'r', message: 'm' } }) }, false],
    ['that no checkpoint knows', { status: statusOf(), lastRun: Number.NaN }, false],
    ['of which nobody knows what it read', { status: statusOf(), isRead: false }, false],
    ['with a request', { status: statusOf(), annotations: { [REQUESTED_AT]: '2' } }, false],
    [
      'whose request was handled',
      { status: statusOf({ lastHandledReconcileAt: '2' }), annotations: { [REQUESTED_AT]: '2' } },
      true,
    ],
    ['whose handled request was removed', { status: statusOf({ lastHandledReconcileAt: '2' }) }, true],
    ['with a request without a value', { status: statusOf(), annotations: { [REQUESTED_AT]: '' } }, true],
  ];
  for (const [what, { status, annotations, lastRun = NOW - HOUR, isRead = true }, isRestored] of cases) {
    it(`${isRestored ? 'lets' : 'does not let'} a set ${what} wait for its time`, () => {
      const { set } = loadedSet('a', {}, annotations);
      const handling = handlingOf({ isRead, ...(!Number.isNaN(lastRun) && { lastRun }) });
      assert.equal(restoreRun(status ? { ...set, status } : set, handling), isRestored);
      assert.equal(handling.runtime.isNew, !isRestored);
      assert.equal(handling.runtime.lastRun, isRestored ? lastRun : undefined);
    });
  }
});

describe('untilDue', () => {
  const { set } = loadedSet('a', { schedule: [{ cron: '0 13 * * *', timeZone: 'UTC', window: '0s' }] });

  it('waits for the schedule after a good pass and after a failed one, and not before the first', () => {
    const handling = handlingOf();
    const { runtime, stored } = handling;
    assert.equal(untilDue(set, handling), 0);
    runtime.begin(stored);
    runtime.end('failed');
    assert.equal(untilDue(set, handling), 0);
    runtime.end('well', NOW);
    const wait = Date.parse('2026-01-01T13:00:00Z') - NOW;
    assert.equal(untilDue(set, handling), wait);
    runtime.begin(stored);
    for (const ending of ['failed', 'waiting'] as const) {
      runtime.end(ending);
      assert.equal(untilDue(set, handling), wait);
    }
    runtime.end('stalled');
    assert.equal(untilDue(set, handling), undefined);
    runtime.cause = 'drift';
    assert.equal(untilDue(set, handling), 0);
  });
});

describe('a SetRuntime', () => {
  it('owes a query of everything until every generator has answered', () => {
    const { runtime, stored } = handlingOf();
    assert.equal(runtime.begin(stored), true, 'the first');
    runtime.end('failed');
    assert.equal(runtime.begin(stored), true, 'still');
    runtime.generated(NOW);
    runtime.end('failed');
    assert.equal(runtime.begin(stored), false, 'what was asked is known');
    runtime.end('well', NOW);
    assert.equal(runtime.begin(stored, true), true, 'asked for');
    runtime.end('failed');
    assert.equal(runtime.begin(stored), true, 'and still owed');
    runtime.generated(NOW);
    runtime.end('well', NOW);
    assert.equal(runtime.begin(stored), false);
  });
});
