import { StalledError } from '../../api/errors.ts';
import type { ArtifactReader, ArtifactRef, ArtifactTree, FileEntry } from '../../api/readers.ts';
import { describeUrl } from '../../lib/describe-url.ts';
import { createLimiter } from '../../lib/limiter.ts';
import type { Logger } from '../../lib/logger.ts';
import { serially } from '../../lib/serially.ts';
import { ArtifactCache, type KnownArtifact } from './artifact-cache.ts';
import { checkDigest, checkDigestForm } from './check-digest.ts';
import { ArchiveError } from './entry-path.ts';
import { listArchive, readArchiveFiles } from './read-archive.ts';

/** Bytes of an archive as it is fetched, and milliseconds for that. */
const MAX_BYTES = 100 * 1024 * 1024;
const TIMEOUT = 60_000;

/** Archives that are fetched and unpacked at a time: each may be in memory whole. */
const MAX_FETCHES = 2;

/** Fetches a file within bounds and guards, as the HTTP reader's `download` does. */
export type Download = (
  request: { readonly url: string; readonly maxBytes: number; readonly timeout: number },
  signal: AbortSignal,
) => Promise<Buffer>;

/**
 * Reads artifacts by HTTP. What was fetched counts only when it has the digest, and is kept under URL and digest: an
 * unchanged artifact is fetched once. Nothing is written to a file.
 */
export function createArtifactReader({
  download,
  log,
}: {
  readonly download: Download;
  readonly log: Logger;
}): ArtifactReader {
  const cache = new ArtifactCache();
  const limit = createLimiter(MAX_FETCHES);

  async function fetchArtifact({ url, digest }: ArtifactRef, signal: AbortSignal): Promise<KnownArtifact> {
    const archive = await download({ url, maxBytes: MAX_BYTES, timeout: TIMEOUT }, signal);
    checkDigest(archive, digest);
    const listing = await listArchive(archive, signal);
    if (listing.links > 0) log.debug(`artifact ${describeUrl(url)}: ${listing.links} links are left out`);
    return { archive, listing };
  }

  async function find(ref: ArtifactRef, signal: AbortSignal): Promise<KnownArtifact> {
    // The digest alone is no key: who knows it need not be able to reach the artifact.
    const key = `${ref.digest} ${ref.url}`;
    const findNow = async (): Promise<KnownArtifact> => {
      const known = cache.get(key) ?? (await limit(() => fetchArtifact(ref, signal), signal));
      cache.set(key, known);
      return known;
    };
    return serially(`artifact ${key}`, findNow, signal);
  }

  return {
    async open(ref, signal) {
      signal.throwIfAborted();
      checkDigestForm(ref.digest);
      const known = await located(ref, () => find(ref, signal));
      return openTree(ref, known);
    },
  };
}

function openTree(ref: ArtifactRef, { archive, listing }: KnownArtifact): ArtifactTree {
  return {
    revision: ref.revision,
    async list(signal) {
      signal.throwIfAborted();
      return listing.entries;
    },
    async read(paths, signal) {
      signal.throwIfAborted();
      const byPath = new Map(listing.entries.map((entry) => [entry.path, entry]));
      const files = paths.map((path) => fileAt(byPath.get(path), path));
      return located(ref, () => readArchiveFiles(archive, files, signal));
    },
  };
}

/** Links are never followed: a path that is no file is an error. */
function fileAt(entry: FileEntry | undefined, path: string): FileEntry {
  if (entry?.type === 'file') return entry;
  throw new Error(`${JSON.stringify(path)} is ${entry ? 'a directory, not a file' : 'not in the artifact'}`);
}

/** Errors of archives do not know whose they are; and no change of the set's spec mends a source's URL. */
async function located<Result>({ url }: ArtifactRef, action: () => Promise<Result>): Promise<Result> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof StalledError) throw new Error(error.message, { cause: error });
    if (!(error instanceof ArchiveError)) throw error;
    throw new Error(`artifact ${describeUrl(url)}: ${error.message}`, { cause: error });
  }
}
