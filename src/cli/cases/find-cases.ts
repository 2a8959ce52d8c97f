import { realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { findYamlFiles } from '../../clients/files/find-files.ts';
import { looksLikeSet } from '../../clients/files/read-set-files.ts';
import { readTextFile } from '../../clients/files/read-text.ts';
import { ELEMENTS_FILE, EXPECTED_FILE, TEMPLATE_FILE, type TestCase } from './test-case.ts';

/** Where a set is looked for that has no `expected.yaml` yet. */
const SET_FILE = 'generatorset.yaml';

interface FindOptions {
  /** Whether `expected.yaml` may be missing, since it is about to be written. */
  readonly update: boolean;
  readonly signal: AbortSignal;
}

/**
 * The cases in the folders and below, in the order of their paths: folders with `expected.yaml` and a GeneratorSet, or
 * with `expected.yaml` beside `template.yaml` and `elements.yaml`. Throws an Error for a folder that cannot be read.
 */
export async function findCases(folders: readonly string[], options: FindOptions): Promise<TestCase[]> {
  const cases: TestCase[] = [];
  const seen = new Set<string>();
  for (const folder of folders) {
    const files = await listFiles(folder, options.signal);
    for (const [inner, names] of Map.groupBy(files, dirname)) {
      const real = await realpath(inner);
      if (seen.has(real)) continue;
      seen.add(real);
      const found = await readCase(
        inner,
        names.map((name) => basename(name)),
        options,
      );
      if (found) cases.push(found);
    }
  }
  return cases.sort((one, other) => (one.folder < other.folder ? -1 : 1));
}

async function listFiles(folder: string, signal: AbortSignal): Promise<string[]> {
  try {
    return await findYamlFiles(folder, signal);
  } catch (error) {
    signal.throwIfAborted();
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new Error(`${folder}: no such folder`, { cause: error });
    if (code === 'ENOTDIR')
      throw new Error(`${folder} is no folder; name the one it is in`, { cause: error });
    throw new Error(`${folder}: ${message}`, { cause: error });
  }
}

async function readCase(
  folder: string,
  names: readonly string[],
  { update, signal }: FindOptions,
): Promise<TestCase | undefined> {
  const has = (name: string) => names.includes(name);
  const isExpected = has(EXPECTED_FILE);
  if (has(TEMPLATE_FILE) && has(ELEMENTS_FILE))
    return isExpected || update ? { folder, kind: 'template', files: [] } : undefined;
  if (!isExpected && !(update && has(SET_FILE))) return undefined;
  const files: string[] = [];
  for (const name of names.filter((name) => name !== EXPECTED_FILE)) {
    const file = join(folder, name);
    if (looksLikeSet(await readTextFile(file, signal))) files.push(file);
  }
  // Other tools have files of this name too.
  return files.length > 0 ? { folder, kind: 'set', files } : undefined;
}
