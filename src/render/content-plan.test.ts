import assert from 'node:assert/strict';
import { processorTime } from '../../test/harness/processor-time.ts';
import type { JsonObject } from '../lib/json.ts';
import { createLeafFinder, planContent, renderPlan } from './content-plan.ts';

const OPTIONS = { name: 't', delimiters: ['{{', '}}'] } as const;

function fail(error: unknown): never {
  throw error;
}

function plan(content: JsonObject) {
  return planContent(content, OPTIONS, fail);
}

describe('createLeafFinder', () => {
  const content = {
    'k-{{ .v }}': '{{ .v }}1',
    list: ['x', '{{ .v }}2', { a: '{{ .v }}3' }],
    '{{ .v }}': { b: '{{ .v | typed }}' },
    fixed: 'x',
  };
  const cases: { path: (string | number)[]; gives: unknown }[] = [
    { path: ['k-a'], gives: 'a1' },
    { path: ['list', 1], gives: 'a2' },
    { path: ['list', 2, 'a'], gives: 'a3' },
    { path: ['a', 'b'], gives: 'a' },
    { path: ['a', 'b', 'deeper', 0], gives: 'a' },
    { path: ['fixed'], gives: undefined },
    { path: ['k-{{ .v }}'], gives: undefined },
    { path: ['list', 0], gives: undefined },
    { path: ['list', 'a'], gives: undefined },
    { path: ['list', 7, 'a'], gives: undefined },
    { path: ['constructor'], gives: undefined },
    { path: [], gives: undefined },
  ];
  for (const { path, gives } of cases) {
    it(`${gives === undefined ? 'finds no leaf' : `finds the leaf of ${gives}`} at ${JSON.stringify(path)}`, () => {
      const leaf = createLeafFinder(plan(content), { v: 'a' })(path);
      assert.equal(leaf?.({ v: 'a' }), gives);
    });
  }

  it('renders thousands of keys once for all leaves', () => {
    const names = Array.from({ length: 3000 }, (_, n) => n);
    const large = plan(Object.fromEntries(names.map((n) => [`k${n}-{{ .v }}`, '{{ .v }}'])));
    const find = createLeafFinder(large, { v: 'a' });
    const started = processorTime();
    for (const n of names) assert.ok(find([`k${n}-a`]));
    assert.ok(processorTime() - started < 2000);
  });
});

describe('a block of a content', () => {
  const m = { a: 1, b: [2] };
  const cases: { why: string; content: JsonObject; text: string }[] = [
    {
      why: 'counts the indentation that the whole YAML gives it',
      content: { data: { x: 'm:\n{{- toYaml .m | nindent 6 }}\n' } },
      text: 'm:\n  a: 1\n  b:\n  - 2\n',
    },
    {
      why: 'is deeper in a list of maps',
      content: { spec: { list: [{ x: 'm:\n{{- toYaml .m | nindent 8 }}\n' }] } },
      text: 'm:\n  a: 1\n  b:\n  - 2\n',
    },
    {
      why: 'keeps a smaller indentation, which is its own',
      content: { data: { x: 'm:\n{{- toYaml .m | nindent 2 }}\n' } },
      text: 'm:\n  a: 1\n  b:\n  - 2\n',
    },
    {
      why: 'keeps the lines of a value as they are',
      content: { data: { x: 'm:\n{{ .s }}\n' } },
      text: 'm:\n      a\n      b\n',
    },
  ];
  for (const { why, content, text } of cases) {
    it(why, () => {
      const rendered = renderPlan(plan(content), { m, s: '      a\n      b' }, fail);
      assert.ok(JSON.stringify(rendered).includes(JSON.stringify(text)), JSON.stringify(rendered));
    });
  }
});

describe('lines of a content that are YAML themselves', () => {
  const whys: { why: string; text: string }[] = [
    { why: 'as a block', text: 'a: {{ .v }}\nb: 1\n' },
    { why: 'in quotes, for a blank at the end of a line', text: 'a: {{ .v }} \nb: 1\n' },
    { why: 'in quotes, for a tab', text: 'a: {{ .v }}\nb:\t1\n' },
    { why: 'in quotes, for an emoji', text: 'a: {{ .v }}\nb: 😀\n' },
    { why: 'in quotes, for a carriage return', text: 'a: {{ .v }}\r\nb: 1\r\n' },
  ];
  for (const { why, text } of whys) {
    it(`keep their structure, written ${why}`, () => {
      const content = plan({ data: { x: text } });
      assert.deepEqual(renderPlan(content, { v: 'two words' }, fail), {
        data: { x: text.replace('{{ .v }}', 'two words') },
      });
      assert.throws(
        () => renderPlan(content, { v: 'x\nadmin: true' }, fail),
        /changes the structure of the YAML/,
      );
    });
  }
});
