import assert from 'node:assert/strict';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import type { Decision } from '../api/decision.ts';
import { type GeneratorSetStatus, statusSchema } from '../api/status.ts';
import type { State } from '../plan/state.ts';
import { DECISIONS, toStatusDecisions } from './decisions.ts';
import { INVENTORY, toEntries } from './inventory.ts';
import { divideList } from './list-shards.ts';
import { nextStatus } from './next-status.ts';
import type { Report, ReportOutcome } from './report.ts';

const text = fc.string({ unit: 'binary', maxLength: 50 });
const revision = fc.option(text, { nil: undefined });

/** Whatever a pass may come to. */
const outcome: fc.Arbitrary<ReportOutcome> = fc.oneof(
  fc.record({ type: fc.constant('succeeded' as const), message: text, changes: fc.array(text) }),
  fc
    .record({
      type: fc.constantFrom('progressing' as const, 'failed' as const),
      reason: text,
      message: text,
      revision,
    })
    .map(({ revision: known, ...rest }) => (known === undefined ? rest : { ...rest, revision: known })),
  fc.record({ type: fc.constant('stalled' as const), reason: text, message: text }),
  fc.record({
    type: fc.constant('held' as const),
    hold: fc.record({ rule: fc.constantFrom('onEmpty' as const, 'maxPrune' as const), message: text }),
    digest: text,
  }),
);
const elementState = fc.record({
  key: text,
  phase: fc.constantFrom('Ready' as const, 'Held' as const),
  reason: text,
  message: text,
});
const heldChange = fc.record({ element: text, name: text, value: text, proposed: text });
const report: fc.Arbitrary<Report> = fc.record(
  {
    outcome,
    generation: fc.nat(),
    at: fc.date({ min: new Date('2020-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }),
    duration: fc.double({ min: -1, max: 1e12, noNaN: true }),
    requestedAt: text,
    forceAt: text,
    elements: fc.nat(),
    elementStates: fc.array(elementState, { maxLength: 300 }),
    heldChanges: fc.record({
      digest: text,
      message: text,
      changes: fc.array(heldChange, { maxLength: 300 }),
    }),
    unwatched: text,
  },
  { requiredKeys: ['outcome', 'generation', 'at', 'duration'] },
);

describe('the status that passes leave', () => {
  const isValid = new Ajv({ allErrors: true }).compile(statusSchema);

  it('is one that the API server takes, and small, whatever they came to', () => {
    fc.assert(
      fc.property(fc.array(report, { minLength: 1, maxLength: 8 }), (reports) => {
        const status = reports.reduce<GeneratorSetStatus | undefined>(
          (before, next) => nextStatus(before, next),
          undefined,
        );
        assert.ok(isValid(status), JSON.stringify(isValid.errors));
        assert.deepEqual(JSON.parse(JSON.stringify(status)), status);
        assert.ok(JSON.stringify(status).length < 128 * 1024);
      }),
    );
  });

  it('is one that the API server takes with lists in it and with lists in shards', () => {
    for (const count of [3, 3000]) {
      const inventory = toEntries(stateOf(count));
      const decisions = toStatusDecisions(stateOf(count).decisions);
      const owner = { name: 'a', uid: 'u' };
      const kept = divideList(INVENTORY, inventory, { owner }).kept;
      const tuned = divideList(DECISIONS, decisions, { owner }).kept;
      const [one] = fc.sample(report, 1);
      const stored = {
        inventory: { ...kept, entries: [...(kept.entries ?? [])], shards: [...(kept.shards ?? [])] },
        ...(tuned.entries && { decisions: [...tuned.entries] }),
        ...(tuned.digest && {
          decisionShards: { count: tuned.count, digest: tuned.digest, shards: [...(tuned.shards ?? [])] },
        }),
      };
      assert.ok(one && isValid(nextStatus(undefined, one, stored)), JSON.stringify(isValid.errors));
    }
  });
});

/** A set of so many elements, each with a decision and a resource. */
function stateOf(count: number): State {
  const inventory = Array.from({ length: count }, (_, n) => {
    const id = `a_${n}__ConfigMap`;
    return { id, path: id, digest: '', generator: 0, template: 0, element: `team-${n}`, version: 'v1' };
  });
  const decisions = inventory.map(({ element }): Decision => {
    const [since, rule] = ['2026-01-01T00:00:00Z', 'Computed'] as const;
    return { element, name: 'limit', value: '64Mi', since, rule, input: '1', previous: '32Mi' };
  });
  return { version: 1, inventory, deletions: [], decisions };
}
