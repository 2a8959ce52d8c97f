import { realpath, stat } from 'node:fs/promises';
import { StalledError } from '../../api/errors.ts';
import {
  type LoadedSet,
  type ReadSets,
  readGeneratorSets,
  refuseDuplicateSets,
} from '../../api/read-sets.ts';
import type { ValidateSet } from '../../api/validate-set.ts';
import type { Logger } from '../../lib/logger.ts';
import { findYamlFiles } from './find-files.ts';
import { readText, readTextFile } from './read-text.ts';

/** The reason of a file that cannot be read or holds no set. */
const FILE_FAILED = 'FileFailed';

/** The name of standard input on a command line. */
const STDIN = '-';
const MAX_SETS = 10_000;

/** What a file looks like that means to hold a set, even when its YAML is broken. */
const LOOKS_LIKE_SET =
  /\bkind["']?\s*:\s*["']?(?:GeneratorSet|GitOpsSet)|\bapiVersion["']?\s*:\s*["']?generatorset\.dev\//;

/** Whether a text means to hold a set. */
export function looksLikeSet(text: string): boolean {
  return LOOKS_LIKE_SET.test(text);
}

interface ReadFilesOptions {
  readonly validate: ValidateSet;
  readonly signal: AbortSignal;
  readonly log: Logger;
  /** What `-` reads. */
  readonly stdin?: AsyncIterable<Uint8Array | string>;
}

/**
 * Reads the GeneratorSets of files, of all YAML and JSON files in folders, and of standard input (`-`). A file
 * that is named must hold a set; in a folder, files that hold none are passed over, and so are those that
 * are no YAML and do not look like one. Sets without a mistake stand beside the errors of the others.
 */
export async function readSetFiles(paths: readonly string[], options: ReadFilesOptions): Promise<ReadSets> {
  const sets: LoadedSet[] = [];
  const errors: StalledError[] = [];
  const search = { ...options, seen: new Set<string>() };
  for (const path of new Set(paths)) {
    const read = await readPath(path, search);
    sets.push(...read.sets);
    errors.push(...read.errors);
    if (sets.length > MAX_SETS) throw new Error(`more than ${MAX_SETS} GeneratorSets; give fewer files`);
  }
  const unique = refuseDuplicateSets(sets);
  return { sets: unique.sets, errors: [...errors, ...unique.errors] };
}

/** A file that several paths name, or lead to by links, is read once. */
interface FileSearch extends ReadFilesOptions {
  readonly seen: Set<string>;
}

async function readPath(path: string, options: FileSearch): Promise<ReadSets> {
  try {
    if (path === STDIN) return await readStdin(options);
    return (await stat(path)).isDirectory()
      ? await readFolder(path, options)
      : await readNamedFile(path, options);
  } catch (error) {
    options.signal.throwIfAborted();
    return { sets: [], errors: [fileError(path, error as NodeJS.ErrnoException)] };
  }
}

async function readStdin({ stdin, validate, signal }: ReadFilesOptions): Promise<ReadSets> {
  if (!stdin) throw new Error('standard input is not available here');
  return requireSets(
    readGeneratorSets(await readText(stdin, 'stdin', signal), 'stdin', { validate }),
    'stdin',
  );
}

async function readNamedFile(file: string, { validate, signal, seen }: FileSearch): Promise<ReadSets> {
  if (!(await isNew(file, seen))) return { sets: [], errors: [] };
  return requireSets(readGeneratorSets(await readTextFile(file, signal), file, { validate }), file);
}

async function isNew(file: string, seen: Set<string>): Promise<boolean> {
  const real = await realpath(file);
  return !seen.has(real) && Boolean(seen.add(real));
}

async function readFolder(folder: string, options: FileSearch): Promise<ReadSets> {
  const sets: LoadedSet[] = [];
  const errors: StalledError[] = [];
  let isReadElsewhere = false;
  for (const file of await findYamlFiles(folder, options.signal)) {
    if (!(await isNew(file, options.seen))) {
      isReadElsewhere = true;
      continue;
    }
    const read = await readFolderFile(file, options);
    sets.push(...read.sets);
    errors.push(...read.errors);
  }
  return isReadElsewhere ? { sets, errors } : requireSets({ sets, errors }, folder);
}

/** What cannot be read at all in a folder is passed over with a warning: it was not named. */
async function readFolderFile(file: string, { validate, signal, log }: ReadFilesOptions): Promise<ReadSets> {
  let text: string;
  try {
    text = await readTextFile(file, signal);
  } catch (error) {
    signal.throwIfAborted();
    log.warn(`passed over: ${(error as Error).message}`);
    return { sets: [], errors: [] };
  }
  // Folders hold charts and other templates too, whose YAML is none before they are rendered.
  return looksLikeSet(text) ? readGeneratorSets(text, file, { validate }) : { sets: [], errors: [] };
}

/** Naming something that holds no set is a mistake, and most often one in the name. */
function requireSets(read: ReadSets, name: string): ReadSets {
  if (read.sets.length > 0 || read.errors.length > 0) return read;
  return { sets: [], errors: [new StalledError(FILE_FAILED, `${name}: holds no GeneratorSet`)] };
}

function fileError(path: string, error: NodeJS.ErrnoException): StalledError {
  const name = path === STDIN ? 'stdin' : path || '""';
  const reason = error.code === 'ENOENT' ? 'no such file or folder' : error.message;
  // Only the system's own errors do not name the file.
  const message = error.code === undefined ? error.message : `${name}: ${reason}`;
  return new StalledError(FILE_FAILED, message, { cause: error });
}
