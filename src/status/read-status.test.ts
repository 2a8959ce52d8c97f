import assert from 'node:assert/strict';
import fc from 'fast-check';
import { DECISIONS } from './decisions.ts';
import { INVENTORY } from './inventory.ts';
import { isNews } from './is-news.ts';
import { readEntries } from './kept-list.ts';
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

const STORED = { inventory: { count: 0 } };

describe('readStatus', () => {
  it('gives back whatever this program writes', () => {
    const written = nextStatus(undefined, report, {
      inventory: { entries: [{ id: 'a_b__C', v: 'v1' }], count: 1 },
    });
    assert.deepEqual(readStatus(JSON.parse(JSON.stringify(written))), written);
    const held = nextStatus(written, {
      ...report,
      outcome: { type: 'held', hold: { rule: 'onEmpty', message: 'm' }, digest: 'x' },
    });
    assert.deepEqual(readStatus(JSON.parse(JSON.stringify(held))), held);
    const change = { element: '', name: 'limit', value: '1', proposed: '9' };
    const heldChanges = { digest: 'd', message: 'm', changes: [change] };
    const elementStates = [{ key: 'a', phase: 'Held' as const, reason: 'MaxChange', message: 'm' }];
    const partly = nextStatus(held, { ...report, heldChanges, elementStates });
    assert.deepEqual(readStatus(JSON.parse(JSON.stringify(partly))), partly);
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
      elementStates: 'all',
      decisions: { element: 'a' },
      decisionShards: ['a'],
      inventory: [],
      __proto__: { lastAppliedRevision: 'inherited' },
    };
    assert.deepEqual(readStatus(odd), { conditions: [], deletions: [] });
    const held = { digest: 'x', rule: 'maxChange', message: 'm' };
    const changes = [{ element: 'a', name: 7 }, 'x'];
    assert.deepEqual(readStatus({ held: { ...held, changes } }), { held: { ...held, changes: [] } });
    assert.deepEqual(readStatus({ held: { ...held, changes: 'all' } }), { held });
    assert.deepEqual(readStatus({ elementStates: [{ key: 'a' }, null] }), { elementStates: [] });
  });

  it('takes the generation of a set that no controller has looked at for none', () => {
    assert.deepEqual(readStatus({ observedGeneration: -1 }), {});
    const failed = nextStatus(readStatus({ observedGeneration: -1 }), {
      ...report,
      outcome: { type: 'failed', reason: 'BuildFailed', message: 'no' },
    });
    assert.equal(failed.observedGeneration, undefined);
    assert.deepEqual(readStatus({ observedGeneration: 0, elements: 0 }), {
      observedGeneration: 0,
      elements: 0,
    });
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
    const fields = Object.keys(nextStatus(undefined, report, STORED)).concat(
      'held',
      'lastAppliedRevision',
      'elementStates',
      'decisions',
      'decisionShards',
    );
    const odd = fc.dictionary(fc.constantFrom(...fields), fc.jsonValue({ maxDepth: 4 }));
    fc.assert(
      fc.property(odd, (value) => {
        const status = readStatus(value);
        readEntries(INVENTORY, status?.inventory?.entries as never);
        readEntries(DECISIONS, status?.decisions as never);
        const next = nextStatus(status, report, STORED);
        assert.equal(
          isNews(next, nextStatus(next, { ...report, at: new Date('2026-01-01T01:00:00Z') }, STORED)),
          false,
        );
      }),
    );
  });
});
