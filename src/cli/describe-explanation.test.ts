import assert from 'node:assert/strict';
import picocolors from 'picocolors';
import type { ExplainedDecision, FieldExplanation } from '../plan/explain.ts';
import { describeFields } from './describe-explanation.ts';

const colors = picocolors.createColors(false);

const limit: ExplainedDecision = {
  element: 'podinfo',
  name: 'limit',
  value: '448Mi',
  since: '2026-02-03T04:05:06Z',
  rule: 'Computed',
  input: '365432832',
  previous: '384Mi',
  delivered: true,
  reads: [{ path: '.Element.value', value: 365432832 }],
};

const memory: FieldExplanation = {
  field: 'spec.limit',
  value: '448Mi',
  template: 0,
  at: 'set.yaml:31:22',
  element: 'podinfo',
  generator: 1,
  generatorName: 'prometheus',
  query: 'max(up)',
  evaluated: '2026-02-05T00:00:00Z',
  sampled: '2026-02-04T23:59:45Z',
  reads: [{ path: '.Element.limit', value: '448Mi' }],
  decisions: [limit],
};

const plain: FieldExplanation = {
  ...{ field: 'spec.team', value: 'web', template: 0, at: 'set.yaml:30:11', element: 'podinfo' },
  ...{ generator: 0, generatorName: 'list', decisions: [] },
  reads: [{ path: '.Element.team', value: 'web' }],
};

/** The chain without its fields. */
const chainOf = (field: FieldExplanation): string[] =>
  describeFields([field], colors).trimEnd().split('\n').slice(2);

describe('describeFields', () => {
  it('leads from the field to the answer', () => {
    assert.equal(
      describeFields([memory], colors),
      [
        '',
        'spec.limit = "448Mi"',
        '  <- template  spec.templates[0], set.yaml:31:22',
        '  <- decision  limit = 448Mi: Computed from 365432832, was 384Mi, since 2026-02-03T04:05:06Z',
        '  <- element   podinfo, of spec.generators[1].prometheus',
        '  <- answer    .Element.value = 365432832',
        '               query: max(up)',
        '               evaluated: 2026-02-05T00:00:00Z',
        '               sampled: 2026-02-04T23:59:45Z',
        '',
      ].join('\n'),
    );
  });

  const decisions: [string, Partial<ExplainedDecision>, RegExp][] = [
    [
      'says why a value is kept',
      { reason: 'Cooldown', proposed: '300Mi' },
      /kept: Cooldown; the input says 300Mi/,
    ],
    [
      'says that there is no input',
      { reason: 'InputMissing' },
      /kept: InputMissing; the input says nothing valid/,
    ],
    ['says what is not delivered yet', { delivered: false }, /was 384Mi, not delivered yet/],
  ];
  for (const [title, over, expected] of decisions) {
    it(title, () =>
      assert.match(chainOf({ ...memory, decisions: [{ ...limit, ...over }] }).join('\n'), expected),
    );
  }

  it('says which value is the first', () => {
    const { previous, ...first } = limit;
    assert.match(chainOf({ ...memory, decisions: [first] }).join('\n'), /365432832, the first value, since/);
  });

  it('shows what inputs read in place of decisions, and other fields beside it', () => {
    const reads = [...memory.reads, ...plain.reads];
    const answers = chainOf({ ...memory, reads }).filter((line) => line.includes('.Element'));
    assert.deepEqual(
      answers.map((line) => line.replace(/^.* (?=\.Element)/, '')),
      ['.Element.team = "web"', '.Element.value = 365432832'],
    );
  });

  it('says what reads nothing', () => {
    assert.deepEqual(chainOf({ ...plain, reads: [] }), [
      '  <- template  spec.templates[0], set.yaml:30:11, which reads nothing of the element for it',
    ]);
  });

  it('tells neighbours that come from the same place together', () => {
    const [one, other] = [plain, { ...plain, field: 'spec.other' }];
    assert.equal(describeFields([one, other, memory], colors).match(/<- template/g)?.length, 2);
    assert.match(
      describeFields([one, other], colors),
      /^\nspec.team = "web"\nspec.other = "web"\n {2}<- template/,
    );
  });

  it('shows a text of many lines below its field, 20 lines of it', () => {
    const value = Array.from({ length: 25 }, (_, index) => `line ${index}\n`).join('');
    const lines = describeFields([{ ...plain, value }], colors).split('\n');
    assert.deepEqual(lines.slice(1, 3), ['spec.team = |', '      line 0']);
    assert.equal(lines[22], '      ... and 5 lines more');
  });

  it('shows ten scalars of an answer, and how many more there are', () => {
    const reads = Array.from({ length: 14 }, (_, index) => ({ path: `.Element.n${index}`, value: index }));
    const lines = chainOf({ ...plain, reads });
    assert.equal(lines.filter((line) => line.includes('.Element.n')).length, 10);
    assert.match(lines.at(-1) ?? '', /^ +\.\.\. and 4 more$/);
  });

  it('lets nothing from outside reach the terminal, and shows 64 bytes of a value', () => {
    const hostile = `\u001b[2J\n\u202e${'x'.repeat(2000)}`;
    const decision = { ...limit, value: hostile, input: hostile, previous: hostile, proposed: hostile };
    const text = describeFields(
      [
        {
          ...{
            ...memory,
            field: hostile,
            value: hostile,
            element: hostile,
            query: hostile,
            sampled: hostile,
          },
          reads: [{ path: hostile, value: hostile }],
          decisions: [{ ...decision, reason: 'Cooldown' }],
        },
      ],
      colors,
    );
    assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f\u202e]/);
    assert.ok(!/^\u001b/m.test(text));
    for (const shown of text.match(/(?:from|was|says) .*?\.\.\./g) ?? assert.fail('nothing is cut'))
      assert.ok(Buffer.byteLength(shown) <= 64 + 'from '.length, shown);
  });
});
