import type { Tree, TreeEntry } from '../../api/readers.ts';
import { BrokenCacheError, type LocalRepository, runLocal } from './local-git.ts';
import { blobId, formatOf } from './object-id.ts';
import { GitOutputError } from './run-git.ts';

/** Bounds of what is read from a repository: entries, bytes of one file, of one read, of one listing. */
const MAX_ENTRIES = 100_000;
const MAX_FILE_BYTES = 8 * 1024 * 1024;
const MAX_READ_BYTES = 64 * 1024 * 1024;
const MAX_LISTING_BYTES = 64 * 1024 * 1024;

/** Git's modes. Mode 100664 of old repositories is a file too. */
const TYPES: Readonly<Record<string, TreeEntry['type']>> = {
  '040000': 'directory',
  '100644': 'file',
  '100755': 'file',
  '120000': 'symlink',
  '160000': 'submodule',
};

/** Lets an action use the snapshot that has the tree's commit, fetching it when it is not there. */
type UseSnapshot = <Result>(
  action: (repository: LocalRepository) => Promise<Result>,
  signal: AbortSignal,
) => Promise<Result>;

/** The tree of a commit, which can also be asked for single entries. */
export interface GitTree extends Tree {
  /** As any tree reads; `maxFileBytes` is for files that may be larger than others. */
  read(paths: readonly string[], signal: AbortSignal, maxFileBytes?: number): Promise<Map<string, Buffer>>;
  /** Those of the paths that exist, without what is below them. */
  lookUp(paths: readonly string[], signal: AbortSignal): Promise<TreeEntry[]>;
}

/** The tree of a commit in the cache; what was listed is kept for later reads. */
export function createTree(commit: string, useSnapshot: UseSnapshot): GitTree {
  const listed = new Map<string, TreeEntry[]>();

  /** Everything below a folder; the slash keeps `apps` from matching `apps-old`. */
  async function list(signal: AbortSignal, prefix = ''): Promise<TreeEntry[]> {
    const known = listed.get(prefix);
    if (known) return [...known];
    const entries = await useSnapshot((at) => listEntries(at, commit, { prefix, signal }), signal);
    listed.set(prefix, entries);
    return [...entries];
  }

  /** Finds the object ids in a listing that is known already, if one covers all the paths. */
  async function read(
    paths: readonly string[],
    signal: AbortSignal,
    maxFileBytes = MAX_FILE_BYTES,
  ): Promise<Map<string, Buffer>> {
    if (paths.length === 0) return new Map();
    const prefixes = [...listed.keys()];
    const covered = prefixes.find((prefix) => paths.every((path) => isBelow(path, prefix)));
    const entries = new Map((await list(signal, covered)).map((entry) => [entry.path, entry]));
    const files = paths.map((path) => fileAt(entries.get(path), path));
    checkSizes(files, maxFileBytes);
    const oids = [...new Set(files.map((file) => file.oid))];
    const blobs = await useSnapshot((at) => readBlobs(at, oids, signal), signal);
    return new Map(files.map((file) => [file.path, blobs.get(file.oid) as Buffer]));
  }

  function lookUp(paths: readonly string[], signal: AbortSignal): Promise<TreeEntry[]> {
    const args = ['ls-tree', '-z', '-l', '--full-tree', commit, '--', ...paths];
    return useSnapshot(async (at) => parseListing(await runLocal(at, args, { signal })), signal);
  }

  return { commit, list, read, lookUp };
}

/** Whether a path is below a folder of the tree; everything is below the root, which is empty. */
export function isBelow(path: string, prefix: string): boolean {
  return prefix === '' || path.startsWith(`${prefix}/`);
}

async function listEntries(
  at: LocalRepository,
  commit: string,
  { prefix, signal }: { prefix: string; signal: AbortSignal },
): Promise<TreeEntry[]> {
  const args = ['ls-tree', '-r', '-t', '-z', '-l', '--full-tree', commit];
  const below = prefix === '' ? [] : ['--', `${prefix}/`];
  const output = await runLocal(at, [...args, ...below], { signal, maxOutput: MAX_LISTING_BYTES }).catch(
    (error: unknown) => {
      if (error instanceof GitOutputError) throw tooMany();
      throw error;
    },
  );
  const entries = parseListing(output).filter((entry) => isBelow(entry.path, prefix));
  if (entries.length > MAX_ENTRIES) throw tooMany();
  return entries.sort((one, other) => compareText(one.path, other.path));
}

/** Git sorts folders as if their names ended with a slash; callers want plain order. */
function compareText(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

function tooMany(): Error {
  return new Error(`the tree has more than ${MAX_ENTRIES} entries: choose a narrower path`);
}

function parseListing(output: Buffer): TreeEntry[] {
  return output.toString('utf8').split('\0').slice(0, -1).map(parseEntry);
}

/** `<mode> <type> <object id> <size>\t<path>`, the size `-` for all but files. */
function parseEntry(line: string): TreeEntry {
  const [, mode = '', oid = '', size = '', path] = /^(\d{6}) \w+ ([0-9a-f]+) +(\S+)\t(.*)$/s.exec(line) ?? [];
  const type = TYPES[mode] ?? (mode.startsWith('100') ? 'file' : undefined);
  if (path === undefined || type === undefined)
    throw new BrokenCacheError('git listed a tree in an unknown form');
  return { path, type, oid, ...(size !== '-' && { size: Number(size) }) };
}

/** Links are never followed: a path that is no file is an error. */
function fileAt(entry: TreeEntry | undefined, path: string): TreeEntry {
  if (entry?.type === 'file') return entry;
  throw new Error(
    `${JSON.stringify(path)} is ${entry ? `a ${entry.type}, not a file` : 'not in the repository'}`,
  );
}

/** Sizes are known from the listing, so nothing too big is ever read. */
function checkSizes(files: readonly TreeEntry[], maxFileBytes: number): void {
  const big = files.find((file) => (file.size ?? 0) > maxFileBytes);
  if (big) throw new Error(`file ${JSON.stringify(big.path)} is bigger than ${maxFileBytes} bytes`);
  const total = files.reduce((sum, file) => sum + (file.size ?? 0), 0);
  if (total > MAX_READ_BYTES)
    throw new Error(`the files to read have more than ${MAX_READ_BYTES} bytes together`);
}

/** Reads any number of blobs with one process, and makes sure that each is what its id says. */
async function readBlobs(
  at: LocalRepository,
  oids: readonly string[],
  signal: AbortSignal,
): Promise<Map<string, Buffer>> {
  const input = Buffer.from(oids.map((oid) => `${oid}\n`).join(''));
  const maxOutput = MAX_READ_BYTES + oids.length * 128;
  const output = await runLocal(at, ['cat-file', '--batch'], { signal, input, maxOutput });
  const blobs = new Map<string, Buffer>();
  let offset = 0;
  for (const oid of oids) {
    const end = output.indexOf(0x0a, offset);
    const [, size] = /^[0-9a-f]+ blob (\d+)$/.exec(output.toString('latin1', offset, end)) ?? [];
    const content = output.subarray(end + 1, end + 1 + Number(size));
    if (size === undefined || blobId(content, formatOf(oid)) !== oid)
      throw new BrokenCacheError(`object ${oid} of the cache is missing or broken`);
    blobs.set(oid, content);
    offset = end + 1 + content.length + 1;
  }
  return blobs;
}
