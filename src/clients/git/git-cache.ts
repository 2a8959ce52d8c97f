import { createHash, randomUUID } from 'node:crypto';
import { copyFileSync, linkSync, mkdirSync } from 'node:fs';
import { copyFile, mkdir, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isObjectId } from '../../lib/git-ref.ts';

/** Older leftovers of processes that were killed are removed; no command may take as long. */
const STALE_AFTER = 3_600_000;

/** Snapshots of a repository that are kept although none used them within the hour. */
const KEPT_SNAPSHOTS = 2;

/** A repository of more files than this is fetched anew instead of being carried on. */
const MAX_FILES = 500;

/**
 * The cache of one remote repository: bare repositories, each named after the one commit that it has completely.
 * A snapshot is prepared in a folder of its own and appears by one rename; after that nobody writes to it. So
 * processes share the cache without locks, and one that is killed leaves nothing that another could take for
 * whole.
 */
export interface GitCache {
  /** The snapshot's folder, or undefined; looking counts as use. */
  find(commit: string): Promise<string | undefined>;
  /** A new repository that nobody else sees: empty, or beginning as a copy of a snapshot (hard links). */
  prepare(format: ObjectFormat, from?: string): Promise<string>;
  /** Removes a prepared repository; nothing happens when it was published. */
  remove(prepared: string): Promise<void>;
  /** Makes a prepared repository the snapshot of this commit, and removes those of no use. */
  publish(prepared: string, commit: string): Promise<string>;
  /** The newest snapshot worth carrying on, or undefined. */
  newest(): Promise<string | undefined>;
  /** Throws all snapshots of the repository away: one was found to be broken. */
  discard(): Promise<void>;
  /** A private folder for what lives as long as one command. */
  readonly scratch: string;
}

export type ObjectFormat = 'sha1' | 'sha256';

/** Opens the cache of the repository of this name below the folder, and clears what killed processes left. */
export async function openCache(cacheFolder: string, repository: string): Promise<GitCache> {
  const digest = createHash('sha256').update(repository).digest('hex');
  const folder = join(cacheFolder, 'git', digest);
  const scratch = join(folder, 'tmp');
  await makeFolder(scratch);
  await removeStale(scratch);
  return {
    scratch,
    find: (commit) => findSnapshot(join(folder, commit)),
    prepare: (format, from) => prepareRepository(join(scratch, `new-${randomUUID()}`), format, from),
    remove: removeFolder,
    publish: (prepared, commit) => publishSnapshot(folder, prepared, commit),
    newest: () => findNewest(folder),
    discard: () => discardSnapshots(folder),
  };
}

/** Who has no home, or one that cannot be written, can say where the cache is. */
async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const advice = 'set XDG_CACHE_HOME to a folder that can be written';
    throw new Error(`cannot make the cache folder ${folder}: ${code}; ${advice}`, { cause: error });
  }
}

/** Marks a snapshot as used, which also tells whether it is there. */
async function findSnapshot(folder: string): Promise<string | undefined> {
  const now = new Date();
  try {
    await utimes(folder, now, now);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
  return folder;
}

/** A repository as `git init --bare` makes it, without the templates and hooks of the machine. */
async function prepareRepository(folder: string, format: ObjectFormat, from?: string): Promise<string> {
  await mkdir(join(folder, 'refs'), { recursive: true, mode: 0o700 });
  await mkdir(join(folder, 'objects', 'pack'), { recursive: true });
  await mkdir(join(folder, 'objects', 'info'));
  await writeFile(join(folder, 'HEAD'), 'ref: refs/heads/none\n');
  await writeFile(join(folder, 'config'), configOf(format));
  if (from !== undefined) await carryOn(from, folder);
  return folder;
}

/** Settings that hold for every command here: no hooks, no repacking behind our back, packs kept as they come. */
function configOf(format: ObjectFormat): string {
  const version = format === 'sha1' ? 'repositoryformatversion = 0' : 'repositoryformatversion = 1';
  const lines = [
    '[core]',
    version,
    'bare = true',
    'hooksPath = /dev/null',
    'protectHFS = true',
    'protectNTFS = true',
    // Larger ones pass through in pieces, however little they are when packed.
    'bigFileThreshold = 8m',
    '[gc]',
    'auto = 0',
    '[fetch]',
    'unpackLimit = 1',
    ...(format === 'sha256' ? ['[extensions]', 'objectFormat = sha256'] : []),
  ];
  return `${lines.join('\n')}\n`;
}

/** Objects never change once they have their name, so two repositories can share the files. */
async function carryOn(from: string, to: string): Promise<void> {
  // Synchronous: hundreds of tiny calls take ten times as long through the thread pool.
  for (const file of await listFiles(join(from, 'objects'))) {
    const target = join(to, 'objects', file);
    mkdirSync(dirname(target), { recursive: true });
    linkOrCopy(join(from, 'objects', file), target);
  }
  // Tells the remote what is here already, so that it sends only what is new.
  await mkdir(join(to, 'refs', 'generatorset'));
  await writeFile(join(to, 'refs', 'generatorset', 'base'), `${basename(from)}\n`);
  try {
    await copyFile(join(from, 'shallow'), join(to, 'shallow'));
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

/** File systems without hard links cost a copy. */
function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch (error) {
    if (isMissing(error)) throw error;
    copyFileSync(from, to);
  }
}

/** Relative paths of an object folder's files; git's own half-written ones begin with `tmp_`. */
async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith('tmp_'))
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
}

/** One rename within a file system: the snapshot is there completely, or not at all. */
async function publishSnapshot(folder: string, prepared: string, commit: string): Promise<string> {
  const snapshot = join(folder, commit);
  const now = new Date();
  await utimes(prepared, now, now);
  try {
    await rename(prepared, snapshot);
  } catch (error) {
    // Another process had the same commit first; its snapshot is as good.
    if (!isTaken(error)) throw error;
    await removeFolder(prepared);
  }
  const unused = (await listSnapshots(folder)).slice(KEPT_SNAPSHOTS);
  for (const { path, usedAt } of unused) if (Date.now() - usedAt > STALE_AFTER) await retire(path, folder);
  return snapshot;
}

/** Renames a snapshot before it is removed, so that nobody finds it half there. */
async function retire(path: string, folder: string): Promise<void> {
  const doomed = join(folder, 'tmp', `old-${randomUUID()}`);
  try {
    await rename(path, doomed);
  } catch (error) {
    if (isMissing(error)) return;
    throw error;
  }
  await removeFolder(doomed);
}

/** Removes a folder with all that is in it; nothing happens where there is none. */
export function removeFolder(path: string): Promise<void> {
  return rm(path, { recursive: true, force: true, maxRetries: 3 });
}

/** The snapshot used last is most likely the nearest ancestor of what is fetched next. */
async function findNewest(folder: string): Promise<string | undefined> {
  const [newest] = await listSnapshots(folder);
  return newest !== undefined && (await isCompact(newest.path)) ? newest.path : undefined;
}

/** Whether so few files make up the repository that carrying it on is cheaper than fetching it anew. */
export async function isCompact(repository: string): Promise<boolean> {
  return (await listFiles(join(repository, 'objects'))).length <= MAX_FILES;
}

/** The snapshots of a repository, the last used first. */
async function listSnapshots(folder: string): Promise<{ path: string; usedAt: number }[]> {
  const names = (await readdir(folder)).filter(isObjectId);
  const snapshots = await Promise.all(
    names.map(async (name) => ({ path: join(folder, name), usedAt: await usedAt(join(folder, name)) })),
  );
  return snapshots.sort((one, other) => other.usedAt - one.usedAt);
}

/** When a folder was marked as used; long ago when somebody has just removed it. */
export async function usedAt(path: string): Promise<number> {
  try {
    return (await stat(path)).mtimeMs;
  } catch (error) {
    if (isMissing(error)) return 0;
    throw error;
  }
}

/** Readers of other processes find their snapshot gone, and fetch it again. */
async function discardSnapshots(folder: string): Promise<void> {
  for (const { path } of await listSnapshots(folder)) await retire(path, folder);
}

/** What no living process can still be using. */
async function removeStale(scratch: string): Promise<void> {
  for (const name of await readdir(scratch)) {
    const path = join(scratch, name);
    if (Date.now() - (await usedAt(path)) > STALE_AFTER) await removeFolder(path);
  }
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}

function isTaken(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'ENOTEMPTY' || code === 'EEXIST';
}
