import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Milliseconds between two looks. */
const INTERVAL = 250;

/** A folder, and how many bytes the new files in it may have. */
export interface FolderGrowth {
  readonly folder: string;
  readonly maxBytes: number;
}

/**
 * Looks every quarter of a second what has been added to a folder, and tells when it is too much, once. What was there
 * before, and what other folders share by links, is not counted.
 */
export function watchGrowth({ folder, maxBytes }: FolderGrowth, onTooMuch: () => void): { end(): void } {
  let isLooking = false;
  const timer = setInterval(async () => {
    if (isLooking) return;
    isLooking = true;
    const isTooMuch = await hasGrownTooMuch({ folder, maxBytes });
    isLooking = false;
    if (!isTooMuch) return;
    clearInterval(timer);
    onTooMuch();
  }, INTERVAL);
  return { end: () => clearInterval(timer) };
}

/** Whether the new files in a folder have more bytes than they may. */
export async function hasGrownTooMuch({ folder, maxBytes }: FolderGrowth): Promise<boolean> {
  return (await sizeOfNewFiles(folder)) > maxBytes;
}

/** Files come and go meanwhile: what is not there any more has no size. */
async function sizeOfNewFiles(folder: string): Promise<number> {
  const names = await readdir(folder).catch(() => []);
  const sizes = await Promise.all(
    names.map((name) =>
      stat(join(folder, name)).then(
        ({ nlink, size }) => (nlink === 1 ? size : 0),
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
