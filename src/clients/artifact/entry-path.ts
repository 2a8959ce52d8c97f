/** UTF-8 bytes of the longest path of an archive. */
const MAX_PATH_BYTES = 1024;

/**
 * The path of an archive's entry as generators see it: relative, without `./` and a final `/`; empty for the root.
 * Throws for a path that leads out of the archive, or that can be written in two ways.
 */
export function cleanEntryPath(name: string): string {
  if (Buffer.byteLength(name) > MAX_PATH_BYTES)
    throw new ArchiveError(`an entry has a path of more than ${MAX_PATH_BYTES} bytes`);
  if (name.includes('\0')) throw refused(name, 'has a zero byte');
  if (name.startsWith('/')) throw refused(name, 'is absolute');
  const path = name.replace(/^(?:\.\/)+/, '').replace(/\/$/, '');
  if (path === '' || path === '.') return '';
  for (const part of path.split('/')) {
    if (part === '..') throw refused(name, 'leads out of it');
    if (part === '' || part === '.') throw refused(name, 'is not normalised');
  }
  return path;
}

/** An archive that cannot be used, or must not be. */
export class ArchiveError extends Error {}

function refused(name: string, problem: string): ArchiveError {
  return new ArchiveError(`the path ${JSON.stringify(name.slice(0, 200))} of an entry ${problem}`);
}
