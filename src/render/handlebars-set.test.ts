import assert from 'node:assert/strict';
import fc from 'fast-check';
import { hostileStrings } from '../../test/conformance/content/yaml-inputs.ts';
import { loadedSet } from '../../test/harness/sets.ts';
import type { Element, GeneratedElement } from '../api/element.ts';
import { createYamlSource } from '../api/yaml-source.ts';
import type { JsonObject, JsonValue } from '../lib/json.ts';
import { parseYamlDocuments } from '../lib/yaml.ts';
import { checkTemplates } from './check-templates.ts';
import { evaluateCase } from './evaluate-case.ts';
import { render } from './render.ts';
import { elementData, renderField } from './render-field.ts';
import type { Template, TemplateSet } from './template-set.ts';

const ELEMENT: Element = {
  name: 'web',
  replicas: 3,
  limit: 1000000,
  isOn: true,
  labels: { tier: 'gold' },
  ports: [80, 443],
  note: 'a: b',
};

function createSet(templates: Template[], annotations: Record<string, string> = {}): TemplateSet {
  return {
    metadata: { name: 'set', namespace: 'flux-system', annotations },
    spec: { dialect: 'handlebars', templates },
  };
}

function generated(element: Element): GeneratedElement {
  return { element, index: 0, generator: 0, generatorName: 'list' };
}

function configMap(data: JsonObject): JsonObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' }, data };
}

function renderData(data: JsonObject, element: Element = ELEMENT): JsonValue | undefined {
  const set = createSet([{ content: configMap(data) }]);
  return render({ set, elements: [generated(element)] })[0]?.resource['data'];
}

describe('a set in the Handlebars dialect', () => {
  const leaves: [leaf: string, value: JsonValue][] = [
    ['{{Element.name}}', 'web'],
    ['{{Element.replicas}}', '3'],
    ['x-{{Element.replicas}}', 'x-3'],
    ['{{typed Element.replicas}}', 3],
    ['{{typed Element.limit}}', 1000000],
    ['{{typed Element.isOn}}', true],
    ['{{typed Element.labels}}', { tier: 'gold' }],
    ['{{~typed Element.ports~}}', [80, 443]],
    ['{{typed (add Element.replicas 1)}}', 4],
    ['{{typed (index Element.ports 1)}}', 443],
    ['{{typed Element.ports.length}}', 2],
    ['{{Element.ports.[1]}}', '443'],
    ['{{Element.note}}', 'a: b'],
    ['x {{Element.note}}', 'x a: b'],
    ['{{toJson Element.labels}}', '{"tier":"gold"}'],
    ['{{#if Element.isOn}}on{{else}}off{{/if}}', 'on'],
    ['{{#each Element.ports}}{{#unless @first}},{{/unless}}{{this}}{{/each}}', '80,443'],
    ['{{#with Element}}{{name}}-{{../GeneratorSet.Name}}{{/with}}', 'web-set'],
    ['list:\n{{#each Element.ports}}\n- {{this}}\n{{/each}}\n', 'list:\n- 80\n- 443\n'],
    ['\\{{Element.name}}', '{{Element.name}}'],
    ['{{! nothing }}', ''],
    ['no template', 'no template'],
  ];
  for (const [leaf, value] of leaves) {
    it(`${JSON.stringify(leaf)} gives ${JSON.stringify(value)}`, () => {
      assert.deepEqual(renderData({ leaf }), { leaf: value });
    });
  }

  it('renders keys', () => {
    assert.deepEqual(renderData({ '{{Element.name}}-{{Element.replicas}}': 'x' }), { 'web-3': 'x' });
  });

  it('renders a text of several documents', () => {
    const text =
      '{{#each Element.ports as |port|}}\n---\n{apiVersion: v1, kind: ConfigMap, metadata: {name: "p{{port}}"}}\n{{/each}}\n';
    const resources = render({ set: createSet([{ text }]), elements: [generated(ELEMENT)] });
    assert.deepEqual(
      resources.map(({ resource }) => resource.metadata.name),
      ['p80', 'p443'],
    );
  });

  it('renders a content whose blocks span leaves as one text', () => {
    const content = configMap({ list: ['{{#each Element.ports}}', 'p{{this}}', '{{/each}}'] });
    const [rendered] = render({
      set: createSet([{ content }]),
      elements: [generated({ ...ELEMENT, ports: [1] })],
    });
    assert.ok(JSON.stringify(rendered?.resource['data']).includes('p1'));
  });

  it('tells what is wrong in a content whose blocks span leaves, and nothing of the blocks', () => {
    const content = configMap({ list: ['{{#each Element.ports}}', '{{nope this}}', '{{/each}}'] });
    assert.throws(() => checkTemplates({ set: createSet([{ content }]) }), {
      message: 'spec.templates[0].content.data.list[1]: function "nope" not defined (templates[0])',
    });
  });

  it('takes words of Go in text as text', () => {
    assert.deepEqual(renderData({ a: 'template "x" {{Element.name}}' }), { a: 'template "x" web' });
  });

  it('sees .Repeat, and tells what was read', () => {
    const template = { repeat: '{ .ports }', content: configMap({ p: '{{Repeat}}/{{RepeatIndex}}' }) };
    const named = { ...template, content: { ...template.content, metadata: { name: 'p{{Repeat}}' } } };
    const resources = render({ set: createSet([named]), elements: [generated(ELEMENT)] });
    assert.deepEqual(
      resources.map(({ resource }) => resource['data']),
      [{ p: '80/0' }, { p: '443/1' }],
    );
    assert.deepEqual(resources[0]?.reads(['data', 'p']), [{ path: '.Repeat', value: 80 }]);
  });

  it('never lets a value change the structure', () => {
    fc.assert(
      fc.property(fc.oneof(hostileStrings, fc.string({ unit: 'binary' })), (value) => {
        const data = renderData({ a: '{{Element.v}}', b: 'x {{Element.v}}y', c: 'end' }, { v: value });
        assert.deepEqual(data, { a: value.toWellFormed(), b: `x ${value.toWellFormed()}y`, c: 'end' });
      }),
    );
  });

  it('renders its other fields', () => {
    const set = createSet([]);
    const data = elementData(set, generated(ELEMENT));
    const path = ['spec', 'elementKey'];
    assert.equal(
      renderField('{{Element.name}}/{{GeneratorSet.Namespace}}', data, { set, path }),
      'web/flux-system',
    );
  });

  it('refuses other delimiters', () => {
    const set = createSet([], { 'generatorset.dev/delimiters': '[[,]]' });
    assert.throws(() => checkTemplates({ set }), {
      reason: 'InvalidDelimiters',
      message: 'spec.dialect: handlebars has no delimiters but {{ and }}: remove the delimiters annotation',
    });
    checkTemplates({ set: createSet([{ text: '{{a}}' }], { 'generatorset.dev/delimiters': '{{,}}' }) });
  });

  it('is checked with every field, and all faults are told with their places', () => {
    const text = [
      'spec:',
      '  dialect: handlebars',
      '  elementKey: "{{{Element.name}}}"',
      '  templates:',
      '    - content:',
      '        a: "é {{> part}}"',
      '        b: |',
      '          line',
      '            {{#each Element.ports}}{{/if}}',
      '        "{{c": x',
      '',
    ].join('\n');
    const [yaml = assert.fail()] = parseYamlDocuments(text);
    const source = createYamlSource('set.yaml', text, { yaml });
    const { set } = loadedSet('set', {
      dialect: 'handlebars',
      elementKey: '{{{Element.name}}}',
      templates: [
        { content: { a: 'é {{> part}}', b: 'line\n  {{#each Element.ports}}{{/if}}\n', '{{c': 'x' } },
      ],
    });
    assert.throws(
      () => checkTemplates({ set, source }),
      (error: Error) => {
        const places = error.message.split('\n').filter((line) => line.startsWith('set.yaml:'));
        assert.deepEqual(places, [
          'set.yaml:6:15: partials are refused: a template calls no other template (templates[0])',
          `set.yaml:9:16: "each" doesn't match "if" (templates[0])`,
          'set.yaml:10:12: unexpected "c" (templates[0])',
          'set.yaml:3:16: write {{Element.name}}: nothing is HTML-escaped here',
        ]);
        return true;
      },
    );
  });
});

describe('evaluateCase in the Handlebars dialect', () => {
  const cases: [string, object, object][] = [
    ['renders', { template: '{{#each x}}{{this}}{{/each}}', data: { x: ['a'] } }, { output: 'a' }],
    [
      'renders content',
      { content: { a: '{{typed x}}' }, data: { x: [true] }, funcs: 'generatorset' },
      { objects: [{ a: [true] }] },
    ],
    ['refuses a missing key', { template: '{{x}}', data: {} }, { phase: 'exec' }],
    ['lets a missing key be', { template: '{{x}}', data: {}, missingkey: 'zero' }, { output: '<no value>' }],
    ['prints as Go does', { template: '{{x}}', data: { x: 1e6 } }, { output: '1e+06' }],
    [
      'prints plain decimals',
      { template: '{{x}}', data: { x: 1e6 }, numbers: 'exact' },
      { output: '1000000' },
    ],
    ['tells parse errors', { template: '{{#if x}}' }, { phase: 'parse' }],
    ['refuses delimiters', { template: '', delims: ['<<', '>>'] }, { phase: 'parse' }],
  ];
  for (const [name, input, expected] of cases) {
    it(name, () => {
      const line = JSON.stringify({ dialect: 'handlebars', ...input });
      const { error, ...answer } = JSON.parse(evaluateCase(line));
      assert.deepEqual(answer, expected, String(error));
    });
  }

  it('refuses a dialect that it does not know', () => {
    const { error } = JSON.parse(evaluateCase('{"template": "", "dialect": "mustache"}'));
    assert.equal(error, 'dialect must be one of go, handlebars');
  });
});
