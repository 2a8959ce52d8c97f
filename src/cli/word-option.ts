import { InvalidArgumentError, Option } from 'commander';

/** An option that takes one of some words, in any case, as the words are written here; shells complete it with them. */
export function wordOption(flags: string, description: string, words: readonly string[]): Option {
  return new Option(flags, description).choices(words).argParser((text: string) => findWord(text, words));
}

/** An option that takes some of the words, with commas between them. */
export function wordsOption(flags: string, description: string, words: readonly string[]): Option {
  const read = (text: string) => text.split(',').map((one) => findWord(one.trim(), words));
  return new Option(flags, description).choices(words).argParser(read);
}

function findWord(text: string, words: readonly string[]): string {
  const found = words.find((word) => word.toLowerCase() === text.toLowerCase());
  if (found === undefined) throw new InvalidArgumentError(`Allowed choices are ${words.join(', ')}.`);
  return found;
}
