import assert from 'node:assert/strict';
import { checkEmbeddedYaml } from './check-embedded-yaml.ts';
import { compileTemplate } from './template/compile-template.ts';

const PATCH = '- op: replace\n  path: /spec/memory\n  value: {{ .v }}Ki\n';
const MAP = 'name: {{ .v }}\nlist:\n  - {{ .v }}\n';

const check = (template: string, v: unknown) =>
  checkEmbeddedYaml(compileTemplate(template, { name: 't' }).renderPieces({ v }));

describe('checkEmbeddedYaml', () => {
  const fine: [string, string, unknown][] = [
    ['a number', PATCH, 360],
    ['a word', MAP, 'web-1'],
    ['words', MAP, 'two words, and a comma'],
    ['a URL', MAP, 'https://example.com/?a=b'],
    ['what toYaml writes', 'spec: {{ toYaml .v | nindent 2 }}\n', { a: { b: [1, 2] } }],
    ['a value that is quoted', 'name: {{ .v | toJson }}\n', 'x\n- y: {z}'],
    ['anything in a script', '#!/bin/sh\necho {{ .v }}\n', 'a: b\n- c'],
    ['values of several documents', `${MAP}---\n${PATCH}`, 'two words'],
    ['anything in prose', 'Dear {{ .v }},\nhello: world: again\n', 'x\ny: z'],
  ];
  for (const [what, template, value] of fine) it(`lets ${what} pass`, () => check(template, value));

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
    ['a quote without end', MAP, '"x'],
  ];
  for (const [what, template, value] of hostile) {
    it(`refuses a value that makes ${what}`, () => {
      assert.throws(() => check(template, value), /changes the structure of the YAML in this text/);
    });
  }
});
