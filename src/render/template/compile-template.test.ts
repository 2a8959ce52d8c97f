import assert from 'node:assert/strict';
import fc from 'fast-check';
import { processorTime } from '../../../test/harness/processor-time.ts';
import { goInt } from '../values/go-number.ts';
import { toJsonValue } from '../values/to-json-value.ts';
import { compileTemplate, TemplateError, type TemplateOptions } from './compile-template.ts';

const OPTIONS: TemplateOptions = { name: 'flux-system/podinfo' };

function render(text: string, data: object = {}, options: Partial<TemplateOptions> = {}): string {
  return compileTemplate(text, { ...OPTIONS, ...options }).render(data);
}

function failure(text: string, data: object = {}, options: Partial<TemplateOptions> = {}): TemplateError {
  try {
    render(text, data, options);
  } catch (error) {
    assert.ok(error instanceof TemplateError, String(error));
    return error;
  }
  return assert.fail(`${text} did not fail`);
}

describe('compileTemplate', () => {
  const limits = `{{ with index .Element.data.result 0}}{{ with index .value 1 }}{{ round (mulf . 1.20) 0 }}{{ end }}{{ end }}Ki`;
  const requests = `{{ with index .Element.data.result 0}}{{ round (index .value 1) 0 }}{{ end }}Ki`;
  const answers: [string, string, string][] = [
    ['300', '360Ki', '300Ki'],
    ['1048576', '1258291Ki', '1048576Ki'],
    ['1234567', '1481480Ki', '1234567Ki'],
    ['9007199254740993', '10808639105689192Ki', '9007199254740993Ki'],
  ];
  for (const [value, limit, request] of answers) {
    it(`writes quantities from the sample "${value}" without an exponent`, () => {
      const data = { Element: { data: { result: [{ value: [1687950455.23, value] }] } } };
      assert.equal(render(limits, data), limit);
      assert.equal(render(requests, data), request);
    });
  }
});

describe('exact numbers', () => {
  const data = {
    n: 3,
    f: 2.5,
    mega: 1000000,
    huge: 9007199254740993n,
    tiny: 0.00000015,
    list: ['a', 'b', 'c', 'd'],
    element: goInt(2),
  };
  const cases: [string, string][] = [
    ['{{ .mega }} {{ .huge }} {{ .tiny }} {{ .f }}', '1000000 9007199254740993 0.00000015 2.5'],
    ['{{ printf "%v %d %s" .mega .mega .n }}', '1000000 1000000 %!s(float64=3)'],
    ['{{ printf "%d %.2f" .f .n }}', '%!d(float64=2.5) 3.00'],
    ['{{ eq .n 3 }} {{ eq 3 .n }} {{ lt .n 4 }} {{ gt .f 2 }} {{ eq .f 2 }}', 'true true true true false'],
    ['{{ index .list .n }} {{ index .list .element }}', 'd c'],
    ['{{ until .n }} {{ repeat .n "x" }} {{ trunc .n "hello" }}', '[0 1 2] xxx hel'],
    ['{{ range .n }}{{ . }}{{ end }}', '012'],
    [
      '{{ toJson (dict "m" .mega "h" .huge "t" .tiny) }}',
      '{"h":9007199254740993,"m":1000000,"t":0.00000015}',
    ],
    [
      '{{ mulf .huge 1 }} {{ addf .huge 1 }} {{ add .huge 1 }}',
      '9007199254740993 9007199254740994 9007199254740994',
    ],
    ['{{ addf 0.1 0.2 }} {{ mulf 1.15 100 }} {{ divf 1 3 }}', '0.3 115 0.3333333333333333'],
    ['{{ mulf .mega 1000000000 1000000000 }}', '1000000000000000000000000'],
    ['{{ quote .mega }} {{ cat .mega .n }} {{ join "," (list .mega 1) }}', '"1000000" 1000000 3 1000000,1'],
    ['{{ .element }} {{ add .element 1 }}', '2 3'],
    ['{{ until (add 1 2) }}', '[0 1 2]'],
  ];
  for (const [text, expected] of cases) {
    it(`${text} gives ${expected}`, () => assert.equal(render(text, data), expected));
  }

  it('refuse a fraction where an integer is needed', () => {
    assert.match(failure('{{ until .f }}', data).message, /expected int; got float64/);
    assert.match(
      failure('{{ index .list .f }}', data).message,
      /cannot index slice\/array with type float64/,
    );
  });

  it('never print an exponent, whatever the number', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (n) => {
        const text = render('{{ .n }}', { n });
        assert.match(text, /^-?\d+(\.\d+)?$/);
        assert.equal(Number(text), n);
      }),
    );
  });
});

describe('a program', () => {
  it('says whether it has any action', () => {
    assert.equal(compileTemplate('plain\n{{/* comment */}}', OPTIONS).isStatic, true);
    assert.equal(compileTemplate('a {{ .x }}', OPTIONS).isStatic, false);
    assert.equal(render('plain {{/* c */ -}} \n text'), 'plain text');
  });

  it('says whether it is one action, and gives its value', () => {
    const cases: [string, boolean, boolean][] = [
      ['{{ .x }}', true, false],
      ['{{ .x | typed }}', true, true],
      ['{{ typed .x }}', true, true],
      [' {{ .x }}', false, false],
      ['{{ if .x }}a{{ end }}', false, false],
      ['{{ $y := .x }}', false, false],
      ['{{ .x }}{{ .x }}', false, false],
    ];
    for (const [text, isSingle, isTyped] of cases) {
      const program = compileTemplate(text, OPTIONS);
      assert.equal(program.isSingleAction, isSingle, text);
      assert.equal(program.isTyped, isTyped, text);
    }
    const program = compileTemplate('{{ .x | typed }}', OPTIONS);
    for (const x of [1, 'a', true, null, ['b'], { c: [1n] }]) {
      assert.deepEqual(toJsonValue(program.value({ x })), x);
      assert.doesNotThrow(() => program.render({ x }));
    }
    assert.throws(() => compileTemplate('a{{ .x }}', OPTIONS).value({ x: 1 }), TypeError);
  });

  const pieces: [string, string[]][] = [
    ['a{{ .x }}b', ['literal:a', 'value:- 1', 'literal:b']],
    ['{{ toYaml .l }}', ['safe:- 1']],
    ['{{ .l | toJson }}', ['safe:[1]']],
    ['{{ toYaml .l | indent 2 }}', ['safe:  - 1']],
    ['{{ toYaml .l | quote }}', ['value:"- 1"']],
    ['{{ $y := toJson .l }}{{ $y }}', ['safe:[1]']],
    ['{{ $y := toJson .l }}{{ $y = .x }}{{ $y }}', ['value:- 1']],
    [
      '{{ $y := toJson .l }}{{ range $i, $e := list 1 2 }}{{ $y }}{{ $y = $.x }}{{ end }}',
      ['value:[1]', 'value:- 1'],
    ],
    ['{{ default .x (toJson .l) }}', ['value:[1]']],
  ];
  for (const [text, expected] of pieces) {
    it(`tells values from text and structure in ${text}`, () => {
      const found = compileTemplate(text, OPTIONS).renderPieces({ x: '- 1', l: [1] });
      assert.deepEqual(
        found.map((piece) => `${piece.kind}:${piece.text}`),
        expected,
      );
    });
  }

  it('is the same object when it is compiled again, and another one for other options', () => {
    const first = compileTemplate('{{ .cached }}', OPTIONS);
    assert.equal(compileTemplate('{{ .cached }}', OPTIONS), first);
    assert.notEqual(compileTemplate('{{ .cached }}', { ...OPTIONS, numbers: 'go' }), first);
    assert.notEqual(compileTemplate('{{ .cached }}', { ...OPTIONS, delimiters: ['<', '>'] }), first);
  });

  it('gives the same output again and for data of other shapes', () => {
    const program = compileTemplate('{{ range $k, $v := .m }}{{ $k }}={{ $v }};{{ end }}', OPTIONS);
    assert.equal(program.render({ m: { b: 1, a: 'x' } }), 'a=x;b=1;');
    assert.equal(program.render({ m: [true, null] }), '0=true;1=<no value>;');
    assert.equal(program.render({ m: { b: 1, a: 'x' } }), 'a=x;b=1;');
  });
});

describe('a template error', () => {
  it('has Go text, line, column and the bare reason', () => {
    const error = failure('ok\n  é {{ .a.b }}', { a: {} });
    assert.equal(
      error.message,
      'template: flux-system/podinfo:2:10: executing "flux-system/podinfo" at <.a.b>: map has no entry for key "b"',
    );
    assert.deepEqual([error.phase, error.line, error.column], ['exec', 2, 10]);
    assert.equal(error.reason, 'map has no entry for key "b"');
  });

  it('names the template that it is in as Go quotes it', () => {
    const error = failure('{{ define "a\\x01é" }}{{ .x.y }}{{ end }}{{ template "a\\x01é" . }}', { x: {} });
    assert.match(error.message, /executing "a\\x01é" at <\.x\.y>/);
  });

  it('of the parser has a column beyond what Go tells', () => {
    const error = failure('\n\n{{ nope }}');
    assert.equal(error.message, 'template: flux-system/podinfo:3: function "nope" not defined');
    assert.deepEqual([error.phase, error.line, error.column], ['parse', 3, 4]);
  });

  it('never is anything else, whatever the text', () => {
    const token = fc.constantFrom(
      '{{',
      '}}',
      ' ',
      '.x',
      '$',
      ':=',
      '|',
      '(',
      ')',
      'if',
      'end',
      'range',
      'else',
      '"',
      '`',
      '1',
      'nil',
      'print',
      '-',
      '\n',
      '/*',
      '*/',
      'define',
      'template',
      "'",
      '\\',
      'é',
      ',',
    );
    fc.assert(
      fc.property(fc.array(token, { maxLength: 30 }), (tokens) => {
        try {
          render(tokens.join(''), { x: 1 });
        } catch (error) {
          assert.ok(error instanceof TemplateError, String(error));
          assert.ok(error.line >= 1);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('hostile data', () => {
  const names = ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf', '__defineGetter__'];
  for (const name of names) {
    it(`gives no access to ${name} of prototypes`, () => {
      assert.equal(
        render(`{{ .${name} }}{{ .m.${name} }}`, { m: {} }, { missingKey: 'default' }),
        '<no value><no value>',
      );
      assert.equal(render(`{{ index .m "${name}" }}{{ hasKey .m "${name}" }}`, { m: {} }), '<no value>false');
      assert.match(failure(`{{ .l.${name} }}`, { l: [] }).reason, /can't evaluate field/);
      assert.match(failure(`{{ .s.${name} }}`, { s: '' }).reason, /can't evaluate field/);
    });
  }

  it('cannot reach prototypes through set, merge or dict', () => {
    const data = { m: {} };
    render('{{ $_ := set .m "__proto__" (dict "polluted" 1) }}{{ $_ := merge (dict) .m }}', data);
    render('{{ $_ := fromJson "{\\"__proto__\\":{\\"polluted\\":1}}" }}{{ $_ := dict "__proto__" 1 }}');
    assert.equal(({} as Record<string, unknown>)['polluted'], undefined);
    assert.equal(Object.getPrototypeOf(data.m), Object.prototype);
  });

  it('is never code: any string comes out as it went in', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (s) => {
        assert.equal(render('<{{ .s }}>', { s }), `<${s}>`);
        assert.equal(render('{{ with $x := .s }}{{ $x }}{{ end }}', { s }), s);
      }),
    );
  });

  it('in the text of a template stays text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const quoted = text.toWellFormed().replaceAll('{', '(');
        assert.equal(render(`${quoted}{{ 1 }}${quoted}`), `${quoted}1${quoted}`);
      }),
    );
  });
});

describe('bombs are refused within a second', () => {
  const double = (start: string, step: string, end: string) =>
    `{{ $x := ${start} }}{{ range until 40 }}{{ $x = ${step} }}{{ end }}{{ ${end} }}`;
  const bombs: [string, string][] = [
    [
      'nested loops',
      '{{ range until 1000 }}{{ range until 1000 }}{{ range until 1000 }}{{ end }}{{ end }}{{ end }}',
    ],
    ['endless recursion', '{{ define "x" }}{{ template "x" . }}{{ end }}{{ template "x" . }}'],
    [
      'branching recursion',
      '{{ define "x" }}{{ if lt . 60 }}{{ template "x" (add . 1) }}{{ template "x" (add . 1) }}{{ end }}{{ end }}{{ template "x" 0 }}',
    ],
    ['a doubling text', double('"x"', 'print $x $x', 'len $x')],
    ['a doubling format', double('"x"', 'printf "%s%s" $x $x', 'len $x')],
    ['a doubling join', double('"x"', 'join $x (list $x $x)', 'len $x')],
    ['a doubling list', double('list 1', 'concat $x $x', 'len $x')],
    ['a list of shared lists, printed', double('list 1', 'list $x $x', '$x')],
    ['a list of shared lists, as JSON', double('list 1', 'list $x $x', 'mustToJson $x')],
    ['a list of shared lists, as YAML', double('list 1', 'list $x $x', 'toYaml $x')],
    ['a list of shared lists, copied', double('list 1', 'list $x $x', 'deepCopy $x')],
    [
      'a list of shared lists, compared',
      `${double('list 1', 'list $x $x', 'print 1')}{{ $x := list 1 }}{{ $y := list 1 }}{{ range until 40 }}{{ $x = list $x $x }}{{ $y = list $y $y }}{{ end }}{{ deepEqual $x $y }}`,
    ],
    ['a map that holds itself', '{{ $d := dict }}{{ $_ := set $d "d" $d }}{{ $d }}'],
    ['repeat', '{{ repeat 1000000000 "x" }}'],
    ['until', '{{ until 1000000000 }}'],
    ['untilStep', '{{ untilStep 0 1000000000 1 }}'],
    ['seq', '{{ seq 1000000000 }}'],
    ['indent', '{{ indent 1000000000 "x" }}'],
    ['indent of many lines', '{{ indent 100000 (repeat 100000 "\\n") }}'],
    ['replace', '{{ replace "" (repeat 100000 "y") (repeat 100000 "x") }}'],
    ['a wide printf', `{{ printf "${'%9999999d'.repeat(20)}" ${'1 '.repeat(20)} }}`],
    ['much output', '{{ $x := repeat 1000000 "x" }}{{ range until 100 }}{{ $x }}{{ end }}'],
    ['a range over a large number', '{{ range 1000000000 }}x{{ end }}'],
    ['deep parentheses', `{{ ${'('.repeat(5000)}1${')'.repeat(5000)} }}`],
    ['deep blocks', '{{ if 1 }}'.repeat(5000) + '{{ end }}'.repeat(5000)],
    ['a deep chain of else if', `{{ if 0 }}${'{{ else if 0 }}'.repeat(5000)}{{ end }}`],
    ['a replacement that grows', '{{ regexReplaceAll "" (repeat 100000 "x") (repeat 100000 "y") }}'],
  ];
  for (const [name, text] of bombs) {
    it(name, () => {
      const start = processorTime();
      failure(text);
      assert.ok(processorTime() - start < 1000, `took ${processorTime() - start} ms`);
    });
  }

  it('a clock that is handed in ends a render that takes too long', () => {
    let now = 0;
    const limits = { milliseconds: 50, clock: () => now++ };
    const text = '{{ range until 100000 }}{{ end }}{{ range until 100000 }}{{ end }}';
    assert.equal(render(text), '');
    assert.match(failure(text, {}, { limits }).reason, /took longer than 50 ms/);
  });

  it('limits can be set lower', () => {
    assert.match(
      failure('{{ repeat 11 "x" }}', {}, { limits: { output: 10 } }).reason,
      /larger than 10 characters/,
    );
    assert.match(
      failure('{{ range until 101 }}{{ end }}', {}, { limits: { iterations: 100 } }).reason,
      /100 loop/,
    );
    const nested = '{{ define "a" }}{{ template "b" }}{{ end }}{{ define "b" }}{{ end }}{{ template "a" }}';
    assert.match(failure(nested, {}, { limits: { depth: 1 } }).reason, /maximum template depth/);
    assert.equal(render(nested, {}, { limits: { depth: 2 } }), '');
  });
});

describe('function profiles', () => {
  const cases: [string, TemplateOptions['functions'], boolean][] = [
    ['upper', 'sprig', true],
    ['upper', 'none', false],
    ['sha256sum', 'gitopssets', false],
    ['sha256sum', 'generatorset', true],
    ['typed', 'generatorset', true],
    ['typed', 'gitopssets', false],
    ['env', 'generatorset', false],
    ['expandenv', 'generatorset', false],
    ['getHostByName', 'generatorset', false],
  ];
  for (const [name, functions, exists] of cases) {
    it(`${functions} ${exists ? 'has' : 'lacks'} ${name}`, () => {
      const compile = () =>
        compileTemplate(`{{ ${name} "a" }}`, { ...OPTIONS, functions: functions ?? 'none' });
      if (exists) assert.doesNotThrow(compile);
      else assert.throws(compile, /function ".*" not defined/);
    });
  }
});
