import assert from 'node:assert/strict';
import { assertErrors } from '../../test/harness/mistakes.ts';
import { sampleSet } from '../../test/harness/sample-sets.ts';
import { checkUsage } from './check-usage.ts';

const check = (usage: string) => checkUsage([{ name: 'limit', from: 'x', usage }]);

/** Usages that are right, or that only their elements can tell. */
const passed: readonly (readonly [title: string, usage: string])[] = [
  ['PromQL without an action', 'max(container_memory_working_set_bytes)'],
  ['a number', 'scalar(max(up))'],
  ['an action in a label', 'max(m{container="{{ .Element.metric.container }}"})'],
  ['actions in quotes of each kind', 'sum(m{a="{{ .A }}",b=\'x{{ .B }}\',c=~`{{ .C }}|y`})'],
  ['an action that has quotes', 'm{a="{{ index .Element.metric "a" }}"}'],
  ['an action behind an escaped quote', 'm{a="\\"{{ .A }}"}'],
  ['braces that are no action', 'm{a="{x}"}'],
  ['an action that is a name', 'max({{ .Element.metric.name }})'],
  ['an action that is a range', 'rate(m[{{ .Element.window }}])'],
  ['blocks', 'm{a="{{ if .Element.a }}x{{ else }}y{{ end }}"}'],
  ['blocks of Handlebars', 'm{a="{{#if Element.a}}"x{{/if}}"}'],
  ['an action that takes what stands before it', 'm{a="x {{- .A }}"}'],
  ['an action that does not end', 'm{a="{{ .A"}'],
];

/** Usages that are wrong for all elements: what is said, and at which line and column of the text. */
const refused: readonly (readonly [title: string, usage: string, message: RegExp, place: string])[] = [
  ['a bracket too many', 'max(m{a="{{ .A }}"}))', /^is no PromQL: unexpected "\)"/, '1:21'],
  ['a bracket too few', 'max(m{a="{{ .A }}"}', /^is no PromQL: .*ends too early/, '1:20'],
  ['a mistake on another line', 'max(\n  m{a="{{ .A }}"\n) by', /^is no PromQL/, '3:1'],
  ['a quote that does not end', 'm{a="{{ .A }}}', /^is no PromQL/, '1:5'],
  ['nothing', ' ', /^is empty/, '1:1'],
  ['samples over time', 'm{a="{{ .A }}"}[5m]', /^gives a range of samples, it must give one number/, '1:1'],
  ['a text', '"{{ .A }}"', /^gives a text/, '1:1'],
];

describe('checkUsage', () => {
  for (const [title, usage] of passed) {
    it(`finds nothing wrong with ${title}`, () => assert.deepEqual(check(usage), []));
  }

  for (const [title, usage, message, place] of refused) {
    it(`finds ${title}`, () => {
      const [problem, ...more] = check(usage);
      assert.deepEqual(more, []);
      assert.match(problem?.message ?? '', message);
      assert.deepEqual(problem?.path, ['spec', 'tune', 0, 'usage']);
      assert.equal(`${problem?.within?.line}:${problem?.within?.column}`, place);
    });
  }

  it('passes over what the schema refuses', () => {
    assert.deepEqual(checkUsage([5, null, {}, { usage: 5 }, { usage: ['('] }]), []);
  });

  it('names the place in the file', () => {
    const text = 'tune: [{name: a, from: x, usage: "max(up))"}]';
    assertErrors(sampleSet(text), ['5:44: spec.tune[0].usage: is no PromQL: unexpected ")"']);
  });

  it('leaves other delimiters alone', () => {
    const set = `metadata: {name: sample, annotations: {generatorset.dev/delimiters: "<<,>>"}}
spec:
  generators: [{list: {elements: []}}]
  tune: [{name: a, from: x, usage: 'm{a="<< index .Element "a" >>"}'}]
  templates: [{text: x}]
`;
    assertErrors(`apiVersion: generatorset.dev/v1alpha1\nkind: GeneratorSet\n${set}`, []);
  });
});
