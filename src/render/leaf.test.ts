import assert from 'node:assert/strict';
import fc from 'fast-check';
import { hostileStrings } from '../../test/conformance/content/yaml-inputs.ts';
import { configMap, createSet, fromList } from '../../test/harness/template-sets.ts';
import type { Element, GeneratedElement } from '../api/element.ts';
import type { JsonObject, JsonValue } from '../lib/json.ts';
import { parseYaml } from '../lib/yaml.ts';
import { compileLeaf } from './leaf.ts';
import { render } from './render.ts';
import { TemplateError } from './template/template-error.ts';

/** The data of a ConfigMap, rendered for one element. */
function renderData(
  data: JsonObject,
  element: Element,
  annotations?: Record<string, string>,
): JsonValue | undefined {
  const set = createSet([{ content: configMap(data) }], { ...(annotations && { annotations }) });
  return render({ set, elements: fromList([element]) })[0]?.resource['data'];
}

/** Why a leaf does not compile. */
function failureOf(leaf: string): TemplateError {
  try {
    compileLeaf(leaf, { name: 't', delimiters: ['{{', '}}'] });
  } catch (error) {
    return error instanceof TemplateError ? error : assert.fail(String(error));
  }
  return assert.fail('must throw');
}

describe('render, leaf by leaf,', () => {
  const element = {
    n: 5,
    f: 1.5,
    s: 'abc',
    on: true,
    list: ['a', 'b'],
    map: { k: 'v', n: 1 },
    big: 12345678901234567890n,
  };
  const dollar = { 'sets.gitops.pro/delimiters': '${{,}}' };
  const cases: { leaf: string; value: JsonValue; why: string; annotations?: Record<string, string> }[] = [
    { leaf: '{{ .Element.n }}', value: '5', why: 'YAML quotes what begins with a brace' },
    { leaf: '{{ .Element.map }}', value: 'map[k:v n:1]', why: 'Go prints maps so' },
    {
      leaf: '{{ .Element.map | toJson }}',
      value: '{"k":"v","n":1}',
      why: 'an annotation that holds JSON stays text',
    },
    { leaf: 'x-{{ .Element.n }}', value: 'x-5', why: 'plain text around it' },
    { leaf: '${{ .Element.n }}', value: 5, why: 'written plain, read by YAML', annotations: dollar },
    { leaf: '${{ .Element.on }}', value: true, why: 'a boolean too', annotations: dollar },
    {
      leaf: '${{ .Element.n | quote }}',
      value: '5',
      why: 'a quoted number is a string',
      annotations: dollar,
    },
    {
      leaf: '${{ .Element.map | toJson }}',
      value: { k: 'v', n: 1 },
      why: 'safe structure',
      annotations: dollar,
    },
    { leaf: '${{ .Element.list | toYaml }}', value: ['a', 'b'], why: 'safe structure', annotations: dollar },
    {
      leaf: '${{ if .Element.on }}[${{ .Element.n }}, "${{ .Element.s }}"]${{ end }}',
      value: [5, 'abc'],
      why: "the author's own structure",
      annotations: dollar,
    },
    { leaf: '{{ .Element.n | typed }}', value: 5, why: 'typed keeps the type' },
    { leaf: '{{ .Element.big | typed }}', value: 12345678901234567890n, why: 'with every digit' },
    { leaf: '{{- .Element.on | typed -}}', value: true, why: 'trim markers change nothing' },
    { leaf: '{{ .Element.map | typed }}', value: { k: 'v', n: 1 }, why: 'maps too' },
    { leaf: '{{ index .Element.list 1 | typed }}', value: 'b', why: 'strings stay strings' },
    { leaf: '{{ $x := .Element.n }}{{ $x | typed }}', value: 5, why: 'variables print nothing' },
    {
      leaf: '{{ $x := 1 }} {{ $x = .Element.list }}\n{{ $x | typed }}\n',
      value: ['a', 'b'],
      why: 'nor do blanks',
    },
    {
      leaf: '{{ $x := dict }}{{ range .Element.list }}{{ $x = set $x . 1 }}{{ end }}{{/* so */}}{{ $x | typed }}',
      value: { a: 1, b: 1 },
      why: 'nor do blocks of these',
    },
    {
      leaf: '{{ $x := 1 }}{{ if .Element.on }}{{ $x = 2 }}{{ else }} {{ end }}{{ typed $x }}',
      value: 2,
      why: 'nor do branches',
    },
    { leaf: '{{/* nothing */}}', value: '', why: 'a comment leaves nothing' },
    { leaf: 'yes', value: 'yes', why: 'a string without action stays itself' },
  ];
  for (const { leaf, value, why, annotations } of cases) {
    it(`${leaf} is ${typeof value}: ${why}`, () => {
      assert.deepEqual(renderData({ leaf }, element, annotations), { leaf: value });
    });
  }

  const refused: [leaf: string, column: number][] = [
    ['a {{ .Element.n | typed }}', 19],
    ['{{ .Element.n | typed }} b', 17],
    ['{{ if .Element.n }}{{ 5 | typed }}{{ end }}', 27],
    ['{{ .Element.n | typed | print }}', 17],
    ['{{ print (typed .Element.n) }}', 11],
    ['{{ $x := typed 5 }}{{ $x }}', 10],
    ['{{ if typed .Element.on }}{{ end }}', 7],
    ['{{ .Element.n }}{{ .Element.n | typed }}', 33],
    ['{{ range .Element.list }}{{ . }}{{ end }}{{ .Element.n | typed }}', 58],
    ['{{ define "a" }}{{ 5 | typed }}{{ end }}{{ template "a" }}', 24],
    ['{{ 4 | typed }}{{ 5 | typed }}', 8],
  ];
  for (const [leaf, column] of refused) {
    it(`refuses ${leaf}, where typed has no effect`, () => {
      const error = failureOf(leaf);
      assert.equal(error.column, column);
      assert.match(
        error.reason,
        /^typed works only as the end of a leaf's single action: "\{\{ \.\.\. \| typed \}\}"$/,
      );
    });
  }

  it('names every typed without effect, and not the one that has it', () => {
    const error = failureOf('{{ 1 | typed }}{{ $x := typed 2 }}{{ $x | typed }}');
    assert.deepEqual(
      [error, ...error.others].map(({ column }) => column),
      [8, 25, 43],
    );
    const only = failureOf('{{ $x := typed 2 }}{{ $x | typed }}');
    assert.deepEqual([only.column, only.others], [10, []]);
  });

  it('leaves numbers, booleans and null of the content as they are', () => {
    const data = { a: 1, b: true, c: null, d: [1.5, {}], e: '{{ .Element.n }}' };
    assert.deepEqual(renderData(data, element), { ...data, e: '5' });
  });

  it('renders keys, as strings in any case', () => {
    const data = { '{{ .Element.s }}': 1, 'k-{{ .Element.n }}': 2, '${{ .Element.n }}': 3 };
    assert.deepEqual(renderData(data, element), { abc: 1, 'k-5': 2, $5: 3 });
    assert.deepEqual(renderData({ '${{ .Element.on }}': 1 }, element, dollar), { true: 1 });
  });

  it('takes a range that spans leaves as one text', () => {
    const list = ['{{ range .Element.list }}', 'x-{{ . }}', '{{ end }}'];
    assert.deepEqual(renderData({ list }, element), { list: ['', 'x-a', '', 'x-b', ''] });
  });
});

describe('render, given hostile values,', () => {
  const dollar = { 'generatorset.dev/delimiters': '${{,}}' };

  it('never changes the keys, and keeps strings as they are', () => {
    const data = {
      quoted: '{{ .Element.v }}',
      text: 'a {{ .Element.v }} b',
      plain: 'x-{{ .Element.v }}-x',
      lines: '#!/bin/sh\necho {{ .Element.v }}\nexit 0\n',
      list: ['{{ .Element.v }}'],
      '{{ .Element.v }}-k': 'key',
    };
    fc.assert(
      fc.property(hostileStrings, (v) => {
        assert.deepEqual(renderData(data, { v }), {
          quoted: v,
          text: `a ${v} b`,
          plain: `x-${v}-x`,
          lines: `#!/bin/sh\necho ${v}\nexit 0\n`,
          list: [v],
          [`${v}-k`]: 'key',
        });
      }),
      { numRuns: 500 },
    );
  });

  it('never changes the structure of YAML inside a text: it refuses the value instead', () => {
    const patch = '- op: replace\n  value: {{ .Element.v }}\n- op: test\n';
    fc.assert(
      fc.property(hostileStrings, (v) => {
        let text: JsonValue;
        try {
          text = (renderData({ patch }, { v }) as JsonObject)['patch'] as JsonValue;
        } catch (error) {
          assert.match((error as Error).message, /changes the structure of the YAML in this text/);
          return;
        }
        const [replace, test, ...others] = parseYaml(String(text)) as JsonObject[];
        assert.deepEqual(Object.keys(replace ?? {}), ['op', 'value']);
        assert.ok(typeof replace?.['value'] !== 'object' || replace['value'] === null);
        assert.deepEqual([test, others], [{ op: 'test' }, []]);
      }),
      { numRuns: 500 },
    );
  });

  it('keeps a JSON patch on one line to the operations that the template has', () => {
    const patch = '[{"op": "replace", "path": "/spec/replicas", "value": {{ .Element.v }}}]';
    const v = '3}, {"op": "add", "path": "/spec/template/spec/hostNetwork", "value": true';
    assert.throws(() => renderData({ patch }, { v }), /changes the structure of the YAML in this text/);
    assert.deepEqual(renderData({ patch }, { v: 3 }), { patch: patch.replace('{{ .Element.v }}', '3') });
    const other = patch.replace('{{ .Element.v }}', '${{ .Element.v }}');
    assert.throws(
      () => renderData({ other }, { v }, dollar),
      /changes the structure of the YAML in this text/,
    );
  });

  it('gives one scalar where YAML decides the type', () => {
    fc.assert(
      fc.property(hostileStrings, (v) => {
        const rendered = renderData({ leaf: '${{ .Element.v }}' }, { v }, dollar) as JsonObject;
        const { leaf } = rendered;
        assert.ok(leaf === null || typeof leaf !== 'object', JSON.stringify(leaf));
        if (typeof leaf === 'string') assert.ok(leaf === v || leaf === v.replace(/^[ \t]+|[ \t]+$/g, ''));
      }),
      { numRuns: 500 },
    );
  });

  it("keeps values inside their scalars in the author's own structure", () => {
    fc.assert(
      fc.property(hostileStrings, (v) => {
        const leaf = '${{ if true }}["${{ .Element.v }}", 1, ${{ .Element.v }}]${{ end }}';
        const { leaf: list } = renderData({ leaf }, { v }, dollar) as { leaf: JsonValue[] };
        assert.deepEqual(list.slice(0, 2), [v, 1]);
        assert.equal(list.length, 3);
        assert.ok(list[2] === null || typeof list[2] !== 'object');
      }),
    );
  });

  it('gives every template and every render the elements as they were', () => {
    const change = '{{ $_ := set .Element "n" (add .Element.n 1) }}{{ $_ = merge .Element.m (dict "b" 2) }}';
    const leaves = { first: `${change}{{ .Element.n }} {{ .Element.m }}`, second: '{{ .Element.added }}' };
    const added = { '{{ $_ := set .Element "added" "x" }}{{ unset .Element "gone" | len }}': '1' };
    const content = (name: string) => ({
      ...configMap({ ...leaves, ...added, last: leaves.second }),
      metadata: { name },
    });
    const [element] = fromList([{ n: 1, m: { a: 1 }, gone: 1, added: 'y' }]);
    const set = createSet([{ content: content('a') }, { content: content('b') }]);
    for (const elements of [[element], [element]] as GeneratedElement[][]) {
      const resources = render({ set, elements });
      for (const { resource, reads } of resources) {
        const expected = { first: '2 map[a:1 b:2]', second: 'y', '3': '1', last: 'x' };
        assert.deepEqual(resource['data'], expected);
        assert.deepEqual(reads(['data', 'last']), [{ path: '.Element.added', value: 'y' }]);
        assert.deepEqual(reads(['data', 'first'])[0], { path: '.Element.n', value: 1 });
      }
    }
    assert.deepEqual(element?.element, { n: 1, m: { a: 1 }, gone: 1, added: 'y' });
  });

  it('evaluates nothing twice', () => {
    assert.deepEqual(renderData({ a: '{{ .Element.v }}' }, { v: '{{ .Element.secret }}' }), {
      a: '{{ .Element.secret }}',
    });
  });

  it('refuses keys that meet, or that reach a prototype', () => {
    assert.throws(() => renderData({ a: 1, '{{ .Element.v }}': 2 }, { v: 'a' }), /key "a" is there already/);
    assert.throws(() => renderData({ '{{ .Element.v }}': 2, a: 1 }, { v: 'a' }), /key "a" is there already/);
    assert.throws(() => renderData({ '{{ .Element.v }}': 2 }, { v: '__proto__' }), /"__proto__" is refused/);
    const content = JSON.parse('{"__proto__": {"polluted": "{{ .Element.v }}"}}');
    assert.throws(() => renderData(content, { v: 'a' }), /"__proto__" is refused/);
    assert.equal(({} as Record<string, unknown>)['polluted'], undefined);
  });
});
