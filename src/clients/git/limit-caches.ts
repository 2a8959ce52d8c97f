import { randomUUID } from 'node:crypto';
import { lstat, readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { removeFolder, usedAt } from './git-cache.ts';

/** Bytes of all cached repositories together; the Deployment's volume has 10 GiB. */
const MAX_BYTES = 8 * 1024 ** 3;
/** Milliseconds in which no command can still be using a repository that none has begun to use. */
const UNUSED_AFTER = 3_600_000;
/** Milliseconds between two looks: to count the bytes of many repositories takes a while. */
const INTERVAL = 600_000;

/** When the repositories were looked at last, by any process. */
const STAMP = 'limited';
const REPOSITORY = /^[0-9a-f]{64}$/;

/** How much may be kept. */
export interface CacheLimit {
  readonly maxBytes?: number;
}

/**
 * Keeps the cached repositories of a machine together below a limit: those used least recently go, and are fetched
 * again when they are needed. What was used within the hour stays, whatever it takes. Looks every ten minutes at most.
 */
export async function limitCaches(
  cacheFolder: string,
  { maxBytes = MAX_BYTES }: CacheLimit = {},
): Promise<void> {
  const folder = join(cacheFolder, 'git');
  const stamp = join(folder, STAMP);
  if (Date.now() - (await usedAt(stamp)) < INTERVAL) return;
  await writeFile(stamp, '');
  const names = (await readdir(folder)).filter((name) => name !== STAMP);
  const leftovers = names.filter((name) => !REPOSITORY.test(name));
  for (const name of leftovers) await removeFolder(join(folder, name));

  const caches = await Promise.all(
    names.filter((name) => REPOSITORY.test(name)).map((name) => look(join(folder, name))),
  );
  let bytes = caches.reduce((sum, cache) => sum + cache.bytes, 0);
  for (const cache of caches.toSorted((one, other) => one.usedAt - other.usedAt)) {
    if (bytes <= maxBytes || Date.now() - cache.usedAt < UNUSED_AFTER) return;
    await retire(cache.path);
    bytes -= cache.bytes;
  }
}

interface Cache {
  readonly path: string;
  /** Milliseconds since 1970. */
  readonly usedAt: number;
  readonly bytes: number;
}

/** Each snapshot is marked when it is used, and the folder of the commands changes with every one of them. */
async function look(path: string): Promise<Cache> {
  const names = await readdir(path).catch(() => []);
  const times = await Promise.all(names.map((name) => usedAt(join(path, name))));
  return { path, usedAt: Math.max(0, ...times), bytes: await sizeOf(path) };
}

/** Snapshots share files by links: each counts once. */
async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const counted = new Set<number>();
  let bytes = 0;
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const file = await lstat(join(entry.parentPath, entry.name)).catch(() => undefined);
    if (!file || counted.has(file.ino)) continue;
    counted.add(file.ino);
    bytes += file.size;
  }
  return bytes;
}

/** Renames it first, so that nobody finds it half there; what a killed process leaves goes at the next look. */
async function retire(path: string): Promise<void> {
  const doomed = `${path}-${randomUUID()}`;
  await rename(path, doomed);
  await removeFolder(doomed);
}
