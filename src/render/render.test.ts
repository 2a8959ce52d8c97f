import assert from 'node:assert/strict';
import fc from 'fast-check';
import { hostileStrings } from '../../test/conformance/content/yaml-inputs.ts';
import type { Element, GeneratedElement } from '../api/element.ts';
import { createYamlSource } from '../api/yaml-source.ts';
import type { JsonObject, JsonValue } from '../lib/json.ts';
import { parseYaml, parseYamlDocuments } from '../lib/yaml.ts';
import { render } from './render.ts';
import type { Template, TemplateSet } from './template-set.ts';

const OWNER = { 'generatorset.dev/name': 'set', 'generatorset.dev/namespace': 'flux-system' };

function createSet(templates: Template[], fields: Partial<TemplateSet['metadata']> = {}): TemplateSet {
  return { metadata: { name: 'set', namespace: 'flux-system', ...fields }, spec: { templates } };
}

function fromList(elements: Element[]): GeneratedElement[] {
  return elements.map((element, index) => ({ element, index, generator: 0, generatorName: 'list' }));
}

/** A ConfigMap whose data are the content under test. */
function configMap(data: JsonObject): JsonObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' }, data };
}

function renderData(
  data: JsonObject,
  element: Element,
  annotations?: Record<string, string>,
): JsonValue | undefined {
  const set = createSet([{ content: configMap(data) }], { ...(annotations && { annotations }) });
  return render({ set, elements: fromList([element]) })[0]?.resource['data'];
}

const SEED_PATCH = `- op: replace
  path: /spec/template/spec/containers/0/resources/limits/memory
  value: {{ with index .Element.data.result 0}}{{ with index .value 1 }}{{ round (mulf . 1.20) 0 }}{{ end }}{{ end }}Ki
- op: replace
  path: /spec/template/spec/containers/0/resources/requests/memory
  value: {{ with index .Element.data.result 0}}{{ round (index .value 1) 0 }}{{ end }}Ki
`;

const SEED: JsonObject = {
  apiVersion: 'kustomize.toolkit.fluxcd.io/v1beta2',
  kind: 'Kustomization',
  metadata: { name: 'podinfo', namespace: 'flux-system' },
  spec: {
    interval: '5m',
    path: './apps/podinfo',
    prune: true,
    patches: [{ patch: SEED_PATCH, target: { kind: 'Deployment' } }],
  },
};

function prometheusAnswer(value: string): Element {
  const result = [{ metric: { __name__: 'max' }, value: [1687950455.23, value] }];
  return { status: 'success', data: { resultType: 'vector', result } };
}

function renderSeed(value: string, form: (content: JsonObject) => Template) {
  const set = createSet([form(SEED)]);
  const [rendered] = render({ set, elements: fromList([prometheusAnswer(value)]) });
  const spec = rendered?.resource['spec'] as { patches: { patch: string }[] };
  return { rendered: rendered ?? assert.fail(), patch: spec.patches[0]?.patch ?? '' };
}

describe('reads of a rendered resource', () => {
  const range = '{{ range .Element.names }}';
  const document = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: {{ . }}}\ndata: {a: b}\n';
  const names = Array.from({ length: 500 }, (_, index) => `n${index}`);

  it('are found once for all leaves of all documents of one text', () => {
    const set = createSet([{ text: `${range}---\n${document}{{ end }}` }]);
    const resources = render({ set, elements: fromList([{ names }, { names: ['other'] }]) });
    const lists = resources.slice(0, 500).flatMap(({ reads }) => [reads(['data', 'a']), reads(['kind'])]);
    assert.equal(new Set(lists).size, 1);
    assert.deepEqual(lists[0]?.at(-1), { path: '.Element.names[499]', value: 'n499' });
    assert.deepEqual(resources[500]?.reads(['kind']), [{ path: '.Element.names[0]', value: 'other' }]);
  });

  it('are those of the leaf itself in a content', () => {
    const set = createSet([{ content: configMap({ a: '{{ .Element.a }}', b: '{{ .Element.b }}' }) }]);
    const [rendered] = render({ set, elements: fromList([{ a: '1', b: '2' }]) });
    assert.deepEqual(rendered?.reads(['data', 'a']), [{ path: '.Element.a', value: '1' }]);
    assert.deepEqual(rendered?.reads(['data', 'b']), [{ path: '.Element.b', value: '2' }]);
  });
});

describe('render, given the memory of podinfo,', () => {
  for (const [answer, limit, request] of [
    ['300', '360Ki', '300Ki'],
    ['1048576', '1258291Ki', '1048576Ki'],
    ['1234567.5', '1481481Ki', '1234568Ki'],
  ] as const) {
    it(`gives ${limit} and ${request} for ${answer}`, () => {
      const { patch } = renderSeed(answer, (content) => ({ content }));
      assert.deepEqual(patch.match(/value: .*/g), [`value: ${limit}`, `value: ${request}`]);
      assert.ok(patch.endsWith('Ki\n'));
    });
  }

  it('tells which sample each leaf has read', () => {
    const { rendered } = renderSeed('300', (content) => ({ content }));
    const read = { path: '.Element.data.result[0].value[1]', value: '300' };
    assert.deepEqual(rendered.reads(['spec', 'patches', 0, 'patch']), [read]);
    assert.deepEqual(rendered.reads(['spec', 'interval']), []);
    assert.deepEqual(rendered.reads(['metadata', 'labels', 'generatorset.dev/name']), []);
    assert.deepEqual(rendered.reads(['nothing', 'here']), []);
  });
});

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
    { leaf: 'a {{ .Element.n | typed }}', value: 'a 5', why: 'beside text there is only text' },
    { leaf: '{{/* nothing */}}', value: '', why: 'a comment leaves nothing' },
    { leaf: 'yes', value: 'yes', why: 'a string without action stays itself' },
  ];
  for (const { leaf, value, why, annotations } of cases) {
    it(`${leaf} is ${typeof value}: ${why}`, () => {
      assert.deepEqual(renderData({ leaf }, element, annotations), { leaf: value });
    });
  }

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

describe('render, of texts,', () => {
  it('takes every document that is there, and drops the empty ones', () => {
    const text = `{{ range .Element.names }}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: {{ . }}}
---
{{ end }}`;
    const resources = render({ set: createSet([{ text }]), elements: fromList([{ names: ['a', 'b'] }]) });
    assert.deepEqual(
      resources.map(({ resource, template }) => [resource.metadata.name, template]),
      [
        ['a', 0],
        ['b', 0],
      ],
    );
    assert.deepEqual(resources[0]?.reads(['metadata', 'name']), [
      { path: '.Element.names[0]', value: 'a' },
      { path: '.Element.names[1]', value: 'b' },
    ]);
  });

  for (const [name, text, message] of [
    ['no object', '- a', /must give an object with apiVersion, kind and metadata\.name/],
    ['no YAML', 'a: b: c', /the rendered text is no valid YAML: line 1, column \d+: /],
    ['no kind', 'apiVersion: v1\nmetadata: {name: a}', /kind must be a string that is not empty/],
  ] as const) {
    it(`refuses ${name}`, () => {
      const set = createSet([{ text }]);
      assert.throws(() => render({ set, elements: fromList([{}]) }), { name: 'RenderError', message });
    });
  }
});

describe('render, with repeat,', () => {
  const content = configMap({
    r: '{{ .Repeat | toJson }}',
    i: '{{ .RepeatIndex }}',
    e: '{{ .ElementIndex }}',
  });
  const named = { ...content, metadata: { name: 'x-{{ .ElementIndex }}-{{ .RepeatIndex }}' } };
  const cases: { repeat: string; element: Element; repeats: JsonValue[] }[] = [
    { repeat: '{ .teams }', element: { teams: ['a', 'b'] }, repeats: ['a', 'b'] },
    { repeat: '{ .teams[*] }', element: { teams: ['a', 'b'] }, repeats: ['a', 'b'] },
    { repeat: '{ .name }', element: { name: 'a' }, repeats: ['a'] },
    { repeat: '{ .teams }', element: { teams: ['a', null, 5] }, repeats: ['a', 5] },
    { repeat: '{ .teams }', element: { teams: [] }, repeats: [] },
    { repeat: '{ .teams }', element: { teams: null }, repeats: [] },
  ];
  for (const { repeat, element, repeats } of cases) {
    it(`${repeat} of ${JSON.stringify(element)} gives ${JSON.stringify(repeats)}`, () => {
      const resources = render({
        set: createSet([{ repeat, content: named }]),
        elements: fromList([element]),
      });
      const data = repeats.map((value, index) => ({ r: JSON.stringify(value), i: `${index}`, e: '0' }));
      assert.deepEqual(
        resources.map(({ resource }) => resource['data']),
        data,
      );
      assert.deepEqual(
        resources.map(({ repeatIndex }) => repeatIndex),
        repeats.map((_, index) => index),
      );
    });
  }

  it('is an error where the key is missing, and where the path is none', () => {
    const set = createSet([{ repeat: '{ .teams }', content: named }]);
    assert.throws(() => render({ set, elements: fromList([{}]) }), {
      name: 'RenderError',
      message: /templates\[0\]\.repeat/,
    });
    const broken = createSet([{ repeat: '{ .teams', content: named }]);
    assert.throws(() => render({ set: broken, elements: fromList([{ teams: [] }]) }), { name: 'ErrorList' });
  });
});

describe('render, of several elements and templates,', () => {
  it('goes through elements, then templates, and says where each resource is from', () => {
    const named = (name: string): Template => ({ content: { ...configMap({}), metadata: { name } } });
    const set = createSet([
      named('a-{{ .ElementIndex }}'),
      named('b-{{ .Element.n }}-{{ .GitOpsSet.Name }}'),
    ]);
    const resources = render({ set, elements: fromList([{ n: 1 }, { n: 2 }]) });
    assert.deepEqual(
      resources.map(({ resource, template, from }) => [resource.metadata.name, template, from.index]),
      [
        ['a-0', 0, 0],
        ['b-1-set', 1, 0],
        ['a-1', 0, 1],
        ['b-2-set', 1, 1],
      ],
    );
    assert.deepEqual(resources[0]?.resource.metadata['labels'], OWNER);
  });

  it('refuses the same resource twice, and names both', () => {
    const set = createSet([{ content: configMap({}) }]);
    const elements = fromList([{}, {}]).map((from, index) => ({ ...from, key: `k${index}` }));
    assert.throws(() => render({ set, elements }), {
      message:
        'spec.templates[0].content.metadata.name: ConfigMap/flux-system/x is rendered twice, first by templates[0], element k0: each resource needs a name of its own (templates[0], element k1)',
    });
  });

  it('refuses more text than a set can have', () => {
    const set = createSet([{ repeat: '{ .all }', content: configMap({ a: '{{ .Element.long }}' }) }]);
    const element = { all: Array.from({ length: 70 }, (_, index) => index), long: 'x'.repeat(1024 * 1024) };
    assert.throws(() => render({ set, elements: fromList([element]) }), { reason: 'TooManyResources' });
  });

  it('refuses more than 10,000 resources', () => {
    const set = createSet([
      { repeat: '{ .all }', content: { ...configMap({}), metadata: { name: '{{ .RepeatIndex }}' } } },
    ]);
    const all = Array.from({ length: 10_001 }, (_, index) => index);
    assert.throws(() => render({ set, elements: fromList([{ all }]) }), { reason: 'TooManyResources' });
  });
});

const FILE = `apiVersion: generatorset.dev/v1alpha1
kind: GeneratorSet
metadata: {name: set, namespace: flux-system}
spec:
  templates:
    - content:
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: "{{ .Element.nam }}"
          labels:
            x: \${{ .Element.n }}
        data:
          patch: |
            a: 1
            b: {{ .Element.missing.x }}
          broken: KEY
`;

function renderFile(file: string, elements: Element[]): Error {
  const [yaml] = parseYamlDocuments(file);
  const set = (yaml?.value ?? assert.fail()) as unknown as TemplateSet;
  const source = createYamlSource('set.yaml', file, { yaml: yaml ?? assert.fail() });
  try {
    render({ set, source, elements: fromList(elements) });
  } catch (error) {
    return error as Error;
  }
  return assert.fail('must throw');
}

describe('render, when templates fail,', () => {
  it('shows all errors at once, each at its place in the file', () => {
    const error = renderFile(FILE, [{ n: 1 }]);
    assert.equal(error.name, 'RenderError');
    const lines = error.message.split('\n');
    assert.deepEqual(
      lines.filter((line) => line.startsWith('set.yaml')).map((line) => line.replace(/ .*/, '')),
      ['set.yaml:10:29:', 'set.yaml:16:27:'],
    );
    assert.match(
      lines[0] ?? '',
      /map has no entry for key "nam" \(templates\[0\], element generators\[0\]\.list\[0\]\)$/,
    );
    assert.equal(lines[1], '              name: "{{ .Element.nam }}"');
    assert.equal(lines[2]?.indexOf('^'), 4 + 28);
  });

  it('stalls when a template does not parse', () => {
    const error = renderFile(FILE.replace('KEY', '"{{ if }}"'), []);
    assert.equal(error.name, 'ErrorList');
    assert.match(error.message, /^set\.yaml:17:\d+: missing value for if \(templates\[0\]\)\n/);
  });

  it('says to quote a number where Kubernetes wants a string', () => {
    const file = FILE.replace('.Element.nam ', '.Element.name ').replace('.Element.missing.x', '.Element.n');
    const dollar = file.replace(
      'flux-system}',
      'flux-system, annotations: {generatorset.dev/delimiters: "${{,}}"}}',
    );
    const error = renderFile(dollar.replace('"{{ .Element.name }}"', 'x'), [{ n: 5 }]);
    assert.match(
      error.message,
      /^set\.yaml:12:16: metadata\.labels\["x"\] must be a string, and is the number 5: quote it/,
    );
  });

  it('finds the leaf of one error in many elements soon', () => {
    const lines = Array.from({ length: 300 }, (_, n) => [`k${n}`, `some text ${n}`] as const);
    const data = {
      ...Object.fromEntries(lines),
      a: '{{ range .Element.l }}',
      b: '{{ end }}{{ .Element.x }}',
    };
    const elements = fromList(Array.from({ length: 2000 }, () => ({ l: [1] })));
    const started = performance.now();
    assert.throws(() => render({ set: createSet([{ content: configMap(data) }]), elements }), {
      message: /^spec\.templates\[0\]\.content\.data\.b: map has no entry for key "x"/,
    });
    assert.ok(performance.now() - started < 3000);
  });

  it('stops when all of them take too long together', () => {
    let hours = 0;
    const clock = () => performance.now() + hours * 3_600_000;
    const set = createSet([{ content: configMap({ a: '{{ .Element.v }}' }) }]);
    const elements = fromList(Array.from({ length: 1000 }, () => ({ v: 1 })));
    Object.defineProperty(elements[2]?.element, 'v', { enumerable: true, get: () => ++hours });
    assert.throws(() => render({ set, elements, clock }), {
      name: 'RenderError',
      message:
        /^spec\.templates\[0\]: rendering takes longer than 30 s: .*element generators\[0\]\.list\[3\]\)$/m,
    });
    assert.equal(hours, 1);
  });

  it('shows twenty errors, and counts the others', () => {
    const elements = Array.from({ length: 30 }, () => ({}));
    const error = renderFile(FILE, elements);
    assert.equal(error.message.match(/^set\.yaml/gm)?.length, 20);
    assert.ok(error.message.endsWith('\n... and 70 more'));
  });
});
