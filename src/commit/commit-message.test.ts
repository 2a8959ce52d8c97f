import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { configMap } from '../../test/harness/plan.ts';
import type { StandingDecision } from '../api/decision.ts';
import type { Change, Evidence } from '../plan/change.ts';
import { commitMessage } from './commit-message.ts';

const set = { namespace: 'flux-system', name: 'podinfo-memory' };

const evidence: Evidence = {
  field: 'spec.patches[0].patch line 3',
  before: 'value: 360Ki',
  after: 'value: 432Ki',
  template: 0,
  element: 'podinfo',
  generator: 0,
  generatorName: 'apiClient',
  query: 'max(up)',
  reads: [{ path: '.Element.data.result[0].value[1]', value: '360' }],
  decisions: [],
};

const limit: StandingDecision = {
  element: 'podinfo',
  name: 'limit',
  value: '448Mi',
  since: '2026-02-03T04:05:06Z',
  rule: 'Computed',
  input: '365432832',
  previous: '384Mi',
};

function change(over: Partial<Change> = {}): Change {
  const resource = configMap('podinfo');
  return { id: 'x', action: 'configured', path: 'a.yaml', resource, evidence: [evidence], ...over };
}

const message = (changes: Change[]): string => commitMessage(set, { changes, digest: 'sha256:x' });

/** The trailers, as Git itself reads them. */
function trailers(text: string): string[] {
  const output = execFileSync('git', ['interpret-trailers', '--parse'], { input: text, encoding: 'utf8' });
  return output.trimEnd().split('\n');
}

/** The trailers of a change whose leaf read these decisions, and an answer beside them. */
function trailersOf(decisions: StandingDecision[], over: Partial<Evidence> = {}): string[] {
  const decided = decisions.map(({ name, value }) => ({ path: `.Element.${name}`, value }));
  const reads = [...decided, { path: '.Element.name', value: 'podinfo' }];
  return trailers(message([change({ evidence: [{ ...evidence, reads, decisions, ...over }] })]));
}

describe('commitMessage', () => {
  it('has a subject, the changed values, and the evidence in trailers', () => {
    assert.equal(
      message([change()]),
      [
        'podinfo-memory: update ConfigMap/flux-system/podinfo',
        '',
        'ConfigMap/flux-system/podinfo configured',
        '  spec.patches[0].patch line 3: value: 360Ki -> value: 432Ki',
        '',
        'GeneratorSet: flux-system/podinfo-memory',
        'Element: podinfo',
        'Query: max(up)',
        'Answer: .Element.data.result[0].value[1] = "360"',
        '',
      ].join('\n'),
    );
  });

  const subjects: [string, Change[], string][] = [
    [
      'counts several changes',
      [change(), change({ action: 'created' }), change({ action: 'created' })],
      'podinfo-memory: add 2, update 1 resources',
    ],
    [
      'names a single deletion',
      [change({ action: 'deleted', evidence: [] })],
      'podinfo-memory: remove ConfigMap/flux-system/podinfo',
    ],
    [
      'says so where only the inventory changes',
      [change({ action: 'unchanged' })],
      'podinfo-memory: record the inventory',
    ],
    [
      'is at most 72 characters',
      [change({ resource: configMap('x'.repeat(200)) })],
      `podinfo-memory: update ConfigMap/flux-system/${'x'.repeat(24)}...`,
    ],
  ];
  for (const [title, changes, subject] of subjects) {
    it(`subject: ${title}`, () => assert.equal(message(changes).split('\n')[0], subject));
  }

  it('keeps the answers of each element, equal or of one path', () => {
    const of = (element: string, ...reads: [string, string][]): Change =>
      change({
        evidence: [{ ...evidence, element, reads: reads.map(([path, value]) => ({ path, value })) }],
      });
    const text = message([
      of('a', ['.Element.n', '1']),
      of('b', ['.Element.n', '1']),
      of('a', ['.Repeat.id', 'x'], ['.Repeat.id', 'y']),
    ]);
    assert.deepEqual(trailers(text).slice(1), [
      'Element: a',
      'Query: max(up)',
      'Answer: .Element.n = "1"',
      'Answer: .Repeat.id = "x"',
      'Answer: .Repeat.id = "y"',
      'Element: b',
      'Query: max(up)',
      'Answer: .Element.n = "1"',
    ]);
  });

  const decided: [string, Partial<StandingDecision>, string][] = [
    ['tells a decision', {}, 'limit = 448Mi (Computed, was 384Mi, from 365432832)'],
    [
      'tells a decision that is kept',
      { rule: 'AtMaximum', reason: 'Cooldown', proposed: '300Mi' },
      'limit = 448Mi (AtMaximum, was 384Mi, from 365432832, kept: Cooldown)',
    ],
  ];
  for (const [title, over, expected] of decided) {
    it(title, () =>
      assert.deepEqual(trailersOf([{ ...limit, ...over }]), [
        'GeneratorSet: flux-system/podinfo-memory',
        'Element: podinfo',
        'Query: max(up)',
        `Decision: ${expected}`,
        'Answer: .Element.name = "podinfo"',
      ]),
    );
  }

  it('tells the first decision of a value, which had none before', () => {
    const { previous, ...first } = limit;
    assert.equal(trailersOf([first])[3], 'Decision: limit = 448Mi (Computed, from 365432832)');
  });

  it('says when the query was evaluated, and how old its samples were', () => {
    const times = { evaluated: '2026-02-03T04:05:06Z', sampled: '2026-02-03T04:04:50Z' };
    assert.deepEqual(trailersOf([limit], times).slice(2, 5), [
      'Query: max(up)',
      'Evaluated: 2026-02-03T04:05:06Z',
      'Sampled: 2026-02-03T04:04:50Z',
    ]);
  });

  it('shows decisions before answers where there are too many', () => {
    const names = Array.from({ length: 12 }, (_, index) => `n${index}`);
    const shown = trailersOf(names.map((name) => ({ ...limit, name })));
    assert.equal(shown.filter((line) => line.startsWith('Decision:')).length, 10);
    assert.equal(shown.filter((line) => line.startsWith('Answer:')).length, 0);
  });

  it('lets no value forge a line or a trailer', () => {
    const hostile = 'x\nSigned-off-by: root\r\u001b[31m\u2028\u202e';
    const forged = change({
      evidence: [
        {
          ...evidence,
          before: hostile,
          element: hostile,
          query: hostile,
          field: hostile,
          reads: [{ path: hostile, value: hostile }],
        },
      ],
    });
    const text = message([forged]);
    assert.doesNotMatch(text, /^Signed-off-by/m);
    assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f\u2028\u202e]/);
    assert.deepEqual(
      trailers(text).map((line) => line.split(':')[0]),
      ['GeneratorSet', 'Element', 'Query', 'Answer'],
    );
  });

  it('is read by Git as the trailers that it has, whatever people and answers say', function () {
    this.timeout(30_000);
    const line = fc.oneof(
      fc.constantFrom(
        '',
        '---',
        '--- a',
        'x\n---\n',
        'a\n\nb',
        '# c',
        ' ',
        'Signed-off-by: x',
        'diff -',
        '::',
      ),
      fc.string({ unit: 'binary', maxLength: 80 }),
    );
    const facts = fc.record({
      before: line,
      after: line,
      field: line,
      element: line,
      query: line,
      evaluated: line,
    });
    const reads = fc.array(fc.record({ path: line, value: line }), { maxLength: 3 });
    const decision = fc.record({ input: line, value: line, previous: line });
    const one = fc.record({ kind: line, facts, reads, decision });
    const plain = (text: string) => text.replace(/\s+/g, ' ').trim();
    fc.assert(
      fc.property(fc.array(one, { minLength: 1, maxLength: 3 }), (all) => {
        const changes = all.map(({ kind, facts: said, reads: read, decision: over }) => {
          const decisions = [{ ...limit, ...over }];
          const told: Evidence = { ...evidence, ...said, reads: read, decisions };
          return change({ id: kind, resource: { ...configMap('x'), kind }, evidence: [told] });
        });
        const text = message(changes);
        const lines = text.trimEnd().split('\n\n').at(-1)?.split('\n') ?? [];
        assert.deepEqual(trailers(text).map(plain), lines.map(plain));
        const known = ['GeneratorSet', 'Element', 'Query', 'Evaluated', 'Decision', 'Answer'];
        for (const said of lines) assert.ok(known.includes(said.split(':')[0] ?? ''), said);
      }),
      { numRuns: 60 },
    );
  });

  it('shows at most 64 bytes of a value, and cuts no character in two', () => {
    const long = change({
      evidence: [{ ...evidence, after: 'é'.repeat(100), reads: [{ path: '.a', value: 'é'.repeat(100) }] }],
    });
    const text = message([long]);
    assert.doesNotMatch(text, /\ufffd/);
    for (const shown of text.match(/é+\.\.\./g) ?? assert.fail('nothing is cut'))
      assert.ok(Buffer.byteLength(shown) <= 64);
  });

  it('shows at most 10 scalars and 50 lines of changes', () => {
    const reads = Array.from({ length: 30 }, (_, index) => ({ path: `.Element.n${index}`, value: index }));
    const many = Array.from({ length: 60 }, () => change({ evidence: [{ ...evidence, reads }] }));
    const text = message(many);
    assert.equal(trailers(text).filter((line) => line.startsWith('Answer:')).length, 10);
    assert.match(text, /\.\.\. and 70 lines more/);
  });
});
