import assert from 'node:assert/strict';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { type GeneratorSetStatus, statusSchema } from '../api/status.ts';
import { storeInventory } from './inventory-shards.ts';
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
const report: fc.Arbitrary<Report> = fc.record(
  {
    outcome,
    generation: fc.nat(),
    at: fc.date({ min: new Date('2020-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }),
    duration: fc.double({ min: -1, max: 1e12, noNaN: true }),
    requestedAt: text,
    forceAt: text,
    elements: fc.nat(),
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
        assert.ok(JSON.stringify(status).length < 64 * 1024);
      }),
    );
  });

  it('is one that the API server takes with an inventory in it and with one in shards', () => {
    for (const count of [3, 3000]) {
      const entries = Array.from({ length: count }, (_, n) => ({ id: `a_${n}__ConfigMap`, v: 'v1' }));
      const { inventory } = storeInventory({ name: 'a', uid: 'u' }, entries);
      const [one] = fc.sample(report, 1);
      assert.ok(one && isValid(nextStatus(undefined, one, inventory)), JSON.stringify(isValid.errors));
    }
  });
});
