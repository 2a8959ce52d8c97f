import assert from 'node:assert/strict';
import Handlebars from 'handlebars';
import { goInt } from '../../values/go-number.ts';
import { compileTemplate, type TemplateOptions } from '../compile-template.ts';

const DATA = {
  name: 'podinfo',
  text: 'a <b> & "c"',
  empty: '',
  zero: 0,
  one: 1,
  price: 2.5,
  mega: 1000000,
  yes: true,
  no: false,
  nothing: null,
  list: ['x', 'y', 'z'],
  none: [],
  map: { b: 'two', a: 'one' },
  blank: {},
  people: [
    { name: 'Ada', tags: ['p', 'q'], home: { city: 'London' } },
    { name: 'Bob', tags: [], home: { city: 'Bonn' } },
  ],
  matrix: [
    [1, 2],
    [3, 4],
  ],
  max: 9,
  'odd key': 'odd',
  'a.b': 'dotted',
  deep: { er: { est: 'bottom' } },
  position: goInt(2),
};

function render(text: string, options: Partial<TemplateOptions> = {}): string {
  return compileTemplate(text, { name: 't', dialect: 'handlebars', ...options }).render(DATA);
}

function renderStock(text: string): string {
  return Handlebars.create().compile(text, { noEscape: true })(DATA);
}

/** Templates that mean the same here and in Handlebars itself. */
const COMMON: [template: string, output: string][] = [
  ['plain text', 'plain text'],
  ['', ''],
  ['{{name}}', 'podinfo'],
  ['{{ name }}', 'podinfo'],
  ['{{this.name}}', 'podinfo'],
  ['{{this/name}}', 'podinfo'],
  ['{{./name}}', 'podinfo'],
  ['{{[name]}}', 'podinfo'],
  ['{{[odd key]}}', 'odd'],
  ['{{this.[odd key]}}', 'odd'],
  ['{{[a.b]}}', 'dotted'],
  ['{{@root.name}}', 'podinfo'],
  ['{{@root.deep.er.est}}', 'bottom'],
  ['{{deep.er.est}}', 'bottom'],
  ['{{deep/er/est}}', 'bottom'],
  ['{{deep.[er].est}}', 'bottom'],
  ['{{text}}', 'a <b> & "c"'],
  ['{{people.[0].name}}', 'Ada'],
  ['{{people.0.name}}', 'Ada'],
  ['{{list.[2]}}', 'z'],
  ['{{matrix.[1].[0]}};', '3;'],
  ['{{list.length}};', '3;'],
  ['{{none.length}};', '0;'],
  ['{{this.empty}}|', '|'],
  // if, unless
  ['{{#if yes}}a{{/if}}', 'a'],
  ['{{#if no}}a{{/if}}', ''],
  ['{{#if no}}a{{else}}b{{/if}}', 'b'],
  ['{{#if no}}a{{^}}b{{/if}}', 'b'],
  ['{{#if no}}a{{else if yes}}b{{else}}c{{/if}}', 'b'],
  ['{{#if no}}a{{else if empty}}b{{else}}c{{/if}}', 'c'],
  ['{{#if no}}a{{else unless no}}b{{/if}}', 'b'],
  ['{{#if no}}a{{else each list}}{{this}}{{/if}}', 'xyz'],
  ['{{#if no}}a{{else with deep}}{{er.est}}{{/if}}', 'bottom'],
  ['{{#if list}}a{{/if}}', 'a'],
  ['{{#if none}}a{{else}}b{{/if}}', 'b'],
  ['{{#if zero}}a{{else}}b{{/if}}', 'b'],
  ['{{#if one}}a{{else}}b{{/if}}', 'a'],
  ['{{#if empty}}a{{else}}b{{/if}}', 'b'],
  ['{{#if nothing}}a{{else}}b{{/if}}', 'b'],
  ['{{#if "text"}}a{{/if}}', 'a'],
  ['{{#if true}}a{{/if}}', 'a'],
  ['{{#if 0}}a{{else}}b{{/if}}', 'b'],
  ['{{#unless no}}a{{/unless}}', 'a'],
  ['{{#unless yes}}a{{else}}b{{/unless}}', 'b'],
  ['{{^if yes}}a{{else}}b{{/if}}', 'b'],
  ['{{^if no}}a{{/if}}', 'a'],
  ['{{#if yes}}{{name}}{{#if no}}{{else}}{{/if}}{{/if}}', 'podinfo'],
  // with
  ['{{#with deep}}{{er.est}}{{/with}}', 'bottom'],
  ['{{#with deep.er}}{{est}}{{/with}}', 'bottom'],
  ['{{#with deep}}{{#with er}}{{est}}{{../../name}}{{/with}}{{/with}}', 'bottompodinfo'],
  ['{{#with deep}}{{../name}}{{/with}}', 'podinfo'],
  ['{{#with deep}}{{@root.name}}{{/with}}', 'podinfo'],
  ['{{#with deep}}{{#if er}}{{../name}}{{/if}}{{/with}}', 'podinfo'],
  ['{{#with deep as |d|}}{{d.er.est}}{{er.est}}{{/with}}', 'bottombottom'],
  ['{{#with deep as |d|}}{{#with er as |e|}}{{d.er.est}}{{e.est}}{{/with}}{{/with}}', 'bottombottom'],
  ['{{#with empty}}a{{else}}b{{/with}}', 'b'],
  ['{{#with none}}a{{else}}{{name}}{{/with}}', 'podinfo'],
  ['{{#with nothing}}a{{^}}b{{/with}}', 'b'],
  ['{{#with name}}{{this}}{{/with}}', 'podinfo'],
  ['{{#with name}}{{.}}{{/with}}', 'podinfo'],
  ['{{#with list}}{{this.[0]}}{{/with}}', 'x'],
  ['{{#with "s"}}{{this}}{{/with}}', 's'],
  // each
  ['{{#each list}}{{this}}{{/each}}', 'xyz'],
  ['{{#each list}}{{.}},{{/each}}', 'x,y,z,'],
  ['{{#each list}}{{@index}}={{this}};{{/each}}', '0=x;1=y;2=z;'],
  ['{{#each list}}{{@key}}={{this}};{{/each}}', '0=x;1=y;2=z;'],
  ['{{#each list}}{{#if @first}}[{{/if}}{{this}}{{#unless @last}},{{else}}]{{/unless}}{{/each}}', '[x,y,z]'],
  ['{{#each list}}{{this}}{{else}}none{{/each}}', 'xyz'],
  ['{{#each none}}{{this}}{{else}}none{{/each}}', 'none'],
  ['{{#each none}}{{this}}{{^}}none{{/each}}', 'none'],
  ['{{#each none}}{{this}}{{else if yes}}none{{/each}}', 'none'],
  ['{{#each blank}}{{this}}{{else}}none{{/each}}', 'none'],
  ['{{#each nothing}}{{this}}{{else}}none{{/each}}', 'none'],
  ['{{^each none}}none{{/each}}', 'none'],
  ['{{#each list as |item|}}{{item}}{{this}};{{/each}}', 'xx;yy;zz;'],
  ['{{#each list as |item i|}}{{i}}{{item}};{{/each}}', '0x;1y;2z;'],
  ['{{#each people as |p|}}{{#each p.tags as |t i|}}{{p.name}}{{i}}{{t}};{{/each}}{{/each}}', 'Ada0p;Ada1q;'],
  ['{{#each people}}{{name}}{{home.city}};{{/each}}', 'AdaLondon;BobBonn;'],
  [
    '{{#each people}}{{#with home}}{{city}}{{../name}}{{../../name}};{{/with}}{{/each}}',
    'LondonAdapodinfo;BonnBobpodinfo;',
  ],
  [
    '{{#each people}}{{#each tags}}{{../name}}{{this}}{{@../index}}{{@index}};{{/each}}{{/each}}',
    'Adap00;Adaq01;',
  ],
  ['{{#each people}}{{#with home}}{{@index}}{{city}};{{/with}}{{/each}}', '0London;1Bonn;'],
  ['{{#each people}}{{#if @first}}{{name}}{{../name}}{{/if}}{{/each}}', 'Adapodinfo'],
  ['{{#each people}}{{@root.name}};{{/each}}', 'podinfo;podinfo;'],
  ['{{#each matrix}}{{#each this}}{{this}},{{/each}};{{/each}}', '1,2,;3,4,;'],
  ['{{#each people.[0].tags}}{{this}}{{/each}}', 'pq'],
  ['{{#each deep}}{{@key}}{{est}}{{@first}}{{@last}}{{@index}};{{/each}}', 'erbottomtruetrue0;'],
  ['{{#each deep as |value key|}}{{key}}{{value.est}}{{/each}}', 'erbottom'],
  ['{{#each list}}{{#each ../none}}{{else}}{{this}}{{/each}}{{/each}}', 'xyz'],
  [
    '{{#each people as |p|}}{{#each ../list as |x|}}{{p.name}}{{x}}{{/each}}{{/each}}',
    'AdaxAdayAdazBobxBobyBobz',
  ],
  // plain sections
  ['{{#people}}{{name}};{{/people}}', 'Ada;Bob;'],
  ['{{#list}}{{this}}{{/list}}', 'xyz'],
  ['{{#none}}a{{else}}b{{/none}}', 'b'],
  ['{{#none}}a{{^}}b{{/none}}', 'b'],
  ['{{^none}}b{{/none}}', 'b'],
  ['{{^list}}b{{/list}}', ''],
  ['{{#deep}}{{er.est}}{{/deep}}', 'bottom'],
  ['{{#deep.er}}{{est}}{{/deep.er}}', 'bottom'],
  ['{{#yes}}{{name}}{{/yes}}', 'podinfo'],
  ['{{#no}}a{{else}}{{name}}{{/no}}', 'podinfo'],
  ['{{#nothing}}a{{else}}b{{/nothing}}', 'b'],
  ['{{#people}}{{../name}};{{/people}}', 'podinfo;podinfo;'],
  ['{{#name}}{{this}}{{/name}}', 'podinfo'],
  ['{{#this.list}}{{this}}{{/this.list}}', 'xyz'],
  // whitespace and comments
  ['a {{~name}} b', 'apodinfo b'],
  ['a {{name~}} b', 'a podinfob'],
  ['a\n  {{~name~}}  \n b', 'apodinfob'],
  ['a {{~#if yes~}} b {{~/if~}} c', 'abc'],
  ['a {{#if no}} b {{~else~}} c {{/if}} d', 'a c  d'],
  ['{{#if yes}}\nline\n{{/if}}\n', 'line\n'],
  ['a\n{{#if yes}}\nline\n{{/if}}\nb', 'a\nline\nb'],
  ['a\n  {{#each list}}  \n  - {{this}}\n  {{/each}}\nb', 'a\n  - x\n  - y\n  - z\nb'],
  ['{{#if no}}\na\n{{else}}\nb\n{{/if}}\n', 'b\n'],
  ['a {{#if yes}}\nb\n{{/if}} c', 'a \nb\n c'],
  ['a\r\n{{#if yes}}\r\nb\r\n{{/if}}\r\nc', 'a\r\nb\r\nc'],
  ['a{{! comment }}b', 'ab'],
  ['a{{!-- {{name}} --}}b', 'ab'],
  ['a\n{{! alone }}\nb', 'a\nb'],
  ['a {{~! close ~}} b', 'ab'],
  ['a\n{{name}}\nb', 'a\npodinfo\nb'],
  ['\\{{name}}', '{{name}}'],
  ['a \\{{name}} {{name}}', 'a {{name}} podinfo'],
  ['\\\\{{name}}', '\\podinfo'],
  ['{ {{name}} }', '{ podinfo }'],
  ['{{#if yes}}{{#if yes}}\n a\n{{/if}}{{/if}}', '\n a\n'],
];

/** What differs on purpose: Go's truth, Go's order of keys and Go's way to print. */
const OWN: [template: string, output: string][] = [
  ['{{#if blank}}a{{else}}b{{/if}}', 'b'],
  ['{{#with blank}}a{{else}}b{{/with}}', 'b'],
  ['{{#with zero}}a{{else}}b{{/with}}', 'b'],
  ['{{#zero}}a{{else}}b{{/zero}}', 'b'],
  ['{{#empty}}a{{else}}b{{/empty}}', 'b'],
  ['{{#each map}}{{@key}}={{this}};{{/each}}', 'a=one;b=two;'],
  ['{{#each map as |value key|}}{{@index}}{{key}}{{value}};{{/each}}', '0aone;1btwo;'],
  ['{{#with this}}{{../name}}{{/with}}', 'podinfo'],
  ['{{this.list}}', '[x y z]'],
  ['{{map}}', 'map[a:one b:two]'],
  ['{{nothing}}', '<no value>'],
  ['{{mega}}{{one}}', '10000001'],
  ['{{one}}{{one}}', '11'],
  ['{{yes}}{{yes}}', 'truetrue'],
];

/** Functions are the same as in Go templates. */
const FUNCTIONS: [template: string, output: string][] = [
  ['{{upper name}}', 'PODINFO'],
  ['{{upper "abc"}}', 'ABC'],
  ["{{upper 'a\"b'}}", 'A"B'],
  ['{{quote "a\\"b"}}', '"a\\"b"'],
  ['{{add one 2}}', '3'],
  ['{{add one (mul 2 3)}}', '7'],
  ['{{add -1 one}}', '0'],
  ['{{add 010 1}}', '11'],
  ['{{mulf 1.5 price}}', '3.75'],
  ['{{div mega 10}}', '100000'],
  ['{{default "none" empty}}', 'none'],
  ['{{default "none" nothing}}', 'none'],
  ['{{default "none" null}}', 'none'],
  ['{{default "none" undefined}}', 'none'],
  ['{{ternary "a" "b" true}}', 'a'],
  ['{{ternary "a" "b" false}}', 'b'],
  ['{{ternary "a" "b" (eq one 1)}}', 'a'],
  ['{{index list 1}}', 'y'],
  ['{{index list (add 1 1)}}', 'z'],
  ['{{index list position}}', 'z'],
  ['{{get map "a"}}', 'one'],
  ['{{getordefault map "c" "none"}}', 'none'],
  ['{{index map "a"}}', 'one'],
  ['{{toJson map}}', '{"a":"one","b":"two"}'],
  ['{{toJson (dict "k" 1 "l" (list 1 2))}}', '{"k":1,"l":[1,2]}'],
  ['{{indent 2 (toYaml map)}}', '  a: one\n  b: two'],
  ['{{join "," list}}', 'x,y,z'],
  ['{{len list}}', '3'],
  ['{{add max 1}}', '10'],
  ['{{this.max}}', '9'],
  ['{{[max]}}', '9'],
  ['{{./max}}', '9'],
  ['{{max max 10}}', '10'],
  ['{{#with this.max}}{{this}}{{/with}}', '9'],
  ['{{#with max}}{{this}}{{/with}}', '9'],
  ['{{#if (eq one 1)}}a{{/if}}', 'a'],
  ['{{#if (and yes (not no))}}a{{/if}}', 'a'],
  ['{{#if (or no (index list 0))}}a{{/if}}', 'a'],
  ['{{#if (or yes (fail "not asked"))}}a{{/if}}', 'a'],
  ['{{#unless (gt one 2)}}a{{/unless}}', 'a'],
  ['{{#each (list 3 4)}}{{this}}{{/each}}', '34'],
  ['{{#each (splitList "," "a,b") as |part i|}}{{i}}{{part}}{{/each}}', '0a1b'],
  ['{{#each (until 3)}}{{this}}{{/each}}', '012'],
  ['{{#each 3}}{{this}}{{/each}}', '012'],
  ['{{#each (keys map)}}{{this}}{{/each}}', 'ab'],
  ['{{#with (dict "a" 1) as |d|}}{{d.a}}{{a}}{{/with}}', '11'],
  ['{{#each people as |list|}}{{list.name}}{{/each}}', 'AdaBob'],
  ['{{#each people as |upper|}}{{upper.name}}{{/each}}', 'AdaBob'],
  ['{{#each list as |title|}}{{title}}{{/each}}', 'xyz'],
  ['{{typed one}}', '1'],
  ['{{quote (cat "a" "b")}}', '"a b"'],
  ['{{round (mulf price 1.2) 0}}Ki', '3Ki'],
  ['{{print "a" one yes null}}', 'a1 true <nil>'],
  ['{{this.list}}{{len (list)}}', '[x y z]0'],
];

describe('the Handlebars dialect', () => {
  for (const [template, output] of COMMON) {
    it(`${JSON.stringify(template)} gives what Handlebars gives`, () => {
      assert.equal(renderStock(template), output);
      assert.equal(render(template), output);
    });
  }

  for (const [template, output] of OWN) {
    it(`${template} gives ${output}, other than Handlebars`, () => {
      assert.notEqual(renderStock(template), output);
      assert.equal(render(template), output);
    });
  }

  for (const [template, output] of FUNCTIONS) {
    it(`${template} calls functions`, () => assert.equal(render(template), output));
  }

  it('prints numbers as the set says', () => {
    assert.equal(render('{{mega}}', { numbers: 'go' }), '1e+06');
    assert.equal(render('{{mega}}', { numbers: 'exact' }), '1000000');
  });

  it('knows the functions of its profile only', () => {
    assert.equal(render('{{upper name}}', { functions: 'gitopssets' }), 'PODINFO');
    assert.throws(() => render('{{upper name}}', { functions: 'none' }), /function "upper" not defined/);
  });

  it('treats a missing key as is asked', () => {
    assert.equal(render('{{absent}}', { missingKey: 'default' }), '<no value>');
    assert.equal(render('{{list.[7]}}', { missingKey: 'default' }), '<no value>');
  });

  it('tells values from text and structure', () => {
    const options = { name: 't', dialect: 'handlebars' } as const;
    const pieces = compileTemplate('a{{name}}{{toJson list}}{{quote (toJson list)}}', options).renderPieces(
      DATA,
    );
    assert.deepEqual(
      pieces.map((piece) => piece.kind),
      ['literal', 'value', 'safe', 'value'],
    );
    const named = '{{#with (toJson list) as |y|}}{{y}}{{this}}{{/with}}';
    assert.deepEqual(
      compileTemplate(named, options)
        .renderPieces(DATA)
        .map((piece) => piece.kind),
      ['safe', 'value'],
    );
  });

  const shapes: [template: string, isStatic: boolean, isSingle: boolean, isTyped: boolean][] = [
    ['text', true, false, false],
    ['{{! comment }}', true, false, false],
    ['\\{{name}}', true, false, false],
    ['{{name}}', false, true, false],
    ['{{typed name}}', false, true, true],
    ['{{~typed (index list 0)~}}', false, true, true],
    ['  {{~typed name}}', false, true, true],
    ['{{! why }}{{typed name}}', false, true, true],
    ['{{upper (typed name)}}', false, true, false],
    ['{{typed name}} ', false, false, false],
    ['{{#if yes}}{{typed name}}{{/if}}', false, false, false],
  ];
  for (const [template, isStatic, isSingleAction, isTyped] of shapes) {
    it(`knows what ${template} is made of`, () => {
      const program = compileTemplate(template, { name: 't', dialect: 'handlebars' });
      const found = [program.isStatic, program.isSingleAction, program.isTyped];
      assert.deepEqual(found, [isStatic, isSingleAction, isTyped]);
    });
  }

  it('compiles the same text in both dialects', () => {
    const go = compileTemplate('{{ len .list }}', { name: 't' });
    assert.equal(go.render(DATA), '3');
    assert.equal(compileTemplate('{{ len list }}', { name: 't', dialect: 'handlebars' }).render(DATA), '3');
    assert.throws(() => compileTemplate('{{ name }}', { name: 't' }).render(DATA));
    assert.throws(() =>
      compileTemplate('{{ len .list }}', { name: 't', dialect: 'handlebars' }).render(DATA),
    );
  });
});
