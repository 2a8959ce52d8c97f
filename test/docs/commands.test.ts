import assert from 'node:assert/strict';
import type { Command } from 'commander';
import { createProgram } from '../../src/cli/program.ts';
import { COMMAND_CONTEXT } from '../harness/command-context.ts';
import { fencedBlocks, inlineCode, type Page, readPage, readPages, withoutFences } from './pages.ts';

const NAMES = /^(?:\$ )?(?:npx )?(?:generatorset|flux generatorset|kubectl generatorset) /;
const pages = readPages();
/** A row of a table names three of these flags by their ends. */
const LEASE = /^--leader-election-(?=renew|retry)/;
let program: Command;

/** Whole command lines of a page: in blocks, in code within the text, and in the first column of a table. */
function commandLinesOf(page: Page): string[] {
  const rest = withoutFences(page);
  const lines = [
    ...fencedBlocks(page).flatMap(({ text }) => text.replaceAll('\\\n', ' ').split('\n')),
    ...[...rest.matchAll(/^ {4,}(.*)$/gm)].map(([, line = '']) => line),
    ...[...rest.matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code),
  ];
  return lines.map((line) => line.trim()).filter((line) => NAMES.test(line));
}

/** The words of a command line: up to a pipe, a redirection, or the next command; a quoted text is one word. */
function wordsOf(line: string): string[] {
  const [own = ''] = line.replace(NAMES, '').split(/\s(?:[|>;#]|&&|->)/);
  return own.match(/'[^']*'|"[^"]*"|\S+/g) ?? [];
}

/** What is wrong with a command line; undefined where command and flags exist. */
function findFault(line: string): string | undefined {
  const words = wordsOf(line).map((word) => word.replace(/^\[|[\],]+$/g, ''));
  const [name = ''] = words;
  if (name.startsWith('-')) return unknownFlag(words, program, line);
  const command = program.commands.find((one) => one.name() === name || one.aliases().includes(name));
  return command ? unknownFlag(words.slice(1), command, line) : `${line}: there is no command ${name}`;
}

function unknownFlag(words: readonly string[], command: Command, line: string): string | undefined {
  const known = new Set(
    [...command.options, ...program.options]
      .flatMap(({ short, long }) => [short, long])
      .concat('-h', '--help'),
  );
  const flags = words.map((word) => word.replace(/=.*$/, '')).filter((word) => /^--?[a-z]/i.test(word));
  const unknown = flags.find((flag) => !known.has(flag));
  return unknown && `${line}: ${command.name()} has no flag ${unknown}`;
}

describe('command lines of the documentation', () => {
  before(async () => {
    program = await createProgram(COMMAND_CONTEXT);
  });

  for (const page of pages.filter((one) => commandLinesOf(one).length > 0)) {
    it(`name commands and flags that exist in ${page.path}`, () => {
      const faults = commandLinesOf(page).map(findFault);
      assert.deepEqual(
        faults.filter((fault) => fault !== undefined),
        [],
      );
    });
  }

  it('are found', () => {
    const lines = pages.flatMap(commandLinesOf);
    assert.ok(lines.length > 60, `${lines.length} command lines`);
  });

  it('are summed up in a table of README.md, which has every command in the order of the help', () => {
    const { text } = readPage('README.md');
    const table = text.slice(text.indexOf('\n## Commands\n')).split('\n## ')[1] ?? '';
    const cells = [...table.matchAll(/^\| (`.*?`) \| /gm)].map(([, cell = '']) => cell);
    const named = cells.flatMap((cell) => [...cell.matchAll(/`(\w+)/g)].map(([, name]) => name));
    const commands = program.commands.map((one) => one.name()).filter((name) => name !== 'help');
    assert.deepEqual(named, commands);
  });

  for (const [name, path] of [
    ['controller', 'docs/guides/controller.md'],
    ['backtest', 'docs/guides/backtest.md'],
    ['install', 'docs/guides/install.md'],
    ['test', 'docs/spec/v1alpha1/generatorset.md'],
  ] as const) {
    it(`has every flag of ${name} in ${path}`, () => {
      const command = program.commands.find((one) => one.name() === name);
      const own = command?.options.filter((option) => option.helpGroupHeading === undefined) ?? [];
      const code = inlineCode(readPage(path)).join(' ');
      assert.ok(own.length > 3);
      const named = new Set(code.match(/--?[a-z][-a-z]*/g));
      const missing = own.filter(
        ({ short = '', long = '' }) =>
          ![short, long, long.replace(LEASE, '-')].some((flag) => named.has(flag)),
      );
      assert.deepEqual(
        missing.map(({ long }) => long),
        [],
      );
    });
  }

  const wrong: readonly (readonly [line: string, fault: string | undefined])[] = [
    ['generatorset bild set.yaml', 'there is no command bild'],
    ['$ npx generatorset build --reply x set.yaml', 'build has no flag --reply'],
    ['generatorset build --replay=x set.yaml | kubectl apply -f - --prune', undefined],
    ['generatorset --version', undefined],
  ];
  for (const [line, fault] of wrong) {
    it(`${fault === undefined ? 'may be' : 'may not be'} ${line}`, () => {
      assert.equal(findFault(line)?.replace(/^.*: /, ''), fault);
    });
  }
});
