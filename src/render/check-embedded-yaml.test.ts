import assert from 'node:assert/strict';
import fc from 'fast-check';
import { hostileStrings } from '../../test/conformance/content/yaml-inputs.ts';
import { parseYaml, resolvePlainScalar } from '../lib/yaml.ts';
import { createEmbeddedYamlCheck } from './check-embedded-yaml.ts';
import { compileTemplate } from './template/compile-template.ts';

const PATCH = '- op: replace\n  path: /spec/memory\n  value: {{ .v }}Ki\n';
const MAP = 'name: {{ .v }}\nlist:\n  - {{ .v }}\n';

const LINE = '[{"op": "replace", "path": "/spec/replicas", "value": {{ .v }}}]';
const QUOTED = '[{"op": "replace", "path": "/spec/name", "value": "{{ .v }}"}]';
const BLOCK = 'data:\n  script: |\n    run {{ .v }}\n    exit\nname: a\n';
const ESCAPED = '{"a": {{ toJson .s }}, "b": {{ .v }}}';
const REFUSAL = /changes the structure of the YAML in this text/;

const renderText = (template: string, data: object) => {
  const pieces = compileTemplate(template, { name: 't' }).renderPieces(data);
  createEmbeddedYamlCheck(!template.includes('\n'))(pieces);
  return pieces.map(({ text }) => text).join('');
};
const check = (template: string, v: unknown) => renderText(template, { v, s: '\x7f' });

describe('createEmbeddedYamlCheck', () => {
  const fine: [string, string, unknown][] = [
    ['a number', PATCH, 360],
    ['a word', MAP, 'web-1'],
    ['words', MAP, 'two words, and a comma'],
    ['a URL', MAP, 'https://example.com/?a=b'],
    ['a value with blanks around it', MAP, ' x\n'],
    ['no text', MAP, ''],
    ['what toYaml writes', 'spec: {{ toYaml .v | nindent 2 }}\n', { a: { b: [1, 2] } }],
    ['a value that toJson quotes', 'name: {{ .v | toJson }}\n', 'x\n- y: {z}'],
    ['a value that is quoted', 'name: {{ .v | quote }}\n', 'x\n- y: {z} "\\'],
    ['a quoted value in quotes', `name: '{"a": {{ .v | quote }}}'\n`, 'x "\\'],
    ['a quoted word as a key', '{{ .v | quote }}: 1\n', 'a: b'],
    ['lines of a block', BLOCK, 'x\n    - y: {z} # "'],
    ['anything in a script', '#!/bin/sh\necho {{ .v }}\n', 'a: b\n- c'],
    ['a number that JSON has not', 'a: .inf\nb: {{ .v }}\n', 'two words'],
    ['values of several documents', `${MAP}---\n${PATCH}`, 'two words'],
    ['anything in prose', 'Dear {{ .v }},\nhello: world: again\n', 'x\ny: z'],
    ['a number on one line', LINE, 3],
    ['words on one line', QUOTED, 'a, b: c # {d}'],
    ['what toJson writes on one line', '[{{ .v | toJson }}, {a: {{ .v | toJson }}}]', { a: [1] }],
    ['a list that is one value', '[{{ .v }}]', 'a, b'],
    ['a word in braces', '{{ print "{" .v "}" }}{ {{ .v }} }', 'a}, {b'],
    ['a query', '{app="{{ .v }}"}', 'x", level="y'],
    ['a line of prose', '[{{ .v }}] {{ .v }}: done', 'a, b'],
    ['a line with a colon', 'note: {{ .v }}', 'a: b'],
  ];
  for (const [what, template, value] of fine) it(`lets ${what} pass`, () => void check(template, value));

  const hostile: [string, string, unknown][] = [
    ['another operation', PATCH, '1Ki\n- op: add\n  path: /spec/hostNetwork\n  value: true #'],
    ['another key', MAP, 'x\nadmin: true'],
    ['a map', MAP, 'a: b'],
    ['a flow map', 'name: {{ .v }}\n', '{a: b}'],
    ['a flow list', 'name: {{ .v }}\n', '[a, b]'],
    ['another item', 'list: [{{ .v }}]\n', 'a, b'],
    ['another document', MAP, 'x\n---\nkind: Secret'],
    ['another document behind others', `${PATCH}---\n${MAP}`, 'x\n---\nkind: Secret'],
    ['another key of a second document', `${PATCH}---\n${MAP}`, 'x\nadmin: true'],
    ['nothing of a document', `a: 1\n---\n{{ .v }}: 1\n`, '#'],
    ['an alias', MAP, '*x'],
    ['an alias of an anchor', 'a: &x 1\nb: {{ .v }}\n', '*x'],
    ['an anchor', MAP, '&x y'],
    ['a tag', MAP, '!!str y'],
    ['a block', MAP, '|'],
    ['a quote without end', MAP, '"x'],
    ['a text in quotes', MAP, '"x"'],
    ['a number that JSON has not', MAP, '.nan'],
    ['a comment', MAP, '1 # c'],
    ['the end of a document', 'a: {{ .v }}\n', 'x\n---'],
    ['a text on two lines', 'a:\n  b: {{ .v }}\n', 'x\n    y'],
    ['a line break in quotes', 'a: "{{ .v }}"\n', 'x\n y'],
    ['an escape', 'a: "{{ .v }}"\n', 'C:\\temp'],
    ['the end of quotes', "a: '{{ .v }}'\nb: 1\n", "x' #"],
    ['an escaped quote', "a: '{{ .v }}'\n", "it''s"],
    ['a key behind a block', BLOCK, 'x\nadmin: true #'],
    ['a comment behind a block', BLOCK, 'x\n# y'],
    ['another path', '- {op: replace, path: "/spec/{{ .v }}", value: 1}\n', 'x", value: 999} #'],
    [
      'another operation before',
      '- {op: {{ .v }}, path: /x, value: 1}\n',
      'remove, path: /spec/y, value: 1} #',
    ],
    ['a key that is there already', 'admin: false\n{{ .v }}: true\n', 'admin'],
    ['a merge', 'a: &x {admin: true}\nb:\n  {{ .v }}: *x\n', '<<'],
    ['a merge of a map', MAP, 'x\n<<: {admin: true}'],
    ['a very long operation', PATCH, `1\n- op: ${'x'.repeat(5_000_000)}`],
    ['very many items', 'list: [{{ .v }}, 1]\n', 'x, '.repeat(200_000)],
    ...['\r', '\r\n', '\u0085', '\u2028', '\u2029'].map((end): [string, string, unknown] => [
      `another line behind ${JSON.stringify(end)}`,
      PATCH,
      `1Ki${end}- op: add #`,
    ]),
    ['an operation on one line', LINE, '3}, {"op": "add", "path": "/spec/hostNetwork", "value": true'],
    ['an operation out of quotes', QUOTED, 'x"}, {"op": "remove", "path": "/spec/y'],
    ['another value of the same key', QUOTED, 'x", "value": "y'],
    ['a comment on one line', LINE, '1}] #'],
    ['a map on one line', LINE, '{"a": 1}'],
    ['a line break on one line', QUOTED, 'x\n'],
    ['another key on one line', '{"spec": {"{{ .v }}": 1}}', 'a": 2, "b'],
    ['an item on one line', '["a", "{{ .v }}"]', 'b", "c'],
    ['another path on one line', '- {op: replace, path: /{{ .v }}, value: 1}', 'x, value: 999} #'],
    ['a key of a map on one line', 'spec: {replicas: {{ .v }}}', '1, paused: true'],
    ['a key behind a type', '{"a": !!int {{ .v }}}', '1, b: 2'],
    ['a key beside what YAML can not hold', ESCAPED, '1, "admin": true'],
  ];
  for (const [what, template, value] of hostile) {
    it(`refuses a value that makes ${what}`, () => {
      assert.throws(() => check(template, value), REFUSAL);
    });
  }

  it('keeps no opinion from one render to the next', () => {
    const guard = createEmbeddedYamlCheck(true);
    const program = compileTemplate('{{ if .b }}[{"a": {{ .v }}}]{{ else }}({{ .v }}){{ end }}', {
      name: 't',
    });
    const run = (data: object) => guard(program.renderPieces(data));
    run({ b: true, v: 1 });
    run({ b: false, v: '1, b: 2' });
    assert.throws(() => run({ b: true, v: '1, b: 2' }), REFUSAL);
    run({ b: true, v: 2 });
  });

  const templates: [string, (plain: () => unknown, text: string) => unknown][] = [
    [LINE, (plain) => [{ op: 'replace', path: '/spec/replicas', value: plain() }]],
    [QUOTED, (_, text) => [{ op: 'replace', path: '/spec/name', value: text }]],
    ["- {op: '{{ .v }}', path: /x}", (_, text) => [{ op: text, path: '/x' }]],
    ['- op: {{ .v }} # so\n  path: /x\n- a\n', (plain) => [{ op: plain(), path: '/x' }, 'a']],
    ['a:\n  b: {{ .v }}\n  c: "{{ .v }}"\nd: 1\n', (plain, text) => ({ a: { b: plain(), c: text }, d: 1 })],
    ['{{ .v | quote }}: {{ .v | quote }}\nd: 1\n', (_, text) => ({ [text]: text, d: 1 })],
  ];
  for (const [template, expected] of templates) {
    it(`changes only the scalars of values in ${JSON.stringify(template)}`, () => {
      fc.assert(
        fc.property(hostileStrings, (v) => {
          let text: string;
          try {
            text = renderText(template, { v });
          } catch (error) {
            assert.match((error as Error).message, REFUSAL);
            return;
          }
          assert.deepEqual(
            parseYaml(text),
            expected(() => readAlone(v), v),
          );
        }),
        { numRuns: 300 },
      );
    });
  }
});

/** A value as YAML reads it where it stands alone, without quotes. */
function readAlone(v: string): unknown {
  return resolvePlainScalar(v.replaceAll('\r\n', '\n').replace(/^[ \t\n]+|[ \t\n]+$/g, ''));
}
