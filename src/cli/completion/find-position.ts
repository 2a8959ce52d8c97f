import type { Command, Option } from 'commander';

/** What is to be completed at the end of a command line. */
export type Position =
  | { readonly kind: 'option'; readonly text: string }
  | { readonly kind: 'value'; readonly option: Option; readonly text: string }
  | { readonly kind: 'argument'; readonly index: number; readonly text: string };

/**
 * Finds out what the last of the words is, which is being written and may be empty; the words before it are read as
 * the command reads them. With `--option=text` the text alone is completed, as shells take it.
 */
export function findPosition(command: Command, words: readonly string[]): Position {
  const before = words.slice(0, -1);
  const text = words.at(-1) ?? '';
  let index = 0;
  let isLiteral = false;
  let waiting: Option | undefined;
  for (const word of before) {
    if (waiting) waiting = undefined;
    else if (isLiteral || !isFlag(word)) index++;
    else if (word === '--') isLiteral = true;
    else waiting = waitingOption(command, word);
  }
  if (waiting) return { kind: 'value', option: waiting, text };
  if (isLiteral || !text.startsWith('-')) return { kind: 'argument', index, text };
  const [, flag = '', value = ''] = /^(--[^=]+)=(.*)$/s.exec(text) ?? [];
  const option = findOption(command, flag);
  return option ? { kind: 'value', option, text: value } : { kind: 'option', text };
}

/** The options that help shows. */
export function visibleOptions(command: Command): readonly Option[] {
  return command.createHelp().visibleOptions(command);
}

/** A single dash is stdin. */
function isFlag(word: string): boolean {
  return word.startsWith('-') && word !== '-';
}

/** The option whose value is the next word. */
function waitingOption(command: Command, word: string): Option | undefined {
  if (word.startsWith('--') && word.includes('=')) return undefined;
  const option = findOption(command, word);
  return option?.required ? option : undefined;
}

function findOption(command: Command, flag: string): Option | undefined {
  return visibleOptions(command).find(({ short, long }) => flag !== '' && (flag === short || flag === long));
}
