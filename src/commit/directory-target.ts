import { randomUUID } from 'node:crypto';
import { existsSync, lstatSync, readFileSync, type Stats, statSync } from 'node:fs';
import { lstat, mkdir, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { State } from '../plan/state.ts';
import type { Delivery, Previous, Target } from '../plan/target.ts';
import { TargetMovedError } from '../plan/target.ts';
import { widestDecisions } from '../plan/widest-decisions.ts';
import { makeIntent, settleState } from './delivery-intent.ts';
import { checkUnmoved, fileChanges } from './file-changes.ts';
import { MAX_STATE_BYTES, parseState, type SetName, stateFilePath, stringifyState } from './state-file.ts';

const MAX_FILE_BYTES = 8 * 1024 * 1024;

/** Where files are written before they get their name; a killed process may leave some. */
const TEMPORARY = '.generatorset/tmp';
const STALE_AFTER = 600_000;

/** A directory of this machine, and whose files are kept there. */
interface DirectoryTargetOptions {
  readonly directory: string;
  readonly set: SetName;
  /** Called before each file changes; what it throws ends the delivery there, as a kill would. */
  readonly beforeStep?: (path: string) => void;
}

/** Delivers to a directory of this machine: the same files and state as in Git, without commits. */
export function createDirectoryTarget(options: DirectoryTargetOptions): Target {
  const { directory, set } = options;
  const stateFile = stateFilePath(set);
  const stateTexts = new WeakMap<Previous, string | undefined>();
  return {
    key: resolve(directory),
    description: `directory ${directory}`,
    async read(signal) {
      signal.throwIfAborted();
      checkDirectory(directory);
      const text = readPresent(directory, stateFile, MAX_STATE_BYTES);
      const previous: Previous = {
        ...(text !== undefined && { state: readState(directory, stateFile, text) }),
        compare: (path, desired) => compare(readPresent(directory, path), desired),
        read: async (paths) => readAll(directory, paths),
      };
      stateTexts.set(previous, text);
      return previous;
    },
    async deliver(delivery, signal) {
      if (readPresent(directory, stateFile, MAX_STATE_BYTES) !== stateTexts.get(delivery.previous))
        throw new TargetMovedError(`somebody else delivered to directory ${directory}`);
      await deliver(options, stateFile, delivery, signal);
      return {};
    },
  };
}

/** One that is not there yet is made by the first delivery. */
function checkDirectory(directory: string): void {
  const place = firstPresent(resolve(directory));
  if (statSync(place).isDirectory()) return;
  throw new Error(
    `files cannot be kept in directory ${directory}: ${place} is a file; remove it, or name another directory`,
  );
}

function firstPresent(path: string): string {
  return existsSync(path) ? path : firstPresent(dirname(path));
}

/** The state as the files bear it out, where a delivery was killed. */
function readState(directory: string, stateFile: string, text: string): State {
  const advice = 'restore it from a backup, or remove it together with the files of this set';
  const { state, intent } = parseState(text, { file: join(directory, stateFile), advice });
  return intent ? settleState(state, intent, (path) => readPresent(directory, path)) : state;
}

/**
 * Each file appears by a rename. Before the first one changes, the state says what is about to be done, and at the
 * end what has been done: after a kill the next pass knows every file that is its own.
 */
async function deliver(
  { directory, beforeStep }: DirectoryTargetOptions,
  stateFile: string,
  delivery: Delivery,
  signal: AbortSignal,
): Promise<void> {
  const changes = await fileChanges(delivery, signal);
  for (const change of delivery.plan.changes) {
    if (changes.writes.has(change.path)) checkUnmoved(change, readPresent(directory, change.path));
  }
  await makeParent(directory, `${TEMPORARY}/x`);
  await removeStale(join(directory, TEMPORARY));
  signal.throwIfAborted();
  const before = delivery.previous.state ?? { version: 1, inventory: [], deletions: [] };
  const decisions = widestDecisions(before.decisions, delivery.next.decisions);
  const intended = stringifyState(
    { ...before, ...(decisions && { decisions }) },
    makeIntent(delivery, changes),
  );
  const final = stringifyState(delivery.next);
  const writes = [[stateFile, intended], ...changes.writes] as const;
  for (const [path, text] of writes) {
    beforeStep?.(path);
    await writeWhole(directory, path, text);
  }
  for (const path of changes.removals) {
    beforeStep?.(path);
    await removeFile(directory, path);
  }
  beforeStep?.(stateFile);
  await writeWhole(directory, stateFile, final);
}

function compare(present: string | undefined, desired: string): 'same' | 'different' | 'absent' {
  if (present === undefined) return 'absent';
  return present === desired ? 'same' : 'different';
}

/** The texts of those files that exist. */
function readAll(directory: string, paths: readonly string[]): Map<string, string> {
  const texts = paths.map((path): [string, string | undefined] => [path, readPresent(directory, path)]);
  return new Map(texts.filter((pair): pair is [string, string] => pair[1] !== undefined));
}

/** Read when asked: a directory has no revision that could be read later. */
function readPresent(directory: string, path: string, maxBytes = MAX_FILE_BYTES): string | undefined {
  const stats = findFile(directory, path);
  if (!stats) return undefined;
  if (stats.size > maxBytes)
    throw new Error(`file ${join(directory, path)} is bigger than ${maxBytes} bytes`);
  return readFileSync(join(directory, path), 'utf8');
}

/** Looks at each name of the path, so that no link leads out of the directory. */
function findFile(directory: string, path: string): Stats | undefined {
  const names = path.split('/');
  for (let length = 1; length <= names.length; length++) {
    const place = join(directory, ...names.slice(0, length));
    const stats = lstatSync(place, { throwIfNoEntry: false });
    if (!stats) return undefined;
    const last = length === names.length;
    if (last ? !stats.isFile() : !stats.isDirectory())
      throw new Error(
        `file ${join(directory, path)} cannot be kept: ${place} is no ${last ? 'file' : 'directory'}`,
      );
    if (last) return stats;
  }
  return undefined;
}

/** Readers see the old text or the new, never a part. */
async function writeWhole(directory: string, path: string, text: string): Promise<void> {
  const temporary = join(directory, TEMPORARY, randomUUID());
  await writeFile(temporary, text, { flag: 'wx', flush: true });
  await makeParent(directory, path);
  await rename(temporary, join(directory, path));
}

/** Looks before it makes folders, since making them would follow a link. */
async function makeParent(directory: string, path: string): Promise<void> {
  findFile(directory, path);
  await makeFolder(dirname(join(directory, path)));
}

/** Node's own `recursive` never ends below `/proc`, where what can't be made is said to be missing. */
async function makeFolder(folder: string): Promise<void> {
  const parent = dirname(folder);
  if (parent !== folder && !existsSync(parent)) await makeFolder(parent);
  try {
    await mkdir(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return;
    throw new Error(`folder ${folder} cannot be made: ${code}`, { cause: error });
  }
}

/** Removes a file and the folders that are empty then. */
async function removeFile(directory: string, path: string): Promise<void> {
  if (!findFile(directory, path)) return;
  await rm(join(directory, path));
  for (let folder = dirname(path); folder !== '.'; folder = dirname(folder)) {
    try {
      await rmdir(join(directory, folder));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOTEMPTY') return;
      throw error;
    }
  }
}

/** Young ones may belong to another program that delivers here at the moment. */
async function removeStale(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const stats = await lstat(join(folder, name)).catch(() => undefined);
    if (stats && Date.now() - stats.mtimeMs > STALE_AFTER) await rm(join(folder, name), { force: true });
  }
}
