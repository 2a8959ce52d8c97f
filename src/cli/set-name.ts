import { InvalidArgumentError } from 'commander';
import { NAME_PATTERN } from '../api/patterns.ts';
import { nameOfReference } from './set-reference.ts';

/** Reads the name of a set: as it is, or as `gset/NAME`, which other commands and kubectl want. */
export function parseSetName(word: string): string {
  const name = nameOfReference(word) ?? word;
  if (name.length <= 253 && new RegExp(NAME_PATTERN).test(name)) return name;
  throw new InvalidArgumentError('It must be the name of a GeneratorSet.');
}

/** Reads one name more, for arguments that take several. */
export function parseSetNames(word: string, before: readonly string[] = []): readonly string[] {
  return [...before, parseSetName(word)];
}
