import assert from 'node:assert/strict';
import { checkTemplates } from './check-templates.ts';
import { elementData, renderField } from './render-field.ts';
import type { Template, TemplateSet } from './template-set.ts';

function createSet(templates: Template[] = [], annotations: Record<string, string> = {}): TemplateSet {
  return { metadata: { name: 'set', namespace: 'ns', annotations }, spec: { templates } };
}

const path = ['spec', 'elementKey'];
const from = { element: { name: 'a', n: 1_000_000 }, index: 2, generator: 0, generatorName: 'list' };

describe('renderField', () => {
  const set = createSet();
  const cases = [
    { text: '{{ .Element.name }}', output: 'a' },
    { text: '{{ .Element.n }}', output: '1000000' },
    { text: '{{ .ElementIndex }}', output: '2' },
    { text: '{{ .GeneratorSet.Namespace }}/{{ .GitOpsSet.Name }}', output: 'ns/set' },
    { text: 'static', output: 'static' },
  ];
  for (const { text, output } of cases) {
    it(`${text} gives ${output}`, () => {
      assert.equal(renderField(text, elementData(set, from), { set, path }), output);
    });
  }

  it('takes the delimiters of the set', () => {
    const dollar = createSet([], { 'sets.gitops.pro/delimiters': '${{,}}' });
    const text = '${{ .Element.name }}-{{ .x }}';
    assert.equal(renderField(text, elementData(dollar, from), { set: dollar, path }), 'a-{{ .x }}');
  });

  it('prints numbers as Go does when asked', () => {
    const go = { ...set, spec: { numbers: 'go' as const } };
    assert.equal(renderField('{{ .Element.n }}', elementData(go, from), { set: go, path }), '1e+06');
  });

  it('says where it fails: stalled when it does not parse, else not', () => {
    const data = elementData(set, from);
    assert.throws(() => renderField('{{ .Element.x }}', data, { set, path }), {
      name: 'RenderError',
      message: 'spec.elementKey: map has no entry for key "x"',
    });
    assert.throws(() => renderField('{{ if }}', data, { set, path }), {
      name: 'ErrorList',
      reason: 'InvalidTemplate',
      message: 'spec.elementKey: missing value for if',
    });
  });

  it('sees .Repeat only in a repeat', () => {
    const data = elementData(set, from, { value: 'r', index: 1 });
    assert.equal(renderField('{{ .Repeat }}{{ .RepeatIndex }}', data, { set, path }), 'r1');
    assert.throws(() => renderField('{{ .Repeat }}', elementData(set, from), { set, path }), {
      name: 'RenderError',
    });
  });
});

describe('checkTemplates', () => {
  it('accepts templates that parse, whatever their data', () => {
    const content = { a: '{{ .Element.x }}', b: ['{{ range .Element.l }}', '{{ end }}'] };
    checkTemplates({ set: createSet([{ content }, { text: '{{ .y }}', repeat: '{ .z }' }]) });
  });

  it('reports every template that does not', () => {
    const set = createSet([
      { content: { a: '{{ if }}', '{{ end }}': 1, c: '{{ nofunction }}' } },
      { text: '{{', repeat: '{ .z' },
    ]);
    const tune = [{ from: '{{ .Element.value }}' }, { from: '{{ end }}', usage: 'up{{' }];
    const spec = { ...set.spec, elementKey: '{{ }}', tune, target: { git: { filename: '{{ else }}' } } };
    try {
      checkTemplates({ set: { ...set, spec } });
      assert.fail('must throw');
    } catch (error) {
      const lines = (error as Error).message.split('\n').map((line) => line.replace(/: .*/, ''));
      assert.deepEqual(lines, [
        'spec.templates[0].content.a',
        'spec.templates[0].content["{{ end }}"]',
        'spec.templates[0].content.c',
        'spec.templates[1].repeat',
        'spec.templates[1].text',
        'spec.elementKey',
        'spec.tune[1].from',
        'spec.tune[1].usage',
        'spec.target.git.filename',
      ]);
      assert.equal((error as Error).name, 'ErrorList');
    }
  });

  it('refuses delimiters that are none', () => {
    assert.throws(() => checkTemplates({ set: createSet([], { 'generatorset.dev/delimiters': ',' }) }), {
      reason: 'InvalidDelimiters',
    });
  });
});
