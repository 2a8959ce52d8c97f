import { createHash } from 'node:crypto';
import type { ObjectFormat } from './git-cache.ts';

/** The id that git gives a file of this content: what `git hash-object` prints. */
export function blobId(content: string | Uint8Array, format: ObjectFormat): string {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  return createHash(format).update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}

/** Which hash a repository uses, told by one of its object ids. */
export function formatOf(oid: string): ObjectFormat {
  return oid.length === 64 ? 'sha256' : 'sha1';
}
