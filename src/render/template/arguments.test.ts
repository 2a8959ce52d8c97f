import assert from 'node:assert/strict';
import { fixedAmbient } from '../../../test/harness/ambient.ts';
import { evaluateCase } from '../evaluate-case.ts';

const DATA = { n: 3, half: 1.5, text: '3', list: [1], map: { a: 1 }, yes: true, none: null };

function reason(template: string, numbers: string): string {
  const line = JSON.stringify({ template, data: DATA, numbers, funcs: 'sprig' });
  const { output, error } = JSON.parse(evaluateCase(line, fixedAmbient()));
  assert.equal(output, undefined);
  return error.replace(/^.*?>: /, '');
}

describe('a value of the wrong type', () => {
  const cases: [template: string, words: string, cure: string][] = [
    ['{{ .n | upper }}', 'expected string; got float64', ': write toString first'],
    ['{{ upper .yes }}', 'expected string; got bool', ': write toString first'],
    ['{{ add 1 2 | upper }}', 'expected string; got int64', ': write toString first'],
    ['{{ toDate "2006" "2024" | upper }}', 'expected string; got time.Time', ': write toString first'],
    ['{{ upper .list }}', 'expected string; got []interface {}', ''],
    ['{{ upper .map }}', 'expected string; got map[string]interface {}', ''],
    ['{{ upper .none }}', 'expected string; got interface {}', ''],
    ['{{ until .text }}', 'expected int; got string', ': write int first'],
    ['{{ until .half }}', 'expected int; got float64', ': write int first'],
    ['{{ until .yes }}', 'expected int; got bool', ''],
    ['{{ derivePassword .text "pin" "p" "u" "s" }}', 'expected uint32; got string', ': write int first'],
    ['{{ unixEpoch .text }}', 'expected time.Time; got string', ': read it with toDate "2006-01-02"'],
    ['{{ unixEpoch .n }}', 'expected time.Time; got float64', ''],
    ['{{ hasKey .text "a" }}', 'expected map[string]interface {}; got string', ''],
  ];
  for (const [template, words, cure] of cases) {
    it(`${template} is refused in Go's words, and with a cure under exact numbers`, () => {
      assert.equal(reason(template, 'exact'), `wrong type for value; ${words}${cure}`);
      assert.equal(reason(template, 'go'), `wrong type for value; ${words}`);
    });
  }

  it('is cured by what the message says to write', () => {
    for (const template of [
      '{{ .n | toString | upper }}',
      '{{ .half | toString | upper }}{{ until (int .text) }}',
    ]) {
      const line = JSON.stringify({ template, data: DATA, numbers: 'exact', funcs: 'sprig' });
      assert.notEqual(JSON.parse(evaluateCase(line)).output, undefined);
    }
  });
});
