import assert from 'node:assert/strict';
import { compileTemplate, TemplateError, type TemplateOptions } from '../compile-template.ts';

const DATA = {
  name: 'podinfo',
  text: 'text',
  nothing: null,
  one: 1,
  half: 0.5,
  list: ['x', 'y'],
  map: { a: 'one' },
  people: [{ name: 'Ada' }],
};

function failure(text: string, options: Partial<TemplateOptions> = {}): TemplateError {
  try {
    compileTemplate(text, { name: 'ns/set', dialect: 'handlebars', ...options }).render(DATA);
  } catch (error) {
    assert.ok(error instanceof TemplateError, String(error));
    return error;
  }
  return assert.fail(`${text} did not fail`);
}

/** A template, the line and column of its fault, and why it is refused before it is run. */
const PARSE: [template: string, place: string, reason: string][] = [
  // what Handlebars has and this dialect has not
  ['a {{{name}}}', '1:3', 'write {{name}}: nothing is HTML-escaped here'],
  ['a {{&name}}', '1:3', 'write {{name}}: nothing is HTML-escaped here'],
  ['{{~{name}~}}', '1:1', 'write {{name}}: nothing is HTML-escaped here'],
  ['{{~& name}}', '1:1', 'write {{name}}: nothing is HTML-escaped here'],
  ['{{{upper name}}}', '1:1', 'write {{upper}}: nothing is HTML-escaped here'],
  ['{{> part}}', '1:1', 'partials are refused: a template calls no other template'],
  ['{{> (lookup . "part")}}', '1:1', 'partials are refused: a template calls no other template'],
  ['{{#> part}}a{{/part}}', '1:1', 'partials are refused: a template calls no other template'],
  ['{{> @partial-block}}', '1:1', 'partials are refused: a template calls no other template'],
  ['\n{{#*inline "a"}}b{{/inline}}', '2:1', 'decorators are refused'],
  ['{{* decorate}}', '1:1', 'decorators are refused'],
  ['{{{{raw}}}} {{name}} {{{{/raw}}}}', '1:1', 'raw blocks are refused'],
  ['{{lookup map "a"}}', '1:3', 'lookup is refused: write (index map "key") or (get map "key")'],
  [
    '{{#with (lookup map "a")}}{{/with}}',
    '1:10',
    'lookup is refused: write (index map "key") or (get map "key")',
  ],
  ['{{include "a"}}', '1:3', 'include is refused: a template calls no other template'],
  ['{{log "a"}}', '1:3', 'log is refused: templates write nothing but their output'],
  [
    '{{add one k=1}}',
    '1:11',
    'name=value is refused: arguments are told apart by their place; a map is (dict "name" value)',
  ],
  [
    '{{#if one includeZero=true}}a{{/if}}',
    '1:11',
    'name=value is refused: arguments are told apart by their place; a map is (dict "name" value)',
  ],
  [
    '{{upper (dict a=1)}}',
    '1:15',
    'name=value is refused: arguments are told apart by their place; a map is (dict "name" value)',
  ],
  // functions and keys
  ['{{nope name}}', '1:3', 'function "nope" not defined'],
  ['{{uper name}}', '1:3', 'function "uper" not defined: did you mean "upper"?'],
  ['{{ range list }}', '1:4', 'range is a block of Go templates: write {{#each ...}}...{{/each}}'],
  ['{{template "port" one}}', '1:3', 'templates with a name are of Go templates: there are none here'],
  ['{{upper (nope name)}}', '1:10', 'function "nope" not defined'],
  ['é\n {{upper (nope)}}', '2:11', 'function "nope" not defined'],
  [
    '{{env "HOME"}}',
    '1:3',
    'function "env" not defined: templates read no environment, so pass the value as an element',
  ],
  ['{{max}}', '1:3', 'max is a function that takes arguments: write this.max for the key'],
  ['{{list}}', '1:3', 'list is a function that takes arguments: write this.list for the key'],
  ['{{map.get "a"}}', '1:3', 'map.get is no function'],
  ['{{this.upper name}}', '1:3', 'this.upper is no function'],
  ['{{../upper name}}', '1:3', '../upper is no function'],
  ['{{@root.upper name}}', '1:3', '@root.upper is no function'],
  ['{{[upper] name}}', '1:3', '[upper] is no function'],
  ['{{#each list as |upper|}}{{upper name}}{{/each}}', '1:28', 'upper is no function'],
  ['{{"name"}}', '1:3', `"name" can't stand here: a path or a function is needed`],
  ['{{12}}', '1:3', "12 can't stand here: a path or a function is needed"],
  ['{{true}}', '1:3', "true can't stand here: a path or a function is needed"],
  ['{{null}}', '1:3', "null can't stand here: a path or a function is needed"],
  ['{{#"name"}}{{/"name"}}', '1:4', `"name" can't stand here: a path or a function is needed`],
  ['{{add 99999999999999999999 1}}', '1:7', 'integer overflow: "99999999999999999999"'],
  // blocks
  ['{{if name}}', '1:3', 'if is a block: write {{#if ...}}...{{/if}}'],
  ['{{each}}', '1:3', 'each is a block: write {{#each ...}}...{{/each}}'],
  ['{{upper (if name)}}', '1:10', 'if is a block: write {{#if ...}}...{{/if}}'],
  ['{{#if}}a{{/if}}', '1:4', '{{#if}} takes one argument: write (function ...) for a call'],
  ['{{#if eq one 1}}a{{/if}}', '1:4', '{{#if}} takes one argument: write (function ...) for a call'],
  ['{{#each}}a{{/each}}', '1:4', '{{#each}} takes one argument: write (function ...) for a call'],
  ['{{#if null}}a{{/if}}', '1:7', '{{#if}} of null is never run'],
  ['{{#each undefined}}a{{/each}}', '1:9', '{{#each}} of null is never run'],
  [
    '{{#eq one 1}}a{{/eq}}',
    '1:4',
    'eq is no block: blocks are if, unless, with and each, as in {{#if (eq ...)}}',
  ],
  [
    '{{#upper name}}a{{/upper}}',
    '1:4',
    'upper is no block: blocks are if, unless, with and each, as in {{#if (upper ...)}}',
  ],
  [
    '{{#each list as |a b c|}}{{/each}}',
    '1:1',
    'too many block parameters: {{#each}} gives two, {{#with}} one, other blocks none',
  ],
  [
    '{{#with map as |a b|}}{{/with}}',
    '1:1',
    'too many block parameters: {{#each}} gives two, {{#with}} one, other blocks none',
  ],
  [
    '{{#if one as |a|}}{{/if}}',
    '1:1',
    'too many block parameters: {{#each}} gives two, {{#with}} one, other blocks none',
  ],
  [
    '{{#list as |a|}}{{/list}}',
    '1:1',
    'too many block parameters: {{#each}} gives two, {{#with}} one, other blocks none',
  ],
  ['{{#each list as |a a|}}{{/each}}', '1:1', "a can't be a block parameter here"],
  ['{{#each list as |if|}}{{/each}}', '1:1', "if can't be a block parameter here"],
  ['{{#each list as |this|}}{{/each}}', '1:1', "this can't be a block parameter here"],
  // paths
  ['{{../name}}', '1:3', '../name leads out of the template'],
  ['{{#each list}}{{../../name}}{{/each}}', '1:17', '../../name leads out of the template'],
  ['{{#if one}}{{../name}}{{/if}}', '1:14', '../name leads out of the template'],
  ['{{@index}}', '1:3', '@index stands outside of {{#each}}'],
  ['{{#with map}}{{@key}}{{/with}}', '1:16', '@key stands outside of {{#each}}'],
  ['{{#each list}}{{@../index}}{{/each}}', '1:17', '@../index stands outside of {{#each}}'],
  ['{{#each list}}a{{else}}{{@index}}{{/each}}', '1:26', '@index stands outside of {{#each}}'],
  ['{{#people}}{{@index}}{{/people}}', '1:14', '@index has no meaning in a plain section: write {{#each}}'],
  ['{{@level}}', '1:3', '@level is not there: only @root, @index, @key, @first and @last are'],
  [
    '{{@partial-block}}',
    '1:3',
    '@partial-block is not there: only @root, @index, @key, @first and @last are',
  ],
  ['{{@constructor}}', '1:3', '@constructor is not there: only @root, @index, @key, @first and @last are'],
  ['{{name/../text}}', '1:3', 'Invalid path: name/..'],
  ['{{list.0}}', '1:8', 'unexpected "0": write [0]'],
  // syntax
  ['{{', '1:3', 'unexpected end of the template'],
  ['{{name', '1:3', 'unexpected "name"'],
  ['{{name ', '1:8', 'unexpected end of the template'],
  ['{{name}', '1:7', 'unexpected "}"'],
  ['{a: {{name}}}', '1:11', 'unexpected "}}}": write }} }'],
  ['{{}}', '1:3', 'unexpected "}}"'],
  ['a\n b {{#if one}}\n', '2:4', 'the block that begins here has no end'],
  ['{{#if one}}{{#each list}}{{/if}}', '1:15', '"each" doesn\'t match "if"'],
  ['{{/if}}', '1:1', 'unexpected "{{/"'],
  ['{{else}}', '1:1', 'unexpected "{{else}}"'],
  ['{{#if one}}{{else}}{{else}}{{/if}}', '1:20', 'unexpected "{{else}}"'],
  ['{{upper (name}}', '1:14', 'unexpected "}}"'],
  ['{{upper "name}}', '1:9', 'unexpected "\\"name"'],
  ['{{.Element.name}}', '1:3', 'unexpected ".Element.name": write Element.name'],
  ['{{ $x = 1 }}', '1:7', 'unexpected "="'],
  ['{{ name | upper }}', '1:9', 'unexpected "|": pipes are of Go templates: write {{upper name}}'],
  [
    '{{~upper name | trunc 3 |lower~}}',
    '1:15',
    'unexpected "|": pipes are of Go templates: write {{lower (trunc 3 (upper name))}}',
  ],
  ['{{ "|" | upper }}', '1:8', 'unexpected "|": pipes are of Go templates: {{f x | g}} is {{g (f x)}} here'],
  ['{{name|upper}}', '1:7', 'unexpected "|upper": pipes are of Go templates: write {{upper name}}'],
  [
    '{{name||upper}}',
    '1:7',
    'unexpected "||upper": pipes are of Go templates: {{f x | g}} is {{g (f x)}} here',
  ],
  ['{{!-- comment', '1:1', 'unexpected "{"'],
  ['a\u0000b', '1:2', 'unexpected "\\u0000b"'],
];

/** A template, where it fails on the data, and the whole message after the place. */
const EXEC: [template: string, place: string, message: string][] = [
  ['{{absent}}', '1:3', 'at <absent>: map has no entry for key "absent"'],
  ['a\n é{{map.b}}', '2:5', 'at <map.b>: map has no entry for key "b"'],
  ['{{this.absent}}', '1:3', 'at <this.absent>: map has no entry for key "absent"'],
  ['{{#each people}}{{age}}{{/each}}', '1:19', 'at <age>: map has no entry for key "age"'],
  ['{{#each people}}{{../age}}{{/each}}', '1:19', 'at <../age>: map has no entry for key "age"'],
  ['{{#each people as |p|}}{{p.age}}{{/each}}', '1:26', 'at <p.age>: map has no entry for key "age"'],
  ['{{@root.age}}', '1:3', 'at <@root.age>: map has no entry for key "age"'],
  ['{{list.[2]}}', '1:3', 'at <list.[2]>: the list has no item 2: its length is 2'],
  ['{{list.name}}', '1:3', 'at <list.name>: a list has no key "name"'],
  ['{{list.[-1]}}', '1:3', 'at <list.[-1]>: a list has no key "-1"'],
  ['{{list.[01]}}', '1:3', 'at <list.[01]>: a list has no key "01"'],
  ['{{list.push}}', '1:3', 'at <list.push>: a list has no key "push"'],
  ['{{text.length}}', '1:3', 'at <text.length>: a string has no key "length": write (len ...)'],
  ['{{text.[0]}}', '1:3', 'at <text.[0]>: a string has no key "0": write (substr 0 1 ...)'],
  ['{{text.name}}', '1:3', 'at <text.name>: a string has no key "name"'],
  ['{{one.toFixed}}', '1:3', 'at <one.toFixed>: a float64 has no key "toFixed"'],
  ['{{nothing.a}}', '1:3', 'at <nothing.a>: null has no key "a"'],
  ['{{#if absent}}a{{/if}}', '1:7', 'at <absent>: map has no entry for key "absent"'],
  ['{{#each text}}a{{/each}}', '1:9', "at <text>: each can't iterate over text"],
  ['{{#each half}}a{{/each}}', '1:9', "at <half>: each can't iterate over 0.5"],
  [
    '{{upper one}}',
    '1:9',
    'at <one>: wrong type for value; expected string; got float64: write toString first',
  ],
  [
    '{{upper (add 1 2)}}',
    '1:16',
    'at <2>: wrong type for value; expected string; got int64: write toString first',
  ],
  ['{{upper name name}}', '1:3', 'at <upper>: wrong number of args for upper: want 1 got 2'],
  ['{{index list 7}}', '1:3', 'at <index list 7>: error calling index: index out of range: 7'],
  ['{{ fail "stop" }}', '1:4', 'at <fail "stop">: error calling fail: stop'],
  ['{{#if (fail "stop")}}a{{/if}}', '1:8', 'at <fail "stop">: error calling fail: stop'],
];

describe('what the Handlebars dialect refuses', () => {
  for (const [template, place, reason] of PARSE) {
    it(`${JSON.stringify(template)} does not parse`, () => {
      const error = failure(template);
      assert.equal(error.reason, reason);
      assert.equal(`${error.line}:${error.column}`, place);
      assert.equal(error.phase, 'parse');
      assert.ok(error.message.startsWith(`template: ns/set:${error.line}:`), error.message);
    });
  }

  for (const [template, place, message] of EXEC) {
    it(`${JSON.stringify(template)} fails on its data`, () => {
      const error = failure(template);
      assert.equal(error.message.replace(/^.* executing "ns\/set" /, ''), message);
      assert.equal(`${error.line}:${error.column}`, place);
      assert.equal(error.phase, 'exec');
    });
  }

  it('every call that needs permission, at once', () => {
    const error = failure('{{uuidv4}}\n{{upper (uuidv4)}}');
    assert.match(error.reason, /uuidv4 gives another value at every render.*allowNonDeterministic/);
    assert.deepEqual(
      [error, ...error.others].map(({ line, column }) => `${line}:${column}`),
      ['1:3', '2:10'],
    );
  });

  it('other delimiters', () => {
    const error = failure('[[ name ]]', { delimiters: ['[[', ']]'] });
    assert.equal(error.reason, 'Handlebars has no delimiters but {{ and }}');
  });
});

describe('a Go template that does not parse', () => {
  const looks = [
    '{{#if a}}b{{/if}}',
    '{{^a}}b{{/a}}',
    '{{> part}}',
    '{{! note }}',
    '{{{a}}}',
    'x {{~#if a}}b{{~/if}}',
  ];
  for (const text of looks) {
    it(`is told to be Handlebars when it holds ${text}`, () => {
      const error = failure(text, { dialect: 'go' });
      assert.match(error.message, /; this looks like Handlebars: set spec.dialect: handlebars$/);
      assert.equal(error.phase, 'parse');
      assert.equal(error.line, 1);
    });
  }

  for (const text of ['{{ if }}', '{{ nope }}', '{{/* note }}', '{{ .a', '# {{ range }}']) {
    it(`is a faulty Go template when it is ${text}`, () => {
      assert.doesNotMatch(failure(text, { dialect: 'go' }).message, /Handlebars/);
    });
  }

  it('is a faulty Go template where the braces are text', () => {
    const error = failure('[[ nope ]] {{#if a}}', { dialect: 'go', delimiters: ['[[', ']]'] });
    assert.doesNotMatch(error.message, /Handlebars/);
  });

  it("keeps Go's own words where no dialect was chosen", () => {
    assert.throws(
      () => compileTemplate('{{#if a}}', { name: 't' }),
      (error: Error) => !error.message.includes('Handlebars'),
    );
  });
});
