import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { JsonValue } from '../lib/json.ts';
import {
  checkLabelSelector,
  formatLabelSelector,
  type LabelSelector,
  matchesLabels,
} from './label-selector.ts';

type Operator = NonNullable<LabelSelector['matchExpressions']>[number]['operator'];
const on = (key: string, operator: Operator, values?: string[]): LabelSelector => ({
  matchExpressions: [{ key, operator, ...(values && { values }) }],
});

describe('a label selector', () => {
  const cases: [LabelSelector, text: string, taken: JsonValue[], left: JsonValue[]][] = [
    [{}, '', [{}, { a: 'b' }, null], []],
    [
      { matchLabels: { b: '2', a: '1' } },
      'a=1,b=2',
      [{ a: '1', b: '2' }],
      [{ a: '1' }, { a: '1', b: '3' }, null],
    ],
    [{ matchLabels: { a: '' } }, 'a=', [{ a: '' }], [{}]],
    [on('a', 'In', ['y', 'x']), 'a in (x,y)', [{ a: 'x' }, { a: 'y' }], [{ a: 'z' }, {}]],
    [on('a', 'NotIn', ['x']), 'a notin (x)', [{ a: 'z' }, {}], [{ a: 'x' }]],
    [on('x.io/a', 'Exists'), 'x.io/a', [{ 'x.io/a': '' }], [{ a: '' }]],
    [on('a', 'DoesNotExist'), '!a', [{}], [{ a: '' }]],
    [on('constructor', 'Exists'), 'constructor', [{ constructor: 'x' }], [{}]],
  ];
  for (const [selector, text, taken, left] of cases) {
    it(`is written as ${JSON.stringify(text)}, and takes the same objects`, () => {
      assert.equal(formatLabelSelector(selector), text);
      for (const labels of taken) assert.ok(matchesLabels(selector, labels), JSON.stringify(labels));
      for (const labels of left) assert.ok(!matchesLabels(selector, labels), JSON.stringify(labels));
    });
  }

  const mistakes: [what: string, LabelSelector, path: string, message: RegExp][] = [
    [
      'a name with a comma',
      { matchLabels: { 'a,b': 'c' } },
      'matchLabels.a,b',
      /"a,b" is no name of a label/,
    ],
    [
      'a value with a parenthesis',
      { matchLabels: { a: 'x)' } },
      'matchLabels.a',
      /"x\)" is no value of a label/,
    ],
    ['an In without values', on('a', 'In'), 'matchExpressions.0', /^In needs values$/],
    [
      'an Exists with values',
      on('a', 'Exists', ['x']),
      'matchExpressions.0.values',
      /^Exists has no values$/,
    ],
    ['a key that is empty', on('', 'Exists'), 'matchExpressions.0', /"" is no name/],
    ['a value that is too long', on('a', 'In', ['x'.repeat(64)]), 'matchExpressions.0', /is no value/],
  ];
  for (const [what, selector, path, message] of mistakes) {
    it(`refuses ${what}, and is not sent`, () => {
      const [mistake] = checkLabelSelector(selector);
      assert.equal(mistake?.path.join('.'), path);
      assert.match(mistake?.message ?? '', message);
      assert.throws(() => formatLabelSelector(selector), /^Error: label selector: /);
    });
  }

  it('never lets a text become a second condition', () =>
    fc.assert(
      fc.property(fc.string(), fc.string(), (name, value) => {
        const selector = { matchLabels: { [name]: value } };
        if (checkLabelSelector(selector).length === 0)
          assert.match(formatLabelSelector(selector), /^[-A-Za-z0-9_./]+=[-A-Za-z0-9_.]*$/);
      }),
    ));
});
