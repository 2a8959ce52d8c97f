import type { Header } from 'tar-stream';
import type { FileEntry } from '../../api/readers.ts';
import { ArchiveError, cleanEntryPath } from './entry-path.ts';
import { type EntrySink, scanArchive } from './scan-archive.ts';

/** Bounds of what is kept of an archive: bytes of all paths, of one file, of one read. */
const MAX_LISTING_BYTES = 16 * 1024 * 1024;
const MAX_FILE_BYTES = 8 * 1024 * 1024;
const MAX_READ_BYTES = 64 * 1024 * 1024;

/** What an archive holds. */
export interface ArchiveListing {
  /** Files and directories, sorted by path. Directories that only their files imply are there too. */
  readonly entries: readonly FileEntry[];
  /** How many links were left out. */
  readonly links: number;
}

/**
 * Lists an archive. Links are left out and never followed; a path that stands there twice, one that leads out of the
 * archive and an entry that is no file, directory or link refuse the whole archive.
 */
export async function listArchive(archive: Buffer, signal: AbortSignal): Promise<ArchiveListing> {
  const found = new Map<string, FileEntry>();
  const links = new Set<string>();
  let size = 0;
  await scanArchive(
    archive,
    (header) => {
      const path = cleanEntryPath(header.name);
      const type = typeOf(header);
      if (path === '') return undefined;
      size += Buffer.byteLength(path);
      if (size > MAX_LISTING_BYTES)
        throw new ArchiveError(`its paths have more than ${MAX_LISTING_BYTES / 1024 / 1024} MiB together`);
      if (found.has(path) || links.has(path))
        throw new ArchiveError(`the path ${JSON.stringify(path.slice(0, 200))} stands in it twice`);
      if (type === 'link') links.add(path);
      else found.set(path, { path, type, ...(type === 'file' && { size: header.size ?? 0 }) });
      return undefined;
    },
    signal,
  );
  addParents(found, links);
  const entries = [...found.values()].sort((one, other) => (one.path < other.path ? -1 : 1));
  return { entries, links: links.size };
}

/** The bytes of these files of an archive that was listed. */
export async function readArchiveFiles(
  archive: Buffer,
  entries: readonly FileEntry[],
  signal: AbortSignal,
): Promise<Map<string, Buffer>> {
  checkSizes(entries);
  const wanted = new Set(entries.map(({ path }) => path));
  const files = new Map<string, Buffer>();
  if (wanted.size === 0) return files;
  await scanArchive(
    archive,
    (header) => {
      const path = cleanEntryPath(header.name);
      if (typeOf(header) !== 'file' || !wanted.has(path)) return undefined;
      return collect((bytes) => files.set(path, bytes));
    },
    signal,
  );
  return files;
}

/** What an entry is; devices and the like have no business in a repository. */
function typeOf({ name, type }: Header): 'file' | 'directory' | 'link' {
  if (type === 'file' || type === 'contiguous-file') return 'file';
  if (type === 'directory') return 'directory';
  if (type === 'link' || type === 'symlink') return 'link';
  throw new ArchiveError(
    `the entry ${JSON.stringify(name.slice(0, 200))} is neither a file nor a directory nor a link`,
  );
}

/** A path below a file or a link would be read as something that it is not. */
function addParents(found: Map<string, FileEntry>, links: ReadonlySet<string>): void {
  for (const { path: below } of [...found.values()]) {
    for (let path = parentOf(below); path !== ''; path = parentOf(path)) {
      const parent = found.get(path);
      if (links.has(path) || (parent && parent.type !== 'directory'))
        throw new ArchiveError(
          `the path ${JSON.stringify(below.slice(0, 200))} is below one that is no directory`,
        );
      // Whatever is known as a directory was followed to the root, or will be.
      if (parent) break;
      found.set(path, { path, type: 'directory' });
    }
  }
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

function checkSizes(entries: readonly FileEntry[]): void {
  const big = entries.find(({ size = 0 }) => size > MAX_FILE_BYTES);
  if (big) throw new ArchiveError(`file ${JSON.stringify(big.path)} is bigger than ${MAX_FILE_BYTES} bytes`);
  const total = entries.reduce((sum, { size = 0 }) => sum + size, 0);
  if (total > MAX_READ_BYTES)
    throw new ArchiveError(`the files to read have more than ${MAX_READ_BYTES} bytes together`);
}

function collect(done: (bytes: Buffer) => void): EntrySink {
  const chunks: Buffer[] = [];
  return { take: (chunk) => chunks.push(chunk), end: () => done(Buffer.concat(chunks)) };
}
