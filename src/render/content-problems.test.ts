import assert from 'node:assert/strict';
import type { Element } from '../api/element.ts';
import { createYamlSource } from '../api/yaml-source.ts';
import { parseYamlDocuments } from '../lib/yaml.ts';
import { render } from './render.ts';
import type { TemplateSet } from './template-set.ts';

const HEAD = `metadata: {name: set, namespace: flux-system}
spec:
  templates:
  - content:
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: x}
`;

/** The errors of a file as `line:column reason | the file's text at that place`. */
function errorsOf(file: string, element: Element): string[] {
  const [yaml] = parseYamlDocuments(file);
  assert.ok(yaml);
  const source = createYamlSource('set.yaml', file, { yaml });
  const from = { element, index: 0, generator: 0, generatorName: 'list' };
  try {
    render({ set: yaml.value as unknown as TemplateSet, source, elements: [from] });
  } catch (error) {
    const lines = (error as Error).message.split('\n');
    return lines.flatMap((line, index) => {
      const [, row, column, reason] = /^set\.yaml:(\d+):(\d+): (.*?)(?: \(templates.*)?$/.exec(line) ?? [];
      if (row === undefined) return [];
      const [shown = '', caret = ''] = lines.slice(index + 1);
      const at = shown.slice(caret.indexOf('^')).slice(0, 8);
      const characters = [...(source.line(Number(row)) ?? '')];
      assert.ok(
        characters
          .slice(Number(column) - 1)
          .join('')
          .startsWith(at),
        line,
      );
      return [`${Number(row) - 7}:${column} ${reason} | ${at}`];
    });
  }
  return [];
}

const NO_X = 'map has no entry for key "x"';

describe('errors of a content', () => {
  const cases: { why: string; data: string; errors: string[] }[] = [
    {
      why: 'rendered leaf by leaf are told together',
      data: 'data:\n  a: "é {{ .Element.x }}"\n  b: {c: [\'it\'\'s {{ .Element.x.y }}\']}\n  "k-{{ .Element.x }}": 1',
      errors: [`2:20 ${NO_X} | .x }}"`, `3:29 ${NO_X} | .x.y }}'`, `4:17 ${NO_X} | .x }}": `],
    },
    {
      why: 'that do not parse are told together',
      data: 'data:\n  a: "{{ nope }}"\n  b: >-\n    folded\n    {{ if }}\n  c: |\n    one\n      {{ .a } }}',
      errors: [
        '2:10 function "nope" not defined | nope }}"',
        '5:11 missing value for if | }}',
        '8:13 unexpected "}" in operand | } }}',
      ],
    },
    {
      why: 'in which leaves belong together are at their leaf',
      data: 'data:\n  a: "{{ range .Element.list }}"\n  b: "\\u00e9\\t{{ .y }}"\n  c: "{{ end }}"',
      errors: ['3:18 map has no entry for key "y" | .y }}"'],
    },
    {
      why: 'in a block that belongs to others',
      data: 'data:\n  z: "{{ $v := .Element }}"\n  zz: |-\n      first\n        {{ $v.x }}',
      errors: [`5:14 ${NO_X} | .x }}`],
    },
    {
      why: 'in a key that belongs to others',
      data: 'data:\n  a: "{{ $v := .Element }}"\n  ? "b {{ $v.x }}"\n  : 1',
      errors: [`3:13 ${NO_X} | .x }}"`],
    },
    {
      why: 'in flow, in a file with CRLF',
      data: "data: {a: \"{{ $v := .Element }}\",\r\n  b: '{{ $v.n }} it''s\r\n  {{ $v.x }}'}",
      errors: [`3:8 ${NO_X} | .x }}'}`],
    },
    {
      why: 'behind an alias are at the alias',
      data: 'data:\n  a: &a "{{ .Element.x }}"\n  b: *a',
      errors: [`2:21 ${NO_X} | .x }}"`, `3:6 ${NO_X} | *a`],
    },
    {
      why: 'that the whole has are told with those of its leaves',
      data: 'data:\n  a: "{{ range .Element.list }}"\n  b: "{{ .n | nope }}"\n  c: "{{ end }}"\n  d: "{{ nope2 }}"',
      errors: ['3:15 function "nope" not defined | nope }}"', '5:10 function "nope2" not defined | nope2 }}'],
    },
    {
      why: 'behind characters of any width count them as one',
      data: 'data:\n  a: "😀日é {{ .Element.x }}"\n  b: |-\n    \t😀{{ .Element.x }}',
      errors: [`2:22 ${NO_X} | .x }}"`, `4:18 ${NO_X} | .x }}`],
    },
    {
      why: 'that no other leaf cures are those of the leaf',
      data: 'data:\n  a: "{{ range .Element.list }}"\n  b: "{{ .n }}"',
      errors: ['2:32 unexpected EOF | "'],
    },
  ];
  for (const { why, data, errors } of cases) {
    it(why, () => {
      const file = HEAD + data.replace(/^(?=.)/gm, '      ');
      const found = errorsOf(file, { list: [{ n: 1 }], n: 1 });
      const moved = found.map((line) =>
        line.replace(/^(\d+):(\d+)/, (_, row, column) => `${row}:${column - 6}`),
      );
      assert.deepEqual(moved, errors);
    });
  }
});
