import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';

/** Folders that hold no sets: packages, and recorded answers. Hidden ones are skipped as well. */
const SKIPPED_FOLDERS = ['node_modules', 'replay'];

const YAML_FILE = /\.(ya?ml|json)$/i;

/** Bounds of one folder: beyond them somebody has named the wrong one. */
const MAX_FILES = 10_000;
const MAX_ENTRIES = 200_000;
const MAX_DEPTH = 32;

interface Search {
  /** The folder that was named, with its links resolved: nothing outside it is read. */
  readonly root: string;
  readonly signal: AbortSignal;
  readonly files: string[];
  /** Resolved paths of everything seen, so that links make no circles and no file is read twice. */
  readonly seen: Set<string>;
  entries: number;
}

/**
 * The YAML and JSON files below a folder, sorted. Hidden files and folders, `node_modules`, `replay` and links
 * that lead out of the folder are skipped.
 */
export async function findYamlFiles(folder: string, signal: AbortSignal): Promise<string[]> {
  const root = await realpath(folder);
  const search: Search = { root, signal, files: [], seen: new Set([root]), entries: 0 };
  await searchFolder(folder, search, 0);
  return search.files.sort();
}

async function searchFolder(folder: string, search: Search, depth: number): Promise<void> {
  if (depth > MAX_DEPTH) throw new Error(`${folder} is nested deeper than ${MAX_DEPTH} folders`);
  search.signal.throwIfAborted();
  const entries = await readdir(folder, { withFileTypes: true });
  search.entries += entries.length;
  if (search.entries > MAX_ENTRIES) throw new Error(`${search.root} has more than ${MAX_ENTRIES} entries`);
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (!entry.name.startsWith('.')) await searchEntry(join(folder, entry.name), entry, search, depth);
  }
}

async function searchEntry(path: string, entry: Dirent, search: Search, depth: number): Promise<void> {
  const kind = entry.isSymbolicLink() ? await kindBehindLink(path, search) : kindOf(entry);
  if (kind === 'folder' && !SKIPPED_FOLDERS.includes(entry.name)) {
    if (await isNew(path, search)) await searchFolder(path, search, depth + 1);
  } else if (kind === 'file' && YAML_FILE.test(entry.name) && (await isNew(path, search))) {
    search.files.push(path);
    if (search.files.length > MAX_FILES)
      throw new Error(`${search.root} has more than ${MAX_FILES} files to read`);
  }
}

/** Undefined for links that lead nowhere or out of the folder. */
async function kindBehindLink(path: string, search: Search): Promise<'file' | 'folder' | undefined> {
  const target = await realpath(path).catch(() => undefined);
  if (
    target === undefined ||
    !target.startsWith(search.root.endsWith(sep) ? search.root : search.root + sep)
  ) {
    return undefined;
  }
  return kindOf(await stat(target));
}

function kindOf(entry: { isFile(): boolean; isDirectory(): boolean }): 'file' | 'folder' | undefined {
  if (entry.isFile()) return 'file';
  return entry.isDirectory() ? 'folder' : undefined;
}

/** Links may name a file or a folder a second time. */
async function isNew(path: string, search: Search): Promise<boolean> {
  const target = await realpath(path);
  if (search.seen.has(target)) return false;
  search.seen.add(target);
  return true;
}
