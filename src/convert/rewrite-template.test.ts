import assert from 'node:assert/strict';
import fc from 'fast-check';
import { StalledError } from '../api/errors.ts';
import { createYamlSource } from '../api/yaml-source.ts';
import { parseYamlDocuments, stringifyYaml } from '../lib/yaml.ts';
import { rewriteFastTemplate } from './application-set/fast-template.ts';
import { parametersRewriter } from './application-set/rewrite-parameters.ts';
import type { Field } from './field.ts';
import { inputsRewriter, type UsedInputs } from './resource-set/rewrite-inputs.ts';

const fieldOf = (text: string): Field => {
  const file = stringifyYaml({ spec: text });
  const [yaml] = parseYamlDocuments(file);
  assert.ok(yaml);
  return { value: text, source: createYamlSource('set.yaml', file, { yaml }), path: ['spec'] };
};

const inputs = (text: string, used: UsedInputs = new Set()) =>
  inputsRewriter(used)(text, fieldOf(text), 'value');

describe('templates of a ResourceSet', () => {
  const cases: readonly (readonly [text: string, rewritten: string])[] = [
    ['no template, inputs.x', 'no template, inputs.x'],
    ['<< inputs.a >>', '<< .Element.a >>'],
    ['<<inputs.a.b>>-<<- inputs.c -|>>'.replace('|', ''), '<<.Element.a.b>>-<<- .Element.c ->>'],
    ['<< "inputs.a" >> {{ inputs.b }}', '<< "inputs.a" >> {{ inputs.b }}'],
    ['<</* inputs.a */>>', '<</* inputs.a */>>'],
    [
      '<< range inputs.a >><< inputs.b >><< . >><< end >>',
      '<< range .Element.a >><< $.Element.b >><< . >><< end >>',
    ],
    ['<< range . >>x<< else >><< inputs.b >><< end >>', '<< range . >>x<< else >><< .Element.b >><< end >>'],
    [
      '<< with inputs.a >><< inputs.b >><< end >><< inputs.c >>',
      '<< with .Element.a >><< $.Element.b >><< end >><< .Element.c >>',
    ],
    [
      '<< if inputs.a >><< inputs.b >><< else if inputs.c >><< inputs.d >><< end >>',
      '<< if .Element.a >><< .Element.b >><< else if .Element.c >><< .Element.d >><< end >>',
    ],
    [
      '<< inputs.a | slugify >> << slugify inputs.b >>',
      '<< .Element.a | slugify 63 >> << slugify 63 .Element.b >>',
    ],
    ['<< index inputs "a" >> << (inputs).b >>', '<< index .Element "a" >> << (.Element).b >>'],
    ['<< $inputs := inputs >><< $inputs.a >>', '<< $inputs := .Element >><< $inputs.a >>'],
    ['<< .inputs.a >>', '<< .inputs.a >>'],
  ];
  for (const [text, rewritten] of cases)
    it(`${text} become ${rewritten}`, () => {
      assert.equal(inputs(text), rewritten);
    });

  it('tell which inputs they read', () => {
    const used: UsedInputs = new Set();
    inputs('<< inputs.a.b >><< inputs.c >>', used);
    assert.deepEqual([...used], ['a', 'c']);
    inputs('<< toJson inputs >>', used);
    assert.ok(used.has('*'));
  });

  it('that cannot be parsed are an error at their place', () => {
    for (const [text, message] of [
      ['x << inputs.a', /^set\.yaml:1:\d+: spec: unclosed action/],
      ['a\n  << nosuch inputs.a >>\n', /^set\.yaml:3:8: spec: function "nosuch" not defined/],
      [
        '<< define "x" >><< inputs.a >><< end >>',
        /^set\.yaml:1:\d+: spec: a template that is defined does not see inputs/,
      ],
    ] as const)
      assert.throws(
        () => inputs(text),
        (error) => error instanceof StalledError && message.test(error.message),
      );
  });

  it('keep every character that is no call of inputs', () => {
    const piece = fc.constantFrom(
      '<< inputs.a >>',
      'é{{ .x }}\n',
      '<<- "q\\"<<" ->>',
      '  ',
      '<< upper inputs.b >>',
      '日',
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const text = pieces.join('');
        assert.equal(inputs(text), text.replaceAll('inputs.', '.Element.'));
      }),
    );
  });
});

describe('templates of an ApplicationSet', () => {
  const parameters = {
    names: new Set(['path', 'values', 'name', 'one', 'other']),
    file: undefined,
    paths: new Set(['path', 'one.path']),
  };
  const go = (text: string) => parametersRewriter(parameters, true)(text, fieldOf(text), 'value');
  const cases: readonly (readonly [text: string, rewritten: string])[] = [
    ['{{.name}}', '{{.Element.name}}'],
    ['app-{{ .path.basename }}', 'app-{{ .Element.path.basename }}'],
    [
      '{{ range .values }}{{ .name }}{{ $.name }}{{ end }}',
      '{{ range .Element.values }}{{ .name }}{{ $.Element.name }}{{ end }}',
    ],
    [
      '{{ with .a }}{{ .b }}{{ else }}{{ .c }}{{ end }}',
      '{{ with .Element.a }}{{ .b }}{{ else }}{{ .Element.c }}{{ end }}',
    ],
    ['{{ $x := .name }}{{ $x.y }}', '{{ $x := .Element.name }}{{ $x.y }}'],
    ['{{ toJson . }}{{ toJson $ }}', '{{ toJson .Element }}{{ toJson $.Element }}'],
    ['{{ (index .a 0).b }}', '{{ (index .Element.a 0).b }}'],
    [
      '{{ template "x" . }}{{ define "x" }}{{ .name }}{{ $.name }}{{ end }}',
      '{{ template "x" .Element }}{{ define "x" }}{{ .name }}{{ $.name }}{{ end }}',
    ],
    ['1.{{.name}}', '{{ "" }}1.{{.Element.name}}'],
    ['true{{.name}}', '{{ "" }}true{{.Element.name}}'],
  ];
  for (const [text, rewritten] of cases)
    it(`${text} become ${rewritten}`, () => {
      assert.equal(go(text), rewritten);
    });

  const fast: readonly (readonly [text: string, rewritten: string])[] = [
    ['{{name}}', '{{ .Element.name }}'],
    [
      '{{ path }}/{{path[1]}}/{{path.basename}}',
      '{{ .Element.path.path }}/{{ index .Element.path.segments 1 }}/{{ .Element.path.basename }}',
    ],
    ['{{values.my-key}}', '{{ index .Element.values "my-key" }}'],
    ['{{values.a.b}}', '{{ index .Element.values "a.b" }}'],
    [
      '{{path}}{{path[0]}} {{one.path}}',
      '{{ .Element.path.path }}{{ index .Element.path.segments 0 }} {{ .Element.one.path.path }}',
    ],
    ['{{values.path}} {{other.path}}', '{{ .Element.values.path }} {{ .Element.other.path }}'],
    ['a{{b', 'a{{ "{{" }}b'],
    ['{{name}} {{', '{{ .Element.name }} {{ "{{" }}'],
    ['{{{name}}}', '{{ "{{{name}}" }}}'],
    ['{{ .Values.x | quote }}', '{{ "{{ .Values.x | quote }}" }}'],
    ['{{unknown}}', '{{ "{{unknown}}" }}'],
  ];
  for (const [text, rewritten] of fast)
    it(`without Go's language ${text} become ${rewritten}`, () => {
      assert.equal(rewriteFastTemplate(text, parameters), rewritten);
    });

  it('find what no generator names in the files', () => {
    const files = { names: new Set(['path']), file: 'fromGit', paths: new Set(['path']) };
    const rewrite = parametersRewriter(files, true);
    assert.equal(
      rewrite('{{.path.path}}{{.team}}', fieldOf('x'), 'value'),
      '{{.Element.path.path}}{{.Element.fromGit.file.team}}',
    );
    assert.equal(rewriteFastTemplate('{{a.b}}', files), '{{ .Element.fromGit.file.a.b }}');
  });
});
