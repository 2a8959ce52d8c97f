import assert from 'node:assert/strict';
import { configMap, createSet, fromList } from '../../test/harness/template-sets.ts';
import type { Element } from '../api/element.ts';
import type { JsonObject, JsonValue } from '../lib/json.ts';
import { render } from './render.ts';
import type { Template } from './template-set.ts';

const OWNER = { 'generatorset.dev/name': 'set', 'generatorset.dev/namespace': 'flux-system' };

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
    assert.throws(() => render({ set, elements: fromList([element]) }), {
      name: 'RenderError',
      message: /^more than 67108864 characters of resources: split the set/,
    });
  });

  it('refuses more than 20,000 resources', () => {
    const set = createSet([
      { repeat: '{ .all }', content: { ...configMap({}), metadata: { name: '{{ .RepeatIndex }}' } } },
    ]);
    const all = Array.from({ length: 20_001 }, (_, index) => index);
    assert.throws(() => render({ set, elements: fromList([{ all }]) }), {
      name: 'RenderError',
      message: /^more than 20000 resources: split the set/,
    });
  });
});
