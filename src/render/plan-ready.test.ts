import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readyTemplate, SAMPLE_TEMPLATE } from '../../test/harness/ready-templates.ts';
import { createSet, fromList } from '../../test/harness/template-sets.ts';
import type { Element } from '../api/element.ts';
import { createYamlSource } from '../api/yaml-source.ts';
import type { JsonObject } from '../lib/json.ts';
import { parseYamlDocuments } from '../lib/yaml.ts';
import { checkTemplates } from './check-templates.ts';
import { render } from './render.ts';
import type { Template, TemplateSet } from './template-set.ts';

const LIBRARY = 'templates/sample/template.yaml';

function use(values: JsonObject, more: Partial<Template> = {}): Template {
  return { from: 'sample', values, ready: readyTemplate(), ...more };
}

function renderOne(template: Template, element: Element, fields: Partial<TemplateSet['metadata']> = {}) {
  const [first] = render({ set: createSet([template], fields), elements: fromList([element]) });
  return first ?? assert.fail('nothing was rendered');
}

/** The set as a file, whose only template uses the sample. */
function renderFile(values: string, element: Element, text = SAMPLE_TEMPLATE): Error {
  const file = `metadata: {name: set, namespace: apps}\nspec:\n  templates:\n    - from: sample\n      values: ${values}\n`;
  const [yaml = assert.fail()] = parseYamlDocuments(file);
  const set = structuredClone(yaml.value) as unknown as TemplateSet;
  const [template = assert.fail()] = set.spec.templates ?? [];
  Object.assign(template, { ready: readyTemplate(text) });
  try {
    render({ set, source: createYamlSource('set.yaml', file, { yaml }), elements: fromList([element]) });
  } catch (error) {
    return error as Error;
  }
  return assert.fail('must throw');
}

describe('a ready-made template', () => {
  it('sees the values of the set, each rendered for the element, and defaults for the others', () => {
    const { resource } = renderOne(use({ name: '{{ .Element.n }}-x' }), { n: 'a', raw: 1 });
    assert.deepEqual(resource, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {
        name: 'a-x',
        namespace: 'flux-system',
        labels: { 'generatorset.dev/name': 'set', 'generatorset.dev/namespace': 'flux-system' },
      },
      data: { limit: '64Mi', set: 'set', raw: '1' },
    });
  });

  const typed: { title: string; labels: JsonObject[string]; expected: object }[] = [
    { title: 'a map that the set writes', labels: { a: 'b' }, expected: { a: 'b' } },
    { title: 'leaves within a map', labels: { a: '{{ .Element.raw }}' }, expected: { a: '1' } },
    { title: 'a map of the element', labels: '{{ .Element.labels | typed }}', expected: { c: 'd' } },
    { title: 'nothing, which leaves the default', labels: null, expected: {} },
    { title: 'keys that are templates', labels: { '{{ .Element.n }}': 'b' }, expected: { a: 'b' } },
  ];
  for (const { title, labels, expected } of typed) {
    it(`takes as a value ${title}`, () => {
      const element = { n: 'a', raw: 1, labels: { c: 'd' } };
      const { resource } = renderOne(use({ name: 'x', labels }), element);
      const {
        'generatorset.dev/name': _,
        'generatorset.dev/namespace': __,
        ...own
      } = resource.metadata.labels as JsonObject;
      assert.deepEqual(own, expected);
    });
  }

  it('is repeated as the set says, and its values see what it is repeated for', () => {
    const template = use({ name: '{{ .Repeat }}' }, { repeat: '{ .teams }' });
    const resources = render({
      set: createSet([template]),
      elements: fromList([{ teams: ['a', 'b'], raw: 1 }]),
    });
    assert.deepEqual(
      resources.map(({ resource }) => resource.metadata.name),
      ['a', 'b'],
    );
    assert.deepEqual(resources[1]?.reads(['metadata', 'name']), [{ path: '.Repeat', value: 'b' }]);
  });

  it('keeps its own delimiters, and the set its own', () => {
    const metadata = { annotations: { 'generatorset.dev/delimiters': '<<,>>' } };
    const { resource } = renderOne(use({ name: '<< .Element.n >>' }), { n: 'a', raw: 1 }, metadata);
    assert.equal(resource.metadata.name, 'a');
    assert.deepEqual(resource['data'], { limit: '64Mi', set: 'set', raw: '1' });
  });

  it('is Go, also where the values are Handlebars', () => {
    const set = createSet([use({ name: '{{#if Element.n}}{{Element.n}}{{/if}}' })]);
    const handlebars = { ...set, spec: { ...set.spec, dialect: 'handlebars' as const } };
    const [rendered] = render({ set: handlebars, elements: fromList([{ n: 'a', raw: 1 }]) });
    assert.equal(rendered?.resource.metadata.name, 'a');
    assert.deepEqual(rendered?.reads(['metadata', 'name']), [{ path: '.Element.n', value: 'a' }]);
  });

  it('may be several templates, which all see the values', () => {
    const entry = SAMPLE_TEMPLATE.slice(SAMPLE_TEMPLATE.indexOf('  - content'));
    const text = `${SAMPLE_TEMPLATE}${entry.replace('ConfigMap', 'Secret').replace('      data:', '      stringData:')}`;
    const set = createSet([use({ name: '{{ .Element.n }}' }, { ready: readyTemplate(text) })]);
    const resources = render({
      set,
      elements: fromList([
        { n: 'a', raw: 1 },
        { n: 'b', raw: 2 },
      ]),
    });
    assert.deepEqual(
      resources.map(({ resource, template }) => `${resource.kind} ${resource.metadata.name} ${template}`),
      ['ConfigMap a 0', 'Secret a 0', 'ConfigMap b 0', 'Secret b 0'],
    );
  });

  describe('as evidence,', () => {
    const element = { n: 'a', raw: 1, limit: '96Mi', value: 80, labels: { c: 'd' } };
    const values = {
      name: '{{ .Element.n }}',
      limit: '{{ .Element.limit }}',
      labels: '{{ .Element.labels | typed }}',
    };
    const cases: { path: (string | number)[]; values?: JsonObject; reads: string[] }[] = [
      { path: ['data', 'limit'], reads: ['.Element.limit=96Mi'] },
      { path: ['data', 'raw'], reads: ['.Element.raw=1'] },
      { path: ['data', 'set'], reads: [] },
      { path: ['metadata', 'name'], reads: ['.Element.n=a'] },
      { path: ['metadata', 'labels', 'c'], reads: ['.Element.labels.c=d'] },
      { path: ['data', 'limit'], values: { name: 'x' }, reads: [] },
      { path: ['data', 'limit'], values: { name: 'x', limit: '1Gi' }, reads: [] },
      {
        path: ['data', 'limit'],
        values: { name: 'x', limit: '{{ if gt .Element.value 1 }}{{ .Element.limit }}{{ end }}' },
        reads: ['.Element.value=80', '.Element.limit=96Mi'],
      },
    ];
    for (const { path, values: own = values, reads } of cases) {
      it(`${path.join('.')} with ${JSON.stringify(own)} read ${reads.join(', ') || 'nothing'}`, () => {
        const found = renderOne(use(own), element).reads(path);
        assert.deepEqual(
          found.map((read) => `${read.path}=${read.value}`),
          reads,
        );
        for (const read of found) assert.deepEqual(Object.keys(read), ['path', 'value']);
      });
    }

    it('a text tells what all of it read', () => {
      const text = `description: d\nvalues: {name: {description: d, required: true}}\ntemplates:\n  - text: |\n      apiVersion: v1\n      kind: Namespace\n      metadata: {name: "{{ .Values.name }}"}\n`;
      const template = use({ name: '{{ .Element.n }}' }, { ready: readyTemplate(text) });
      assert.deepEqual(renderOne(template, element).reads(['kind']), [{ path: '.Element.n', value: 'a' }]);
    });

    it('finds what values read that change a copy of the element', () => {
      const limit = '{{ $_ := set .Element "more" .Element.limit }}{{ .Element.more }}';
      const found = renderOne(use({ ...values, limit }), element).reads(['data', 'limit']);
      assert.deepEqual(found[0], { path: '.Element.limit', value: '96Mi' });
      assert.equal('more' in element, false);
    });
  });

  it('gives a value as it would stand in a content, and reads the same', () => {
    const text =
      'description: d\nvalues: {x: {description: d, required: true}}\ntemplates: [{content: {apiVersion: v1, kind: ConfigMap, metadata: {name: x}, data: "{{ .Values | typed }}"}}]\n';
    const leaves = [
      '{{ .Element.v }}',
      'a {{ .Element.v }} b',
      '{{ .Element.v | typed }}',
      '{{ .Element.v | toJson }}',
    ];
    const plain = fc.string().filter((text) => !text.includes('{{'));
    const leaf = fc.oneof(fc.constantFrom(...leaves), plain, fc.integer());
    const values = fc.oneof(leaf, fc.array(leaf), fc.dictionary(plain, leaf, { noNullPrototype: true }));
    fc.assert(
      fc.property(values, fc.jsonValue(), (x, v) => {
        fc.pre(!JSON.stringify(x).includes('__proto__') && !JSON.stringify(v).includes('__proto__'));
        const element = { v } as Element;
        const direct = renderOne(
          { content: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' }, data: { x } } },
          element,
        );
        const through = renderOne(use({ x }, { ready: readyTemplate(text) }), element);
        assert.deepEqual(through.resource, direct.resource);
        if (typeof x === 'string')
          assert.deepEqual(through.reads(['data', 'x']), direct.reads(['data', 'x']));
      }),
    );
  });

  it('keeps hostile values where they are', () => {
    const hostile = 'x"\n---\nkind: Secret\n{{ fail "x" }}';
    const { resource } = renderOne(use({ name: 'x', limit: '{{ .Element.limit }}' }), {
      limit: hostile,
      raw: 1,
    });
    assert.deepEqual(resource['data'], { limit: hostile, set: 'set', raw: '1' });
  });

  describe('when something fails,', () => {
    it('tells of a value its place in the set', () => {
      const { message } = renderFile('{name: "{{ .Element.nam }}"}', { name: 'a', raw: 1 });
      assert.match(
        message,
        /^set\.yaml:5:34: map has no entry for key "nam": did you mean "name"\? \(templates\[0\], element generators\[0\]\.list\[0\]\)\n/,
      );
      assert.equal(message.match(/set\.yaml/g)?.length, 1);
    });

    it('tells of the library the place there, and where the set uses it', () => {
      const { message, name } = renderFile('{name: a}', {});
      assert.equal(name, 'RenderError');
      const [first = '', line = '', caret = ''] = message.split('\n');
      assert.equal(
        first,
        `${LIBRARY}:16:26: map has no entry for key "raw" (used in set.yaml:4:13, templates[0], element generators[0].list[0])`,
      );
      assert.equal(line.trim(), 'raw: "{{ .Element.raw }}"');
      assert.equal(caret.indexOf('^'), 4 + 25);
    });

    it('tells of a resource that can be none the place in the library', () => {
      const { message } = renderFile('{name: "a/b"}', { raw: 1 });
      assert.match(message, /^templates\/sample\/template\.yaml:11:15: metadata\.name "a\/b" is no name/);
    });

    it('tells of two resources with one name the place in the set', () => {
      const set = createSet([use({ name: 'x' })]);
      assert.throws(() => render({ set, elements: fromList([{ raw: 1 }, { raw: 2 }]) }), {
        message: /^spec\.templates\[0\]\.values: ConfigMap\/flux-system\/x is rendered twice/,
      });
    });

    it('finds values that do not parse without any element, and tells them once', () => {
      const set = createSet([use({ name: '{{ if }}', limit: '{{ nofunction }}' })]);
      assert.throws(
        () => checkTemplates({ set }),
        (error: Error) => {
          assert.equal(error.name, 'ErrorList');
          assert.deepEqual(
            error.message.split('\n').map((line) => line.split(':')[0]),
            ['spec.templates[0].values.name', 'spec.templates[0].values.limit'],
          );
          return true;
        },
      );
    });

    it('tells of a library that does not parse', () => {
      const broken = readyTemplate(SAMPLE_TEMPLATE.replace('{{ .Values.limit }}', '{{ if }}'));
      assert.throws(() => checkTemplates({ set: createSet([use({ name: 'x' }, { ready: broken })]) }), {
        name: 'ErrorList',
        message: /^templates\/sample\/template\.yaml:14:\d+: missing value for if/,
      });
    });

    it('tells a wrong repeat once, with the place of who wrote it', () => {
      const set = createSet([use({ name: 'x' }, { repeat: '{ .a' })]);
      assert.throws(() => checkTemplates({ set }), { message: /^spec\.templates\[0\]\.repeat: / });
      const own = readyTemplate(`${SAMPLE_TEMPLATE}    repeat: "{ .a"\n`);
      const inLibrary = createSet([use({ name: 'x' }, { ready: own })]);
      assert.throws(() => checkTemplates({ set: inLibrary }), {
        message: /^templates\/sample\/template\.yaml:17:13: /,
      });
    });

    it('stalls where the library is not known', () => {
      const set = createSet([{ from: 'sample' }]);
      assert.throws(() => render({ set, elements: [] }), {
        name: 'ErrorList',
        message: /^spec\.templates\[0\]\.from: the ready-made template "sample" is not known here/,
      });
    });
  });
});
