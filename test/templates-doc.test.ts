import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { evaluateCase } from '../src/render/evaluate-case.ts';
import { withAmbient } from '../src/render/functions/ambient.ts';
import { functionsOf } from '../src/render/functions/profiles.ts';
import { MAX_CLOSE_TEXT, MAX_ITEMS, MAX_TEXT } from '../src/render/functions/size.ts';
import { compileTemplate } from '../src/render/template/compile-template.ts';
import { MAX_TOKENS } from '../src/render/template/lex.ts';
import { fillLimits, MAX_TEMPLATE_LENGTH } from '../src/render/template/limits.ts';
import { fixedAmbient } from './harness/ambient.ts';
import { runProgram } from './harness/run-program.ts';
import { useTemporaryFolder } from './harness/temporary-folder.ts';

const page = readFileSync(join(import.meta.dirname, '..', 'docs', 'templates.md'), 'utf8');

/** A row of the tables of functions: all names of one function, an example with the first, and its output. */
interface Row {
  readonly names: readonly string[];
  readonly example: string;
  readonly output: string;
}

const chapter = page.slice(page.indexOf('\n## Functions\n'));
const functions = chapter.slice(0, chapter.indexOf('\n## ', 1) + 1 || undefined);
const data = JSON.parse(/```json\n(.*)\n```/.exec(functions)?.[1] ?? '');
const rows = functions.split('\n').flatMap(readRow);

function readRow(line: string): Row[] {
  const cells = line.split(/(?<!\\)\|/).map((cell) => cell.replaceAll('\\|', '|').slice(1, -1));
  const [names, example, output] = [cells[1], cells[3], cells[4]];
  if (!names?.startsWith('`') || example === undefined || output === undefined) return [];
  return [{ names: names.split(', ').map(unquote), example: unquote(example), output: unquote(output) }];
}

function unquote(cell: string): string {
  return cell.startsWith('`') ? cell.slice(1, -1) : '';
}

function render(template: string): string {
  const options = { name: 'docs', functions: 'generatorset', allowNonDeterministic: true } as const;
  return withAmbient(fixedAmbient(), () => compileTemplate(template, options).render(structuredClone(data)));
}

/** The section with this heading. */
function section(heading: string): string {
  const start = page.indexOf(`\n## ${heading}\n`);
  return page.slice(start, page.indexOf('\n## ', start + 1));
}

/** A set whose template reads a key that its element lacks. */
const SET = `apiVersion: generatorset.dev/v1alpha1
kind: GeneratorSet
metadata:
  name: hpas
spec:
  generators:
    - list:
        elements:
          - {name: web, max: 5}
  templates:
    - content:
        apiVersion: autoscaling/v2
        kind: HorizontalPodAutoscaler
        metadata: {name: "{{ .Element.name }}"}
        spec:
          maxReplicas: "{{ .Element.maximum | typed }}"
`;

/** Functions that take a shorter text than others, as `.text`, and how long. */
const LONGEST_TEXTS: readonly (readonly [template: string, longest: number])[] = [
  ['{{ fromYaml .text }}', 65_536],
  ['{{ fromYamlArray .text }}', 65_536],
  ['{{ fromToml .text }}', 65_536],
  ['{{ urlParse .text }}', 65_536],
  ['{{ urlJoin (dict "path" .text) }}', 65_536],
  ['{{ fromJsonArray .text }}', 1024 ** 2],
  ['{{ date .text 0 }}', 10_000],
  ['{{ mustToDate "2006" .text }}', 10_000],
];

/** What the page says of leaves that GitOpsSets render otherwise; a key ends in a colon. */
const LEAVES: readonly (readonly [leaf: string, values: object, given: string | string[]])[] = [
  ['a{{ .text }}', { text: "'b: c\n---\n*" }, "a'b: c\n---\n*"],
  ['{{ toYaml .list }}', { list: ['a', 'b'] }, '- a\n- b'],
  ['${{ toYaml .list }}', { list: ['a', 'b'] }, ['a', 'b']],
  ['${{ .list }}', { list: ['a', 'b'] }, '[a b]'],
  ['${{ .text }}', { text: '[a, b]' }, '[a, b]'],
  ['k{{ .text }}:', { text: 'a ' }, 'ka '],
  ['${{ .text }}', { text: '.inf' }, '.inf'],
  ['${{ if .on }}!${{ .text }}${{ end }}', { on: true, text: 'x' }, 'an error'],
  ['${{ "" }}#${{ .text }}', { text: 'x' }, '#x'],
  ['${{ "" }}&${{ .text }}', { text: 'x' }, '&x'],
];

describe('docs/templates.md', () => {
  const folder = useTemporaryFolder();

  it('has one row for every function, and no other', () => {
    const named = rows.flatMap((row) => row.names).sort();
    assert.deepEqual(named, [...functionsOf('generatorset', 'exact').keys()].sort());
  });

  for (const { names, example, output } of rows) {
    it(`shows what ${names.join(', ')} gives`, () => {
      const [first = ''] = names;
      assert.match(example, new RegExp(`\\b${first}\\b`));
      for (const name of names) {
        const given = render(example.replaceAll(new RegExp(`\\b${first}\\b`, 'g'), name));
        const pattern = /^~(.*)~$/.exec(output)?.[1];
        if (pattern !== undefined) assert.match(given, new RegExp(pattern), name);
        else assert.equal(given.replaceAll('\n', '\\n'), output, name);
      }
    }).timeout(20_000);
  }

  it('shows actions that can be written', () => {
    const actions = [...section('The language').matchAll(/^\| `(\{\{.*\}\})` \|/gm)];
    assert.ok(actions.length > 12);
    for (const [, action = ''] of actions) compileTemplate(action.replaceAll('\\|', '|'), { name: 'docs' });
  });

  it('shows what numbers give in both modes', () => {
    const given = { ...data, big: 1481480 };
    const shown = section('Numbers').matchAll(/^\| `(\{\{.*)` \| (.*) \| (.*) \|$/gm);
    let count = 0;
    for (const [, template = '', exact = '', go = ''] of shown) {
      for (const [numbers, cell] of [
        ['exact', exact],
        ['go', go],
      ] as const) {
        const run = () => compileTemplate(template, { name: 'docs', numbers }).render(given);
        if (cell === 'an error') assert.throws(run, template);
        else assert.equal(run(), unquote(cell), template);
        count++;
      }
    }
    assert.equal(count, 8);
  });

  it('has the limits that hold', () => {
    const limits = section('Limits');
    const { milliseconds, iterations, depth } = fillLimits();
    const mebi = (size: number) => `${size / 1024 / 1024} Mi characters`;
    const shown = [
      `${milliseconds} ms`,
      iterations.toLocaleString('en-US'),
      `| ${depth} |`,
      mebi(MAX_TEXT),
      mebi(MAX_TEMPLATE_LENGTH),
      `${MAX_CLOSE_TEXT / 1024} Ki characters`,
      MAX_ITEMS.toLocaleString('en-US'),
      MAX_TOKENS.toLocaleString('en-US'),
    ];
    for (const text of shown) assert.ok(limits.includes(text), text);
  });

  for (const [template, longest] of LONGEST_TEXTS) {
    it(`says how long a text ${template} takes`, () => {
      const run = (length: number) => () =>
        compileTemplate(template, { name: 'docs' }).render({ text: 'a'.repeat(length) });
      const tooLong = new RegExp(`(larger|longer) than ${longest} characters`);
      assert.throws(run(longest + 1), tooLong);
      try {
        run(longest)();
      } catch (error) {
        assert.doesNotMatch((error as Error).message, tooLong);
      }
      const shown = longest === 1024 ** 2 ? '1 Mi characters' : longest.toLocaleString('en-US');
      const name = /\w+/.exec(template)?.[0] ?? '';
      const row = section('Limits')
        .split('\n')
        .find(
          (line) =>
            line.includes(shown) && (line.includes(`\`${name}\``) || line.includes('layout of a date')),
        );
      assert.ok(row, shown);
    });
  }

  for (const [leaf, values, given] of LEAVES) {
    it(`says what the leaf ${leaf} of ${JSON.stringify(values)} gives`, () => {
      const content = leaf.endsWith('}}:') ? { [leaf.slice(0, -1)]: '' } : { leaf };
      const delims = leaf.includes('${{') ? ['${{', '}}'] : ['{{', '}}'];
      const kase = {
        content,
        data: values,
        delims,
        funcs: 'generatorset',
        numbers: 'exact',
        missingkey: 'error',
      };
      const { objects, error } = JSON.parse(evaluateCase(JSON.stringify(kase)));
      const [entry = []] = Object.entries(objects?.[0] ?? {});
      assert.deepEqual(error === undefined ? entry[leaf.endsWith('}}:') ? 0 : 1] : 'an error', given, error);
    });
  }

  it('shows an error as the program prints it', async () => {
    const shown = /```\n(✗[^`]*)```/.exec(section('Errors'))?.[1] ?? '';
    await writeFile(join(folder.path, 'hpas.yaml'), SET);
    const { stdout, stderr } = await runProgram(['build', 'hpas.yaml'], { cwd: folder.path });
    assert.equal(`${stdout}${stderr}`, shown);
  }).timeout(60_000);
});
