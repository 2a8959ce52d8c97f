import assert from 'node:assert/strict';
import fc from 'fast-check';
import { checkPromql, findSelectors, type PromqlType, promqlType } from './promql.ts';

const SEED =
  'max(max_over_time(container_memory_usage_bytes{container="podinfod",pod=~"podinfo-.*"}[30d]))by(container)/1024';

/** Text, type, selectors. */
const GOOD: [string, PromqlType, string[]][] = [
  [SEED, 'vector', ['container_memory_usage_bytes{container="podinfod",pod=~"podinfo-.*"}']],
  ['up', 'vector', ['up']],
  ['  up # and a comment', 'vector', ['up']],
  ['{__name__="up", job=~`a\\d`}', 'vector', ['{__name__="up", job=~`a\\d`}']],
  ['{"utf8.name", a="b"}', 'vector', ['{"utf8.name", a="b"}']],
  ['job:up:sum', 'vector', ['job:up:sum']],
  ['sum(a) by (x) / on(x) group_left(y) sum without(z) (b)', 'vector', ['a', 'b']],
  ['rate(a[5m] offset 1d) + rate(a[5m])', 'vector', ['a']],
  ['max_over_time(rate(a{x="1"}[5m])[1h:1m] @ 1600000000)', 'vector', ['a{x="1"}']],
  ['a @ end() unless b offset -5m', 'vector', ['a', 'b']],
  ['SUM(a) BY (on)', 'vector', ['a']],
  ['histogram_quantile(0.9, sum by (le) (rate(a_bucket[5m])))', 'vector', ['a_bucket']],
  ['count_values("v", a) > bool 1', 'vector', ['a']],
  ['a * scalar(b)', 'vector', ['a', 'b']],
  ['vector(time())', 'vector', []],
  ['absent(a)', 'vector', ['a']],
  ['1', 'scalar', []],
  ['-Inf + 0x1F', 'scalar', []],
  ['(time() - 3600) * 2', 'scalar', []],
  ['scalar(a)', 'scalar', ['a']],
  ['-pi()', 'scalar', []],
  ['a[5m]', 'matrix', ['a']],
  ['((a[5m]))', 'matrix', ['a']],
  ['a[5m] offset 1h', 'matrix', ['a']],
  ['rate(a[5m])[1h:]', 'matrix', ['a']],
  ['"text"', 'string', []],
];

/** Text, offset, message. */
const BAD: [string, number, RegExp][] = [
  ['', 0, /is empty/],
  [' \n', 0, /is empty/],
  ['max(', 4, /it ends too early/],
  ['max(up', 6, /it ends too early/],
  ['up +  # more', 12, /it ends too early/],
  ['up up', 3, /unexpected "up"/],
  ['up\n  ) + 1', 5, /unexpected "\)"/],
  ['sum(rate(a[5m]) by (x)', 16, /unexpected "by"/],
  ['up[5]]', 5, /unexpected "\]"/],
  ['up{job="a}', 7, /the string that begins here has no closing "/],
  ['up{job=~"a\\d"}', 10, /no escape \\d/],
  ['rat(up[5m])', 0, /there is no function "rat"/],
  ['1 + rat (up[5m])', 4, /there is no function "rat"/],
  ['up{job}', 6, /unexpected "}"/],
  ['{{ .Element.name }}', 1, /unexpected "\{"/],
  ['up 🙂', 3, /unexpected "🙂"/],
  ['offset', 0, /unexpected "offset"/],
  [`${'('.repeat(101)}up${')'.repeat(101)}`, 100, /nests deeper than 100 levels/],
];

describe('PromQL', () => {
  for (const [text, type, selectors] of GOOD) {
    it(`has ${text}, which gives a ${type}`, () => {
      assert.equal(checkPromql(text), undefined);
      assert.equal(promqlType(text), type);
      assert.deepEqual(findSelectors(text), selectors);
    });
  }

  for (const [text, offset, message] of BAD) {
    it(`has no ${JSON.stringify(text.slice(0, 40))}`, () => {
      const mistake = checkPromql(text);
      assert.match(mistake?.message ?? '', message);
      assert.equal(mistake?.offset, offset);
    });
  }

  it('gives a place within the text, whatever the text is', () => {
    const piece = fc.constantFrom(
      'sum',
      '(',
      ')',
      '[5m]',
      '{a="b"}',
      ' ',
      '"',
      '\\',
      '#',
      '\n',
      'by',
      '🙂',
      '+',
      'up',
      '1',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece).map((pieces) => pieces.join('')),
        ),
        (text) => {
          const mistake = checkPromql(text);
          if (mistake) assert.ok(mistake.offset >= 0 && mistake.offset <= text.length);
          else assert.ok(['vector', 'scalar', 'matrix', 'string'].includes(promqlType(text)));
        },
      ),
    );
  });

  it('finds selectors that are PromQL themselves', () => {
    for (const [, , selectors] of GOOD) {
      for (const selector of selectors) {
        assert.equal(checkPromql(selector), undefined);
        assert.deepEqual(findSelectors(`timestamp(${selector})`), [selector]);
      }
    }
  });

  it('is read in a time that grows with the text, also where it is hostile', () => {
    for (const text of [
      '-'.repeat(16_384),
      'a+'.repeat(8192),
      'sum('.repeat(4096),
      '"\\'.repeat(8192),
      '# '.repeat(8192),
    ]) {
      const begun = performance.now();
      checkPromql(text);
      assert.ok(performance.now() - begun < 5000, text.slice(0, 8));
    }
  });
});
