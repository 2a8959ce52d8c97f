import assert from 'node:assert/strict';
import { processorTime } from '../../test/harness/processor-time.ts';
import { readYaml } from './read-yaml.ts';

/** The mistakes of lines that stand in a map in the second line and below, as `line:column reason`. */
function mistakesOf(...lines: string[]): string[] {
  const text = ['spec:', ...lines.map((line) => `  ${line}`), 'end: 1', ''].join('\n');
  const read = readYaml(text, {});
  return 'mistakes' in read
    ? read.mistakes.map(({ line, column, reason }) => `${line}:${column} ${reason}`)
    : [];
}

describe('readYaml', () => {
  const inDouble = 'quote the template: "{{ ... }}"';
  const inSingle = "quote the template: '{{ ... }}', for it holds double quotes";
  const whole = 'quote the whole value: "{{ ... }}..."';
  const alone = 'a template is no line of YAML: write it in a value, or the whole template as "text: |"';
  const block =
    'write the template as a block of text, in the lines below "|": it holds both kinds of quotes';
  const cases: [line: string, ...mistakes: string[]][] = [
    ['name: {{ .Element.name }}', `2:9 ${inDouble}`],
    ['name: {{ .Element.name }}-x', `2:9 ${whole}`],
    ['name: {{ .a }}, {{ .b }}', `2:9 ${inDouble}`],
    ['name: "{{ .Element.name }}"-x', `2:10 ${whole}`],
    ['name: "{{ printf "%s" .x }}"', `2:10 ${inSingle}`],
    ['name: {{ printf "%s" .x }}', `2:9 ${inSingle}`],
    [`name: {{ printf "%s" 'x' }}`, `2:9 ${block}`],
    ["name: '{{ printf 'x' }}'", `2:10 ${inDouble}`],
    ['name: {{- .x -}}', `2:9 ${inDouble}`],
    ['name: {{ .x | default `a` }} # why', `2:9 ${inDouble}`],
    ['name: {{#if x}}a{{/if}}', `2:9 ${inDouble}`],
    ['name: {{ .x', `2:9 ${inDouble}`],
    ['é😀: {{ .x }}', `2:7 ${inDouble}`],
    ['{{ .x }}: y', `2:3 ${inDouble}`],
    ['list: [{{ .x }}, b]', `2:10 ${inDouble}`],
    ['map: {a: {{ .x }}}', `2:12 ${inDouble}`],
    ['name: {{ .x }}\r', `2:9 ${inDouble}`],
    ['{{- range .x }}', `2:3 ${alone}`],
    ['name: "{{ .x }}"'],
    ['name: x-{{ .x }}'],
    ['name: ${{ .x }}'],
  ];
  for (const [line, ...mistakes] of cases) {
    it(`says of ${JSON.stringify(line)}: ${mistakes[0] ?? 'nothing'}`, () =>
      assert.deepEqual(mistakesOf(line), mistakes));
  }

  it('names all of them at once, in their order, and what else is wrong', () => {
    const lines = ['a: {{ .x }}', 'b: {{ .y }}-x', 'c: "{{ printf "%s" .z }}"', 'd: "{{ .x }}"', 'b: 1'];
    assert.deepEqual(mistakesOf(...lines), [
      `2:6 ${inDouble}`,
      `3:6 ${whole}`,
      `4:7 ${inSingle}`,
      '6:3 duplicate key "b"',
    ]);
  });

  it('finds them where YAML only fails in the line below', () => {
    assert.deepEqual(mistakesOf('l:', '- {{ .x }}', '- {{ .y }}', '- z'), [
      `3:5 ${inDouble}`,
      `4:5 ${inDouble}`,
    ]);
  });

  it('takes two keys that are templates for different ones', () => {
    assert.deepEqual(mistakesOf('{{ .x }}: 1', '{{ .y }}: 1'), [`2:3 ${inDouble}`, `3:3 ${inDouble}`]);
  });

  const others: [why: string, lines: string[], mistake: string][] = [
    ['a quoted template beside', ['a: "{{ .x }}"', 'a: "{{ .y }}"'], '3:3 duplicate key "a"'],
    [
      'a block of text before',
      ['a: |', '  {{ .x }}', ' b: 1'],
      '4:2 all mapping items must start at the same column',
    ],
    ['no template at all', ['a: "b"c'], '2:9 unexpected scalar at node end'],
  ];
  for (const [why, lines, mistake] of others) {
    it(`says nothing of templates where something else is wrong, with ${why}`, () => {
      const [first = '', ...rest] = mistakesOf(...lines);
      assert.deepEqual(rest, []);
      assert.equal(first.replace(/^\d+:\d+ /, ''), mistake.replace(/^\d+:\d+ /, ''));
    });
  }

  it('shows the line as it stands', () => {
    const read = readYaml('a: 1\r\nb: {{ .x }}\r\n', {});
    assert.deepEqual('mistakes' in read && read.mistakes.map(({ text }) => text), ['b: {{ .x }}']);
  });

  it('names no more than some, and ends soon', () => {
    const start = processorTime();
    const hostile = [
      'a: {{ .x }}',
      `a: ${'{{'.repeat(200_000)}`,
      `{{${'{{}} '.repeat(500)}x`,
      ':  {{'.repeat(50_000),
    ];
    for (const line of hostile) {
      const mistakes = mistakesOf(...Array.from({ length: line.length < 100 ? 3000 : 1 }, () => line));
      assert.ok(mistakes.length > 0 && mistakes.length <= 21);
    }
    assert.ok(processorTime() - start < 4000);
  });
});
