import assert from 'node:assert/strict';
import { evaluateCase } from '../evaluate-case.ts';
import { TemplateError } from './template-error.ts';

const LONG = '9'.repeat(5000);
const DATA = { long: LONG, words: 'ä "'.repeat(2000), pattern: `[${'a'.repeat(1500)}`, list: [LONG] };

function errorOf(template: string, numbers: string): string {
  const line = JSON.stringify({ template, data: DATA, numbers, funcs: 'generatorset' });
  return JSON.parse(evaluateCase(line)).error;
}

describe('the message of a template error', () => {
  it('and its reason have a thousand characters at most, the start and the end of all', () => {
    const error = new TemplateError(`start ${LONG} end`, {
      phase: 'exec',
      line: 1,
      reason: `why ${LONG} so`,
    });
    assert.equal(error.message.length, 999);
    assert.match(error.message, /^start 9+\.\.\.9+ end$/);
    assert.match(error.reason, /^why 9+\.\.\.9+ so$/);
  });

  it('is left alone up to a thousand characters, and never cuts a character in two', () => {
    const details = { phase: 'exec', line: 1, reason: '' } as const;
    assert.equal(new TemplateError('x'.repeat(1000), details).message.length, 1000);
    assert.ok(new TemplateError(`x${'😀'.repeat(1000)}`, details).message.isWellFormed());
  });

  for (const numbers of ['exact', 'go']) {
    it(`is bounded when the template fails with a text of its own under ${numbers} numbers`, () => {
      const message = errorOf('{{ fail (printf "why: %s" .long) }}', numbers);
      assert.ok(message.length <= 1000 && message.includes('error calling fail: why: 99'), message);
    });
  }
});

describe('a message under exact numbers', () => {
  const cases: [template: string, start: RegExp][] = [
    ['{{ sanitize .words }}', /DNS name "/],
    ['{{ sanitize (cat "a" .long | nospace) }}', /DNS name "a9{63}\.\.\." exceeded maximum length of 63$/],
    ['{{ mustToDuration .words }}', /could not parse duration "/],
    ['{{ mustRegexMatch .pattern "a" }}', /error parsing regexp: missing closing \]: `\[a{63}\.\.\.`$/],
    ['{{ regexFind .pattern "a" }}', /error parsing regexp: missing closing \]: `\[a{63}\.\.\.`$/],
    ['{{ toQuantity "Mi" .words }}', /is not a quantity/],
    ['{{ range .long }}{{ end }}', /range can't iterate over 9{64}\.\.\.$/],
    ['{{ eq .list .list }}', /non-comparable type \[9{63}\.\.\.: /],
    ['{{ eq .list (dict "a" .long) }}', /non-comparable types \[9{63}\.\.\.: .*: map\[a:9{58}\.\.\.$/],
  ];
  for (const [template, words] of cases) {
    it(`quotes no more than the start of a long value in ${template}`, () => {
      const message = errorOf(template, 'exact');
      assert.match(message, words);
      assert.ok(message.length < 350, message);
    });
  }

  it('quotes short values and patterns whole, as under Go numbers', () => {
    const templates = [
      '{{ regexFind "[a" "" }}',
      '{{ sanitize "-" }}',
      '{{ range "ab" }}{{ end }}',
      '{{ eq (list 1) (list) }}',
    ];
    for (const template of templates) assert.equal(errorOf(template, 'exact'), errorOf(template, 'go'));
  });
});
