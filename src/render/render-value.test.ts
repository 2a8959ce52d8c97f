import assert from 'node:assert/strict';
import type { JsonObject } from '../lib/json.ts';
import { createValueRenderer } from './render-value.ts';

const metadata = { name: 'set', namespace: 'apps' };
const { isTemplate, render } = createValueRenderer({ metadata, spec: {} });

describe('a value renderer', () => {
  const data: JsonObject = { Element: { host: 'a.example', n: 3, list: [1, 2], hostile: 'x: {y}\n- z "' } };
  const cases: readonly (readonly [title: string, value: JsonObject, rendered: JsonObject])[] = [
    [
      'renders texts at any depth',
      { a: [{ b: 'https://{{ .Element.host }}/' }] },
      { a: [{ b: 'https://a.example/' }] },
    ],
    ['renders keys', { '{{ .Element.host }}': 1 }, { 'a.example': 1 }],
    [
      'keeps what is no text',
      { a: 1, b: true, c: null, d: 9007199254740993n, e: {} },
      { a: 1, b: true, c: null, d: 9007199254740993n, e: {} },
    ],
    [
      'gives a typed leaf the type of its value',
      { n: '{{ .Element.n | typed }}', l: '{{ .Element.list | typed }}' },
      { n: 3, l: [1, 2] },
    ],
    ['gives a leaf that begins with an action a text', { n: '{{ .Element.n }}' }, { n: '3' }],
    ['keeps a hostile value one text', { a: 'x{{ .Element.hostile }}' }, { a: 'xx: {y}\n- z "' }],
    ['shows the set', { a: '{{ .GeneratorSet.Namespace }}/{{ .GitOpsSet.Name }}' }, { a: 'apps/set' }],
  ];
  for (const [title, value, rendered] of cases) {
    it(title, () => {
      const before = structuredClone([value, data]);
      assert.deepEqual(render(value, data), rendered);
      assert.deepEqual(render(value, data), rendered);
      assert.deepEqual([value, data], before);
    });
  }

  it('tells values with a template from others', () => {
    for (const value of ['{{ a', { 'x{{': 1 }, [[{ a: '{{' }]]]) assert.ok(isTemplate(value));
    for (const value of ['{ a }', { '{': 1 }, [], null, 1, 1n, true]) assert.ok(!isTemplate(value));
  });

  it("takes the set's delimiters, dialect and numbers", () => {
    const annotations = { 'generatorset.dev/delimiters': '<<,>>' };
    const own = createValueRenderer({ metadata: { ...metadata, annotations }, spec: { numbers: 'go' } });
    assert.ok(own.isTemplate('<< .Element.n >>') && !own.isTemplate('{{ .Element.n }}'));
    assert.deepEqual(own.render({ a: '{{ << .Element.n >>' }, { Element: { n: 1e6 } }), { a: '{{ 1e+06' });
    const handlebars = createValueRenderer({ metadata, spec: { dialect: 'handlebars' } });
    assert.deepEqual(handlebars.render({ a: '{{Element.n}}' }, { Element: { n: 1e6 } }), { a: '1000000' });
  });

  it("gives a value that is nobody else's", () => {
    const value = { fixed: { a: [1] }, b: '{{ .Element.n }}' };
    const rendered = render(value, data) as typeof value;
    rendered.fixed.a.push(2);
    assert.deepEqual(render(value, data)['fixed'], { a: [1] });
    assert.deepEqual(value.fixed, { a: [1] });
  });

  it('lets no template change the data', () => {
    const element = { n: 1 };
    const spec = { a: '{{ $_ := set .Element "n" 2 }}{{ .Element.n }}' };
    assert.deepEqual(render(spec, { Element: element }), { a: '2' });
    assert.deepEqual(element, { n: 1 });
  });

  it('stalls on what is no template, wherever it is', () => {
    assert.throws(() => render({ a: ['{{ .Element'] }, data), {
      reason: 'InvalidTemplate',
      message: /^a\[0\]: /,
    });
  });

  it('names every leaf that fails on this data, and is not stalled', () => {
    assert.throws(() => render({ a: '{{ .Element.x }}', b: '{{ .Element.y }}' }, data), {
      name: 'RenderError',
      message: /^a: .*"x".*\nb: .*"y"/,
    });
  });

  it('refuses functions that give another value at every render', () => {
    assert.throws(() => render({ a: '{{ uuidv4 }}' }, data), /uuidv4/);
  });

  it('reaches no prototype by a rendered key', () => {
    assert.throws(
      () => render({ '{{ .Element.k }}': 1 }, { Element: { k: '__proto__' } }),
      /__proto__.*refused/,
    );
  });
});
