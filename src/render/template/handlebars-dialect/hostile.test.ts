import assert from 'node:assert/strict';
import fc from 'fast-check';
import Handlebars from 'handlebars';
import { processorTime } from '../../../../test/harness/processor-time.ts';
import { compileTemplate, TemplateError, type TemplateOptions } from '../compile-template.ts';

const GADGET = [
  '{{#with "s" as |string|}}{{#with "e"}}{{#with split as |conslist|}}{{this.pop}}',
  '{{this.push (lookup string.sub "constructor")}}{{this.pop}}{{#with string.split as |codelist|}}{{this.pop}}',
  '{{this.push "globalThis.broken = true"}}{{this.pop}}{{#each conslist}}{{#with (string.sub.apply 0 codelist)}}',
  '{{this}}{{/with}}{{/each}}{{/with}}{{/with}}{{/with}}{{/with}}',
].join('');

/** Templates that reach, or try to reach, what is not data. None gives any output. */
const REFUSED = [
  GADGET,
  GADGET.replace('(lookup string.sub "constructor")', 'string.sub.constructor'),
  '{{constructor}}',
  '{{constructor.constructor "return 1"}}',
  '{{constructor.constructor.name}}',
  '{{this.constructor}}',
  '{{[constructor]}}',
  '{{@root.constructor}}',
  '{{__proto__}}',
  '{{this.__proto__}}',
  '{{__proto__.polluted}}',
  '{{text.constructor}}',
  '{{text.sub}}',
  '{{text.length}}',
  '{{number.toFixed}}',
  '{{list.constructor}}',
  '{{list.push}}',
  '{{list.__proto__}}',
  '{{list.[constructor]}}',
  '{{toString}}',
  '{{valueOf}}',
  '{{hasOwnProperty "text"}}',
  '{{__defineGetter__ "text" text}}',
  '{{__lookupGetter__ "text"}}',
  '{{helperMissing}}',
  '{{helperMissing "x"}}',
  '{{blockHelperMissing}}',
  '{{#helperMissing}}a{{/helperMissing}}',
  '{{#blockHelperMissing text}}a{{/blockHelperMissing}}',
  '{{#with constructor as |c|}}{{c.name}}{{/with}}',
  '{{#each constructor}}{{this}}{{/each}}',
  '{{index map "a" "constructor"}}',
  '{{lookup this "constructor"}}',
  '{{lookup (lookup this "constructor") "constructor"}}',
  '{{#with (lookup this "constructor")}}{{/with}}',
  '{{log "a" level="error"}}',
  '{{> @partial-block}}',
  '{{#> @partial-block}}a{{/@partial-block}}',
  '{{@partial-block}}',
  '{{> (upper "x")}}',
  '{{#*inline "toString"}}a{{/inline}}{{> toString}}',
  '{{*decorator}}',
  '{{#*constructor}}a{{/constructor}}',
  '{{{{constructor}}}}a{{{{/constructor}}}}',
  '{{@constructor}}',
  '{{@__proto__}}',
  '{{@root.__proto__.constructor}}',
  '{{@_parent}}',
  '{{@first.constructor}}',
  '{{#each list}}{{@index.constructor}}{{/each}}',
  '{{#each list}}{{@key.__proto__}}{{/each}}',
  '{{call constructor}}',
  '{{call text}}',
  '{{../constructor}}',
  '{{../../../__proto__}}',
  '{{container.escapeExpression}}',
  '{{data}}',
  '{{depth0}}',
  '{{go}}',
  '{{go 0}}',
  '{{#go 0}}a{{/go}}',
  '{{eval "1"}}',
  '{{Function "return 1"}}',
  '{{process.env.HOME}}',
  '{{globalThis.process}}',
];

/** Words that would be code if they were not quoted. */
const CODE = [
  'a"];globalThis.broken=1;//',
  "a'+globalThis.broken+'",
  '`${globalThis.broken=1}`',
  '\\',
  '\\"',
  '*/',
  '__proto__',
  'constructor',
  'toString',
];

function render(text: string, data: object, options: Partial<TemplateOptions> = {}): string {
  return compileTemplate(text, { name: 't', dialect: 'handlebars', ...options }).render(data);
}

function failure(text: string, data: object, options: Partial<TemplateOptions> = {}): TemplateError {
  try {
    render(text, data, options);
  } catch (error) {
    assert.ok(error instanceof TemplateError, String(error));
    return error;
  }
  return assert.fail(`${text.slice(0, 80)} did not fail`);
}

describe('a hostile Handlebars template', () => {
  const data = { text: 'text', number: 1, list: ['a'], map: { a: 'b' }, split: ['c'] };
  for (const template of REFUSED) {
    it(`gets nothing from ${template.slice(0, 70)}`, () => {
      const error = failure(template, data);
      assert.ok(error.message.length < 500, error.message);
      assert.ok(!('broken' in globalThis));
      assert.deepEqual(Object.keys(Object.prototype), []);
    });
  }

  it('reads keys that are named like parts of objects as keys', () => {
    const text =
      '{"__proto__": "a", "constructor": {"constructor": "b"}, "toString": "c", "if": "d", "length": "e"}';
    const template = '{{this.__proto__}}{{constructor.constructor}}{{this.toString}}{{this.if}}{{length}}';
    assert.equal(render(template, JSON.parse(text)), 'abcde');
    assert.equal(render('{{#each this}}{{@key}},{{/each}}', JSON.parse(text)).split(',').length, 6);
  });

  for (const word of CODE) {
    it(`has no code in ${JSON.stringify(word)}`, () => {
      const object = Object.fromEntries([[word, 'value']]);
      // An own key even when it is `__proto__`.
      assert.equal(Object.keys(object).length, 1);
      const segment = `[${word.replaceAll('\\', '\\\\').replaceAll(']', '\\]')}]`;
      assert.equal(render(`{{this.${segment}}}`, object), 'value');
      assert.equal(render(`{{#each this}}{{@key}}{{/each}}`, object), word);
      assert.equal(render(word === '\\' ? 'x' : `${word}{{#if true}}{{/if}}`, {}).length > 0, true);
      assert.equal(render(`{{quote '${word.replaceAll("'", '')}'}}`, {}).startsWith('"'), true);
      assert.ok(!('broken' in globalThis));
    });
  }

  for (const template of [
    '{{#with (get map "constructor") as |c|}}{{c.name}}{{/with}}',
    '{{#each (pick map "__proto__")}}a{{/each}}',
  ]) {
    it(`finds nothing by ${template}`, () => assert.equal(render(template, data), ''));
  }

  it('takes values that look like a syntax tree as values', () => {
    const tree = { type: 'Program', body: [{ type: 'MustacheStatement', params: [], path: 1 }], strip: {} };
    assert.equal(
      render('{{x.type}}{{#with x}}{{type}}{{/with}}{{len x.body}}', { x: tree }),
      'ProgramProgram1',
    );
    assert.equal(render('{{x}}', { x: '{{constructor}}' }), '{{constructor}}');
  });

  it('leaves Handlebars as it is for everybody else', () => {
    render('{{upper "a"}}', {});
    failure('{{#if', {});
    const other = Handlebars.create();
    assert.equal(other.compile('{{#if a}}{{a}}{{/if}}')({ a: '<' }), '&lt;');
    assert.throws(() => other.parse('{{#if'), /Parse error on line 1/);
    assert.deepEqual(other.parse('a {{b}}').body[1]?.loc.start, { line: 1, column: 2 });
  });

  it('never fails with anything but a TemplateError', function () {
    this.timeout(60_000);
    const parts = [
      '{{',
      '}}',
      '{{#',
      '{{/',
      '{{^',
      '{{else',
      '{{~',
      '~}}',
      '{{!',
      '--}}',
      '(',
      ')',
      '|',
      ' as |',
      '"',
      "'",
      '[',
      ']',
      '.',
      '/',
      '../',
      '@',
      'if',
      'each',
      'x',
      ' ',
      '\n',
      '0',
      '=',
      '\\',
      '&',
      '{',
      '}',
      '>',
      '*',
      'upper',
      '\u0000',
      '\ud800',
    ];
    const text = fc.array(fc.constantFrom(...parts), { maxLength: 30 }).map((found) => found.join(''));
    fc.assert(
      fc.property(text, (template) => {
        try {
          assert.equal(typeof render(template, { x: ['y'] }), 'string');
        } catch (error) {
          assert.ok(error instanceof TemplateError, `${template}: ${String(error)}`);
        }
      }),
      { numRuns: 3000 },
    );
  });
});

describe('a Handlebars template that is too large', () => {
  const MIB = 1024 * 1024;
  const fill = (unit: string, length = MIB - 100) => unit.repeat(Math.floor(length / unit.length));
  const bombs: [what: string, template: string, reason: RegExp | undefined][] = [
    ['4 MiB of {{', fill('{{', 4 * MIB), /template is larger than 1048576 characters/],
    ['1 MiB of {{', fill('{{'), /unexpected "\{\{\{\{"/],
    ['paths', fill('{{x}}'), /more than 40000 words and signs/],
    ['arguments', `{{print ${fill('1 ')}}}`, /more than 40000 words and signs/],
    ['parts of a path', `{{${fill('a.', 4000)}a}}`, /too long for a path/],
    ['steps out', `{{${fill('../', 4000)}a}}`, /leads out of the template/],
    ['a word', `{{${fill('a')}}}`, /too long for a path/],
    ['a word in quotes', `{{quote "${fill('a')}"}}`, undefined],
    ['a word without end', `{{quote "${fill('a')}`, /unexpected/],
    ['quoted quotes', `{{quote "${fill('\\"')}`, /unexpected/],
    ['backslashes', `{{quote "${fill('\\')}`, /unexpected/],
    ['digits', `{{add ${fill('1')}x}}`, /too long for a path/],
    ['a comment', `{{!--${fill('{{x}}')}--}}`, undefined],
    ['a comment without end', `{{!--${fill('-')}`, /unexpected/],
    [
      '10,000 blocks in each other',
      fill('{{#if x}}', 90_000) + fill('{{/if}}', 70_000),
      /nests deeper than 200/,
    ],
    ['blocks without end', fill('{{#each x}}'), /nests deeper than 200/],
    ['sections without end', fill('{{^x}}'), /nests deeper than 200/],
    ['partial blocks without end', fill('{{#> x}}'), /nests deeper than 200/],
    ['parentheses', `{{add ${fill('(add ')}`, /nests deeper than 200/],
    ['else branches', `{{#if x}}${fill('{{else if x}}')}{{/if}}`, /nests deeper than 200/],
    ['ends', fill('{{/if}}'), /unexpected "\{\{\/"/],
    ['raw blocks', fill('{{{{a}}}}'), /more than 40000 words and signs/],
    ['escapes', fill('\\{{x}}'), /more than 40000 words and signs/],
    ['block parameters', `{{#each x as |${fill('a ')}|}}{{/each}}`, /more than 40000 words and signs/],
    ['text', fill('a'), undefined],
    ['lines', fill('\n'), undefined],
    ['spaces around', `${fill(' ', MIB / 2)}{{~#if true~}}${fill(' \n', MIB / 4)}{{~/if~}}`, undefined],
    ['spaces inside', `{{${fill(' ')}upper "a"}}`, undefined],
  ];
  for (const [what, template, reason] of bombs) {
    it(`ends within a second: ${what}`, () => {
      const start = processorTime();
      if (reason === undefined) assert.equal(typeof render(template, {}), 'string');
      else {
        const { message } = failure(template, {});
        assert.match(message, reason);
        assert.ok(message.length < 500, message.slice(0, 500));
      }
      assert.ok(processorTime() - start < 1000);
    });
  }

  it('may have 200 blocks in each other, and each of them an else', () => {
    const nested = '{{#if true}}a'.repeat(200) + '{{else}}b{{/if}}'.repeat(200);
    assert.equal(render(nested, {}), 'a'.repeat(200));
    assert.match(failure(`{{#if true}}${nested}{{/if}}`, {}).reason, /nests deeper than 200 levels/);
  });
});

describe('a Handlebars template that does too much', () => {
  const list = Array.from({ length: 1000 }, (_, i) => i);
  const cases: [what: string, template: string, limits: TemplateOptions['limits'], reason: RegExp][] = [
    ['rounds', '{{#each list}}a{{/each}}', { iterations: 999 }, /more than 999 loop iterations/],
    ['rounds of sections', '{{#list}}a{{/list}}', { iterations: 999 }, /more than 999 loop iterations/],
    [
      'rounds in rounds',
      '{{#each list}}{{#each ../list}}{{/each}}{{/each}}',
      { iterations: 10_000 },
      /more than 10000/,
    ],
    ['output', '{{#each list}}abc{{/each}}', { output: 2999 }, /output is larger than 2999 characters/],
    ['output of a value', '{{repeat 1000 "abc"}}', { output: 2999 }, /output is larger than 2999 characters/],
    ['results', '{{#each (until 100000000)}}{{/each}}', {}, /more than \d+ items/],
    [
      'rounds by default',
      '{{#each list}}{{#each @root.list}}{{#each @root.list}}{{/each}}{{/each}}{{/each}}',
      {},
      /more than 1000000 loop iterations|took longer than/,
    ],
  ];
  for (const [what, template, limits, reason] of cases) {
    it(`is stopped: ${what}`, () => {
      const error = failure(template, { list }, { limits: limits ?? {} });
      assert.match(error.reason, reason);
      assert.equal(error.phase, 'exec');
    });
  }

  it('is stopped when its time is over', () => {
    let now = 0;
    const clock = () => {
      now += 10;
      return now;
    };
    const error = failure(
      '{{#each list}}{{this}}{{/each}}',
      { list },
      { limits: { milliseconds: 100, clock } },
    );
    assert.match(error.reason, /took longer than 100 ms/);
  });

  it('is not stopped at its limits', () => {
    assert.equal(render('{{#each list}}a{{/each}}', { list }, { limits: { iterations: 1000 } }).length, 1000);
    assert.equal(render('{{#each list}}abc{{/each}}', { list }, { limits: { output: 3000 } }).length, 3000);
  });
});
