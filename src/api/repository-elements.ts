import { parseDataFile } from '../lib/data-file.ts';
import { compileGlob } from '../lib/glob.ts';
import { isObject } from '../lib/json.ts';
import type { Element } from './element.ts';
import { StalledError } from './errors.ts';
import { readInTurn } from './read-in-turn.ts';
import type { FileTree } from './readers.ts';

/** What is wanted of a repository: files, or else directories. */
export interface RepositorySelection {
  readonly files?: readonly { readonly path: string }[] | undefined;
  readonly directories?: readonly DirectoryPattern[] | undefined;
}

interface DirectoryPattern {
  readonly path: string;
  readonly exclude?: boolean | undefined;
}

/**
 * The elements of files, in the order of the spec, or of directories. A file that is missing and a pattern without a
 * match are errors: it is more likely that the repository changed than that nothing is wanted.
 */
export async function readRepositoryElements(
  { files, directories = [] }: RepositorySelection,
  tree: FileTree,
  signal: AbortSignal,
): Promise<Element[]> {
  if (!files) return readDirectories(directories, tree, signal);
  const paths = files.map(({ path }) => cleanPath(path));
  const contents = await tree.read([...new Set(paths)], signal);
  const elements = await readInTurn(paths, (path) => [readElement(path, contents.get(path))], signal);
  return elements.flat();
}

/** Each directory once, in the order of the patterns and sorted within each. */
async function readDirectories(
  patterns: readonly DirectoryPattern[],
  tree: FileTree,
  signal: AbortSignal,
): Promise<Element[]> {
  const included = patterns.filter(({ exclude }) => !exclude).map(compilePattern);
  const excluded = patterns.filter(({ exclude }) => exclude).map(compilePattern);
  const entries = await tree.list(signal);
  const directories = entries.filter(({ type }) => type === 'directory').map(({ path }) => path);
  const selected = new Set<string>();
  for (const { text, matches } of included) {
    const found = directories.filter(matches);
    if (found.length === 0) throw new Error(`no directory matches ${JSON.stringify(text)}`);
    const left = found.filter((path) => !excluded.some((pattern) => pattern.matches(path)));
    if (left.length === 0)
      throw new Error(`exclude leaves out every directory that matches ${JSON.stringify(text)}`);
    for (const path of left) selected.add(path);
  }
  return [...selected].map((path) => ({ Directory: `./${path}`, Base: path.split('/').at(-1) as string }));
}

/** Go's wildcards take names that begin with a dot as any other, and have no `**`. */
function compilePattern({ path }: DirectoryPattern): { text: string; matches: (path: string) => boolean } {
  const text = cleanPath(path);
  try {
    const isMatch = compileGlob(text, { dot: true, globstar: false });
    return { text, matches: (directory) => directory === text || isMatch(directory) };
  } catch (error) {
    throw new StalledError('InvalidGlob', (error as Error).message, { cause: error });
  }
}

/** A path from the repository's root, however it begins, as Go's filepath.Join makes it; never out of it. */
function cleanPath(text: string): string {
  const names = text.split('/').filter((name) => name !== '' && name !== '.');
  if (names.length > 0 && !names.includes('..') && !text.includes('\0')) return names.join('/');
  throw new StalledError(
    'InvalidPath',
    `path ${JSON.stringify(text)} must be one below the repository's root`,
  );
}

function readElement(path: string, content: Buffer | undefined): Element {
  if (!content) throw new Error(`file ${JSON.stringify(path)} was not read`);
  const value = parseDataFile(path, content);
  if (isObject(value)) return value;
  throw new Error(`file ${JSON.stringify(path)} does not hold one object`);
}
