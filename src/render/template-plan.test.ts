import assert from 'node:assert/strict';
import type { JsonObject } from '../lib/json.ts';
import { checkTemplates } from './check-templates.ts';

const LEAF = 'typed works only as the end of a leaf\'s single action: "{{ ... | typed }}"';
const CALL = 'typed works only as a leaf\'s single call: "{{typed ...}}"';
const TEXT = 'typed has no effect here: only a value in content takes the type of its template';
const ONE_TEXT = 'typed has no effect here: templates that span several values make this content one text';

/** What is wrong with the templates of a set, a line for each. */
function problemsOf(spec: JsonObject): string[] {
  try {
    checkTemplates({ set: { metadata: { name: 'set', namespace: 'default' }, spec } });
  } catch (error) {
    return (error as Error).message.split('\n').map((line) => line.replace(/ \(templates\[0\]\)$/, ''));
  }
  return [];
}

const place = 'spec.templates[0].content';

describe('typed, in a template of a set,', () => {
  const contents: [why: string, content: JsonObject, ...problems: string[]][] = [
    ['stands at the end of leaves', { a: '{{ .x | typed }}', b: ['{{ typed .x }}'] }],
    [
      'is refused in the leaf that misuses it, and in no other',
      { a: '{{ .x | typed }}', b: 'x{{ .x | typed }}' },
      `${place}.b: ${LEAF}`,
    ],
    [
      'is refused beside other mistakes',
      { a: '{{ .x | typed }}', b: 'x{{ .x | typed }}', c: '{{ if }}' },
      `${place}.b: ${LEAF}`,
      `${place}.c: missing value for if`,
    ],
    ['is refused in a key', { '{{ .x | typed }}': 1 }, `${place}["{{ .x | typed }}"]: ${TEXT}`],
    [
      'is refused where the content is one text',
      { a: '{{ range .l }}', b: '{{ .x | typed }}', c: '{{ end }}' },
      `${place}.b: ${ONE_TEXT}`,
    ],
    [
      'is refused where leaves call the templates of others',
      { a: '{{ define "t" }}x{{ end }}', b: '{{ template "t" }}', c: '{{ .x | typed }}' },
      `${place}.c: ${ONE_TEXT}`,
    ],
  ];
  for (const [why, content, ...problems] of contents) {
    it(why, () => assert.deepEqual(problemsOf({ templates: [{ content }] }), problems));
  }

  const fields: [spec: JsonObject, path: string][] = [
    [{ templates: [{ text: 'a: {{ .x | typed }}' }] }, 'spec.templates[0].text'],
    [{ elementKey: '{{ .x | typed }}' }, 'spec.elementKey'],
    [{ target: { git: { filename: '{{ .x | typed }}' } } }, 'spec.target.git.filename'],
  ];
  for (const [spec, path] of fields) {
    it(`is refused in ${path}`, () => assert.deepEqual(problemsOf(spec), [`${path}: ${TEXT}`]));
  }

  const handlebars: [leaf: string, ...problems: string[]][] = [
    ['{{typed x}}'],
    ['  {{! why }}{{typed x}}'],
    ['{{typed x}}\n'],
    ['a{{typed x}}', `${place}.a: ${CALL}`],
    ['{{#if x}}{{typed x}}{{/if}}', `${place}.a: ${CALL}`],
    ['{{print (typed x)}}', `${place}.a: ${CALL}`],
    ['{{#each (typed x)}}{{/each}}', `${place}.a: ${CALL}`],
  ];
  for (const [a, ...problems] of handlebars) {
    it(`has the same rule in Handlebars: ${JSON.stringify(a)}`, () =>
      assert.deepEqual(problemsOf({ dialect: 'handlebars', templates: [{ content: { a } }] }), problems));
  }
});
