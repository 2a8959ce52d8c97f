import assert from 'node:assert/strict';
import { configMap, desiredFiles, rendered } from '../../test/harness/plan.ts';
import type { StandingDecision } from '../api/decision.ts';
import { SECRET_VALUE } from '../api/element.ts';
import type { Template } from '../api/generatorset-schema.ts';
import type { Read } from '../api/rendered-resource.ts';
import type { Resource } from '../api/resource.ts';
import { formatPath, type Path, type Source } from '../api/source.ts';
import type { JsonObject } from '../lib/json.ts';
import { collectEvidence } from './evidence.ts';
import type { TemplateSource } from './leaf-origin.ts';

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

  const times = { evaluated: '2026-02-03T04:05:06Z', sampled: '2026-02-03T04:04:50Z' };
  const limit: StandingDecision = {
    element: 'a',
    name: 'limit',
    value: '448Mi',
    since: '2026-02-03T04:05:06Z',
    rule: 'Computed',
    input: '365432832',
    previous: '384Mi',
    reason: 'Cooldown',
    proposed: '300Mi',
  };
  const decided = { path: '.Element.limit', value: '448Mi' };
  const other = { ...limit, name: 'request', value: '64Mi' };

  /** The evidence of a leaf of the second template that read this, of an element that was decided for. */
  function evidenceOf(reads: Read[], source?: TemplateSource) {
    const plain = rendered(withData({ n: 2 }), () => reads);
    const from = { ...plain.from, ...times, generator: 3, decisions: [limit, other] };
    const [file] = desiredFiles([{ ...plain, from, template: 1 }]);
    assert.ok(file);
    const [evidence] = collectEvidence(file, withData({ n: 1 }), source);
    return evidence;
  }

  it('carries template, element, generator, query and times', () => {
    const { element, template, generator, generatorName, query, evaluated, sampled, at } =
      evidenceOf([read]) ?? assert.fail();
    assert.deepEqual([element, template, generator, generatorName], ['a', 1, 3, 'apiClient']);
    assert.deepEqual({ query, evaluated, sampled, at }, { query: 'up', ...times, at: undefined });
  });

  const reads: [string, Read[], StandingDecision[]][] = [
    ['names no decision where the leaf read none', [read], []],
    ['names the decision that the leaf read', [read, decided], [limit]],
    [
      'names those that the leaf read, in that order',
      [{ path: '.Element.request', value: '64Mi' }, read, decided],
      [other, limit],
    ],
    ['takes no other field for a decision', [{ path: '.Repeat.limit', value: 1 }], []],
    ['takes no field within another for a decision', [{ path: '.Element.limit.max', value: 1 }], []],
  ];
  for (const [title, scalars, decisions] of reads) {
    it(title, () => {
      const evidence = evidenceOf(scalars);
      assert.deepEqual([evidence?.reads, evidence?.decisions], [scalars, decisions]);
    });
  }

  const places: [string, Template, string][] = [
    ['a leaf of a content', { content: { data: { n: '{{ .Element.value }}' } } }, 'content.data.n'],
    ['a text', { text: 'data: {}' }, 'text'],
    ['a ready-made template', { from: 'hpa-object' }, 'from'],
  ];
  for (const [title, template, place] of places) {
    it(`says where ${title} stands`, () => {
      const at = (path: Path) => ({ file: formatPath(path), line: 4, column: 2 });
      const source: Source = { file: 'x', locate: at, locateKey: at, line: () => undefined };
      const evidence = evidenceOf([read], { source, templates: [{}, template] });
      assert.equal(evidence?.at, `spec.templates[1].${place}:4:2`);
    });
  }

  it('shows no value of an element that may hold those of a Secret', () => {
    const canary = 'canary-19f2';
    const reads = (path: Path): Read[] =>
      path[1] === 'read' ? [{ path: '.Element.password', value: canary }] : [];
    const plain = rendered(withData({ read: `x-${canary}`, fixed: 'now' }), reads);
    const [file] = desiredFiles([{ ...plain, from: { ...plain.from, isSecret: true } }]);
    assert.ok(file);
    const evidence = collectEvidence(file, withData({ read: canary, fixed: canary, gone: canary }));
    assert.deepEqual(
      evidence.map(({ field, before, after }) => [field, before, after]),
      [
        ['data.read', SECRET_VALUE, SECRET_VALUE],
        ['data.fixed', SECRET_VALUE, 'now'],
        ['data.gone', SECRET_VALUE, undefined],
      ],
    );
    assert.deepEqual(evidence[0]?.reads, [{ path: '.Element.password', value: SECRET_VALUE }]);
    assert.ok(!JSON.stringify(evidence).includes(canary));
  });

  it('explains at most 50 leaves', () => {
    const many = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`k${index}`, index]));
    assert.equal(explain(undefined, withData(many)).length, 50);
  });
});
