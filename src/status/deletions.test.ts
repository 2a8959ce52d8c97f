import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ageDeletions, fromStatusDeletions, toStatusDeletions } from './deletions.ts';

const NOW = new Date('2026-01-02T00:00:00Z');
const HOUR = 3_600_000;
const ago = (milliseconds: number) => new Date(NOW.getTime() - milliseconds).toISOString();

describe('toStatusDeletions', () => {
  it('counts those of one time together and leaves out what is older than a day', () => {
    const deletions = [ago(HOUR), ago(25 * HOUR), ago(HOUR), ago(2 * HOUR)].map((at) => ({ id: 'x', at }));
    assert.deepEqual(toStatusDeletions(deletions, NOW), [
      { at: ago(2 * HOUR), count: 1 },
      { at: ago(HOUR), count: 2 },
    ]);
  });

  it('never has more than 100 entries, loses no deletion and dates none earlier', () => {
    const times = fc.array(fc.nat(24 * HOUR - 1), { maxLength: 500 });
    fc.assert(
      fc.property(times, (ages) => {
        const deletions = ages.map((age) => ({ id: 'x', at: ago(age) }));
        const kept = toStatusDeletions(deletions, NOW);
        assert.ok(kept.length <= 100);
        const back = fromStatusDeletions(kept);
        assert.equal(back.length, deletions.length);
        for (const age of [HOUR, 6 * HOUR, 23 * HOUR]) {
          const since = (list: readonly { at: string }[]) => list.filter(({ at }) => at >= ago(age)).length;
          assert.ok(since(back) >= since(deletions));
        }
      }),
    );
  });
});

describe('fromStatusDeletions', () => {
  it('takes nothing that is no time or no count, and no more than any set can have deleted', () => {
    assert.deepEqual(fromStatusDeletions(undefined), []);
    assert.deepEqual(
      fromStatusDeletions([
        { at: 'yesterday', count: 3 },
        { at: ago(0), count: -1 },
      ]),
      [],
    );
    assert.equal(fromStatusDeletions([{ at: ago(0), count: 1e15 }]).length, 100_000);
  });
});

describe('ageDeletions', () => {
  it('drops what a day has passed over, and what lies a day ahead', () => {
    const deletions = [ago(25 * HOUR), ago(HOUR), ago(-25 * HOUR)].map((at) => ({ at, count: 1 }));
    assert.deepEqual(ageDeletions(deletions, NOW), [{ at: ago(HOUR), count: 1 }]);
    assert.deepEqual(ageDeletions(undefined, NOW), []);
  });
});
