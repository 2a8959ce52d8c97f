import { access } from 'node:fs/promises';

/** What sets are read from: files and folders, and sets of the cluster by their names. */
export interface SetPlaces {
  readonly files: readonly string[];
  readonly names: readonly string[];
}

/** `gset/NAME` and the longer words for it, in any case, as kubectl takes them; names are those of Kubernetes. */
const REFERENCE = /^(?:gset|generatorsets?)(?:\.generatorset\.dev)?\//i;
const NAME = /^[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?$/;

/** Tells names of sets of the cluster from paths. A file or folder that has such a path comes first. */
export async function findReferences(words: readonly string[]): Promise<SetPlaces> {
  const places = await Promise.all(words.map(async (word) => ({ word, name: await nameOf(word) })));
  return {
    files: places.filter(({ name }) => name === undefined).map(({ word }) => word),
    names: places.flatMap(({ name }) => name ?? []),
  };
}

/** The name in `gset/NAME`; undefined for any other word. */
export function nameOfReference(word: string): string | undefined {
  const name = word.replace(REFERENCE, '');
  return name !== word && NAME.test(name) ? name : undefined;
}

async function nameOf(word: string): Promise<string | undefined> {
  const name = nameOfReference(word);
  return name === undefined || (await exists(word)) ? undefined : name;
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}
