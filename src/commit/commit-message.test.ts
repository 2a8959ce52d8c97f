import assert from 'node:assert/strict';
import { configMap } from '../../test/harness/plan.ts';
import type { Change, Evidence } from '../plan/change.ts';
import { commitMessage } from './commit-message.ts';

const set = { namespace: 'flux-system', name: 'podinfo-memory' };

const evidence: Evidence = {
  field: 'spec.patches[0].patch line 3',
  before: 'value: 360Ki',
  after: 'value: 432Ki',
  element: 'podinfo',
  query: 'max(up)',
  reads: [{ path: '.Element.data.result[0].value[1]', value: '360' }],
};

function change(over: Partial<Change> = {}): Change {
  const resource = configMap('podinfo');
  return { id: 'x', action: 'configured', path: 'a.yaml', resource, evidence: [evidence], ...over };
}

const message = (changes: Change[]): string => commitMessage(set, { changes, digest: 'sha256:x' });

/** The trailers, as Git reads them: the lines of the last paragraph. */
const trailers = (text: string): string[] => text.trimEnd().split('\n\n').at(-1)?.split('\n') ?? [];

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
