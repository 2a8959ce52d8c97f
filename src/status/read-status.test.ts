import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readEntries } from './inventory.ts';
import { isNews } from './is-news.ts';
import { nextStatus } from './next-status.ts';
import { readStatus } from './read-status.ts';
import type { Report } from './report.ts';

const report: Report = {
  outcome: { type: 'succeeded', message: 'm', changes: [], revision: 'r' },
  generation: 1,
  at: new Date('2026-01-01T00:00:00Z'),
  duration: 1,
  state: { version: 1, inventory: [], deletions: [{ id: 'x', at: '2026-01-01T00:00:00Z' }], delivered: 'd' },
  requestedAt: 'a',
  forceAt: 'b',
  elements: 3,
};

describe('readStatus', () => {
  it('gives back whatever this program writes', () => {
    const written = nextStatus(undefined, report, { entries: [{ id: 'a_b__C', v: 'v1' }], count: 1 });
    assert.deepEqual(readStatus(JSON.parse(JSON.stringify(written))), written);
    const held = nextStatus(written, {
      ...report,
      outcome: { type: 'held', hold: { rule: 'onEmpty', message: 'm' }, digest: 'x' },
    });
    assert.deepEqual(readStatus(JSON.parse(JSON.stringify(held))), held);
  });

  it('is undefined where there is none', () => {
    for (const value of [undefined, null, 'x', 3, []]) assert.equal(readStatus(value), undefined);
  });

  it('leaves out what is not of its form', () => {
    const odd = {
      observedGeneration: 'x',
      elements: '3',
      delivered: 7,
      conditions: [{ type: 'Ready' }, 'x', null],
      deletions: [{ at: 'x', count: 'many' }],
      history: {},
      held: { digest: 'x' },
      inventory: [],
      __proto__: { lastAppliedRevision: 'inherited' },
    };
    assert.deepEqual(readStatus(odd), { conditions: [], deletions: [] });
  });

  it('leaves out texts that are too long to be its own, but not those that repeat an annotation', () => {
    const long = 'x'.repeat(5000);
    const item = { type: 'Ready', status: 'True', reason: 'a', message: long, lastTransitionTime: 'b' };
    const odd = { delivered: long, lastHandledForceAt: long, conditions: [item, { ...item, message: 'c' }] };
    assert.deepEqual(readStatus(odd), {
      lastHandledForceAt: long,
      conditions: [{ ...item, message: 'c' }],
    });
  });

  it('lets no status that others wrote break the next one', () => {
    const fields = Object.keys(nextStatus(undefined, report, { count: 0 })).concat(
      'held',
      'lastAppliedRevision',
    );
    const odd = fc.dictionary(fc.constantFrom(...fields), fc.jsonValue({ maxDepth: 4 }));
    fc.assert(
      fc.property(odd, (value) => {
        const status = readStatus(value);
        readEntries(status?.inventory?.entries as never);
        const next = nextStatus(status, report, { count: 0 });
        assert.equal(
          isNews(next, nextStatus(next, { ...report, at: new Date('2026-01-01T01:00:00Z') }, { count: 0 })),
          false,
        );
      }),
    );
  });
});
