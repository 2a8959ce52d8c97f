import assert from 'node:assert/strict';
import { configMap, desiredFiles, rendered } from '../../test/harness/plan.ts';
import type { Resource } from '../api/resource.ts';
import type { JsonObject } from '../lib/json.ts';
import { collectEvidence } from './evidence.ts';

const read = { path: '.Element.value', value: '300' };

function explain(before: Resource | undefined, after: Resource) {
  const [file] = desiredFiles([rendered(after, (path) => (path[0] === 'data' ? [read] : []))]);
  if (!file) throw new Error('no file');
  return collectEvidence(file, before).map(({ field, before: old, after: now, reads }) => ({
    field,
    old,
    now,
    reads: reads.length,
  }));
}

const withData = (data: JsonObject) => configMap('a', data);

describe('collectEvidence', () => {
  const cases: [string, JsonObject | undefined, JsonObject, unknown[]][] = [
    [
      'names a changed scalar with both values',
      { n: 1, m: 'x' },
      { n: 2, m: 'x' },
      [{ field: 'data.n', old: '1', now: '2', reads: 1 }],
    ],
    ['names a new field', {}, { n: 2 }, [{ field: 'data.n', old: undefined, now: '2', reads: 1 }]],
    [
      'names a field that goes, which read nothing',
      { n: 1, m: 2 },
      { m: 2 },
      [{ field: 'data.n', old: '1', now: undefined, reads: 0 }],
    ],
    ['goes into lists', { l: [1, 2] }, { l: [1, 3] }, [{ field: 'data.l[1]', old: '2', now: '3', reads: 1 }]],
    [
      'takes a value that becomes another kind as one change',
      { v: { a: 1 } },
      { v: [1] },
      [{ field: 'data.v', old: '{"a":1}', now: '[1]', reads: 1 }],
    ],
    [
      'tells the changed lines of a text',
      { t: 'a: 1\nb: 360Ki\n' },
      { t: 'a: 1\nb: 432Ki\n' },
      [{ field: 'data.t line 2', old: 'b: 360Ki', now: 'b: 432Ki', reads: 1 }],
    ],
    ['says nothing for equal documents', { n: 1 }, { n: 1 }, []],
    [
      'gives the leaves of a new resource that read something',
      undefined,
      { n: 1 },
      [{ field: 'data.n', old: undefined, now: '1', reads: 1 }],
    ],
  ];
  for (const [title, before, after, expected] of cases) {
    it(title, () => assert.deepEqual(explain(before && withData(before), withData(after)), expected));
  }

  it('carries the element and the query', () => {
    const [file] = desiredFiles([rendered(withData({ n: 2 }), () => [read])]);
    assert.ok(file);
    const [evidence] = collectEvidence(file, withData({ n: 1 }));
    assert.deepEqual([evidence?.element, evidence?.query, evidence?.reads], ['a', 'up', [read]]);
  });

  it('explains at most 50 leaves', () => {
    const many = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`k${index}`, index]));
    assert.equal(explain(undefined, withData(many)).length, 50);
  });
});
