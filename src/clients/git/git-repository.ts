import { StalledError } from '../../api/errors.ts';
import type { GitAuth } from '../../api/readers.ts';
import { isObjectId } from '../../lib/git-ref.ts';
import { type GitUrl, parseGitUrl } from '../../lib/git-url.ts';
import type { Logger } from '../../lib/logger.ts';
import { serially } from '../../lib/serially.ts';
import { endProcesses } from './end-processes.ts';
import { type GitSession, openSession } from './environment.ts';
import { type GitCache, isCompact, type ObjectFormat, openCache } from './git-cache.ts';
import { describeFailure } from './git-error.ts';
import { createTree, type GitTree } from './git-tree.ts';
import { requireGit } from './git-version.ts';
import type { HostGuard } from './guard-host.ts';
import { limitCaches } from './limit-caches.ts';
import { BrokenCacheError, type LocalRepository, runLocal } from './local-git.ts';
import { formatOf } from './object-id.ts';
import { type PushResult, parsePush } from './push-result.ts';
import { type GitResult, runGit } from './run-git.ts';
import { type CommitRequest, writeCommit } from './write-commit.ts';

/** Milliseconds that each command which talks to a remote may take. */
const TIMEOUTS = { 'ls-remote': 60_000, fetch: 600_000, push: 300_000 };
const MAX_ANSWER = 32 * 1024 * 1024;
const MAX_FETCH = 1024 * 1024 * 1024;

/** Where a fetched ref stands in the cache. */
const FETCHED = 'refs/generatorset/head';

/** What all repositories of a program share. */
export interface GitOptions {
  readonly cacheFolder: string;
  /** Whether repositories of this machine's file system may be used. */
  readonly allowFile: boolean;
  /** Which addresses repositories may be at; absent: any, as on one's own machine. */
  readonly guard?: HostGuard;
  readonly log: Logger;
  /** Bytes of one commit as it is fetched, all its files packed. Default: 1 GiB. */
  readonly maxFetch?: number;
  /** Told of every command that is about to talk to a remote; what it throws keeps the command from running. */
  onCommand?(command: 'ls-remote' | 'fetch' | 'push', repository: string): void;
}

/** What became of a delivery. */
type PushOutcome =
  | { readonly status: 'pushed' | 'unchanged'; readonly commit: string }
  | { readonly status: 'moved'; readonly reason: string };

/** A remote repository, read and written through the cache; there is never a work tree. */
export interface GitRepository {
  /** The url for people: without credentials. */
  readonly address: string;
  /** The same for every spelling of the url. */
  readonly name: string;
  /** The commits that those of the refs have which exist: one `ls-remote`. Annotated tags are followed. */
  resolve(refs: readonly string[], signal: AbortSignal): Promise<Map<string, string>>;
  /** Whether there is any branch: one `ls-remote`. */
  hasBranches(signal: AbortSignal): Promise<boolean>;
  /** The tree of the commit that the ref has; one `fetch` unless the cache has it. */
  open(ref: string, commit: string, signal: AbortSignal): Promise<GitTree>;
  /** Commits and pushes to the branch, never forced. A refused push throws with the server's words. */
  push(request: CommitRequest, branch: string, signal: AbortSignal): Promise<PushOutcome>;
}

/** Opens a repository without talking to it. Throws a StalledError for a url that is not allowed. */
export function openRepository(
  { url, auth }: { url: string; auth?: GitAuth | undefined },
  options: GitOptions,
): GitRepository {
  return new CachedRepository(readUrl(url, options.allowFile), auth, options);
}

/** Only another url in the spec helps, so a refused one stalls. */
function readUrl(url: string, allowFile: boolean): GitUrl {
  try {
    return parseGitUrl(url, { allowFile });
  } catch (error) {
    throw new StalledError('InvalidURL', (error as Error).message, { cause: error });
  }
}

/** Every method opens the cache anew, so that one deleted under a running program costs a fetch only. */
class CachedRepository implements GitRepository {
  readonly address: string;
  readonly name: string;
  readonly #url: GitUrl;
  readonly #auth: GitAuth | undefined;
  readonly #options: GitOptions;

  constructor(url: GitUrl, auth: GitAuth | undefined, options: GitOptions) {
    this.address = url.url;
    this.name = url.name;
    this.#url = url;
    this.#auth = auth;
    this.#options = options;
  }

  async resolve(refs: readonly string[], signal: AbortSignal): Promise<Map<string, string>> {
    // The peeled name of an annotated tag is the commit that it points to.
    const patterns = refs.flatMap((ref) => (ref.startsWith('refs/tags/') ? [ref, `${ref}^{}`] : [ref]));
    const output = await this.#listRemote([], patterns, signal);
    const found = new Map(output);
    return new Map(
      refs.flatMap((ref): [string, string][] => {
        const commit = found.get(`${ref}^{}`) ?? found.get(ref);
        return commit === undefined ? [] : [[ref, commit]];
      }),
    );
  }

  async hasBranches(signal: AbortSignal): Promise<boolean> {
    return (await this.#listRemote(['--heads'], [], signal)).length > 0;
  }

  async open(ref: string, commit: string, signal: AbortSignal): Promise<GitTree> {
    const fetched = await this.#useSnapshot(ref, commit, signal, async (_, found) => found);
    return createTree(fetched, (action, reading) => this.#useSnapshot(fetched, fetched, reading, action));
  }

  async push(request: CommitRequest, branch: string, signal: AbortSignal): Promise<PushOutcome> {
    // Nothing to begin from in a repository without any commit.
    const { parent } = request;
    if (parent === undefined) return this.#pushFrom(undefined, request, branch, signal);
    return this.#useSnapshot(parent, parent, signal, (at) =>
      this.#pushFrom(at.gitDir, request, branch, signal),
    );
  }

  /** Commits in a repository of its own, which becomes a snapshot when the remote has taken the commit. */
  async #pushFrom(
    base: string | undefined,
    request: CommitRequest,
    branch: string,
    signal: AbortSignal,
  ): Promise<PushOutcome> {
    const cache = await this.#openCache();
    const gitDir = await cache.prepare(
      request.parent === undefined ? 'sha1' : formatOf(request.parent),
      base,
    );
    try {
      const commit = await writeCommit({ gitDir, folder: cache.scratch }, request, signal);
      if (commit === undefined) return { status: 'unchanged', commit: request.parent as string };
      const result = await this.#pushCommit(gitDir, { commit, parent: request.parent, branch }, signal);
      if (result.status === 'moved') return result;
      if (result.status === 'refused')
        throw new Error(`${this.address} refused the push to branch ${branch}: ${result.reason}`);
      if (await isCompact(gitDir)) await cache.publish(gitDir, commit);
      return { status: 'pushed', commit };
    } finally {
      await cache.remove(gitDir);
    }
  }

  /** Pushes one commit; when the answer got lost, the remote is asked what it has now. */
  async #pushCommit(
    gitDir: string,
    { commit, parent, branch }: { commit: string; parent: string | undefined; branch: string },
    signal: AbortSignal,
  ): Promise<PushResult> {
    const ref = `refs/heads/${branch}`;
    const args = ['push', '--porcelain', '--no-verify', '--no-recurse-submodules', '--end-of-options'];
    let failure: unknown;
    try {
      const { result, session } = await this.#runRemote('push', { gitDir, signal }, [
        ...args,
        this.#url.url,
        `${commit}:${ref}`,
      ]);
      const parsed = parsePush(result, ref, session.secrets);
      if (parsed) return parsed;
      failure = describeFailure(`push to ${this.address}`, result, session.secrets);
    } catch (error) {
      signal.throwIfAborted();
      failure = error;
    }
    const present = await this.#presentCommit(ref, signal);
    if (present === commit) return { status: 'pushed' };
    if (present === undefined || present === parent) throw failure;
    return { status: 'moved', reason: 'the connection broke, and the branch has another commit now' };
  }

  /** Undefined when the branch is missing or the remote cannot be asked. */
  async #presentCommit(ref: string, signal: AbortSignal): Promise<string | undefined> {
    try {
      return (await this.resolve([ref], signal)).get(ref);
    } catch {
      signal.throwIfAborted();
      return undefined;
    }
  }

  /** Uses the snapshot of a commit; one that turns out broken is thrown away and fetched once more. */
  async #useSnapshot<Result>(
    ref: string,
    commit: string,
    signal: AbortSignal,
    action: (at: LocalRepository, commit: string) => Promise<Result>,
  ): Promise<Result> {
    const cache = await this.#openCache();
    const use = async (): Promise<Result> => {
      const found = await this.#ensureSnapshot(cache, { ref, commit }, signal);
      return action({ gitDir: found.gitDir, folder: cache.scratch }, found.commit);
    };
    try {
      return await use();
    } catch (error) {
      if (!(error instanceof BrokenCacheError)) throw error;
      this.#options.log.warn('the git cache is broken and is fetched again', {
        repository: this.address,
        error: error.message,
      });
      // What it was carried on from, or what was carried on from it, shares its files and may be broken too.
      await cache.discard();
      return await use();
    }
  }

  /** Finds the snapshot or fetches it; a ref that moved meanwhile gives its new commit. */
  async #ensureSnapshot(
    cache: GitCache,
    wanted: { ref: string; commit: string },
    signal: AbortSignal,
  ): Promise<{ gitDir: string; commit: string }> {
    const ensure = async (): Promise<{ gitDir: string; commit: string }> => {
      const found = await cache.find(wanted.commit);
      if (found !== undefined) return { gitDir: found, commit: wanted.commit };
      await this.#makeRoom();
      const format = formatOf(wanted.commit);
      const gitDir = await cache.prepare(format, await newestOf(cache, format));
      try {
        const commit = await this.#fetch({ gitDir, folder: cache.scratch }, wanted.ref, signal);
        return { gitDir: await cache.publish(gitDir, commit), commit };
      } finally {
        await cache.remove(gitDir);
      }
    };
    return serially(`${this.#options.cacheFolder}\n${this.name}`, ensure, signal);
  }

  /** A cache that is too large is no reason not to fetch. */
  async #makeRoom(): Promise<void> {
    const { cacheFolder, log } = this.#options;
    try {
      await limitCaches(cacheFolder);
    } catch (error) {
      log.warn('the git caches cannot be kept below their limit', { error: (error as Error).message });
    }
  }

  /** Fetches the one commit that the ref has now, and gives its id. */
  async #fetch(at: LocalRepository, ref: string, signal: AbortSignal): Promise<string> {
    const { result, session } = await this.#runRemote('fetch', { gitDir: at.gitDir, signal }, [
      'fetch',
      ...['--quiet', '--depth=1', '--no-tags', '--no-recurse-submodules'],
      ...['--no-auto-maintenance', '--no-write-fetch-head', '--end-of-options'],
      this.#url.url,
      `+${ref}:${FETCHED}`,
    ]);
    if (result.exitCode !== 0) throw describeFailure(`fetch from ${this.address}`, result, session.secrets);
    const commit = await runLocal(at, ['rev-parse', '--verify', `${FETCHED}^{commit}`], { signal });
    return commit.toString('latin1').trim();
  }

  /** Refs of the remote with their object ids. Patterns match the ends of names, so callers look theirs up. */
  async #listRemote(
    options: readonly string[],
    patterns: readonly string[],
    signal: AbortSignal,
  ): Promise<[string, string][]> {
    const args = ['ls-remote', '--quiet', ...options, '--end-of-options', this.#url.url, ...patterns];
    const { result, session } = await this.#runRemote('ls-remote', { signal }, args);
    if (result.exitCode !== 0) throw describeFailure(`read ${this.address}`, result, session.secrets);
    const lines = result.stdout.toString('utf8').split('\n');
    return lines.flatMap((line): [string, string][] => {
      const [oid = '', ref] = line.split('\t');
      return ref !== undefined && isObjectId(oid) ? [[ref, oid]] : [];
    });
  }

  /** Runs a command that talks to the remote; its credentials are gone when this returns. */
  async #runRemote(
    command: 'ls-remote' | 'fetch' | 'push',
    { gitDir, signal }: { gitDir?: string; signal: AbortSignal },
    args: readonly string[],
  ): Promise<{ result: GitResult; session: GitSession }> {
    await requireGit(signal);
    const { scratch } = await this.#openCache();
    const { guard } = this.#options;
    const session = await openSession(
      { url: this.#url, auth: this.#auth, scratch, ...(guard && { guard }) },
      gitDir ?? `${scratch}/none`,
    );
    try {
      this.#options.onCommand?.(command, this.address);
      const { folder, env } = session;
      const growth = { folder: `${gitDir}/objects/pack`, maxBytes: this.#options.maxFetch ?? MAX_FETCH };
      const bounds = {
        timeout: TIMEOUTS[command],
        maxOutput: MAX_ANSWER,
        ...(command === 'fetch' && { growth }),
      };
      return { result: await runGit({ args, folder, env, ...bounds }, signal), session };
    } catch (error) {
      // Stopped or too late; its transport programs still have the credentials.
      await endProcesses(session.folder);
      throw error;
    } finally {
      await session.close();
    }
  }

  #openCache(): Promise<GitCache> {
    return openCache(this.#options.cacheFolder, this.name);
  }
}

/** A snapshot to carry on; one of the other hash cannot be. */
async function newestOf(cache: GitCache, format: ObjectFormat): Promise<string | undefined> {
  const newest = await cache.newest();
  return newest !== undefined && formatOf(newest.slice(newest.lastIndexOf('/') + 1)) === format
    ? newest
    : undefined;
}
