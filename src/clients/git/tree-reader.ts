import { StalledError } from '../../api/errors.ts';
import type { RepositoryRef, Tree, TreeReader } from '../../api/readers.ts';
import { checkRefName, isObjectId } from '../../lib/git-ref.ts';
import { type GitOptions, type GitRepository, openRepository } from './git-repository.ts';

/** Reads trees of remote repositories through the cache: one `ls-remote`, and a fetch when the ref has moved. */
export function createTreeReader(options: GitOptions): TreeReader {
  return {
    open: async (repository, signal) => openTree(openRepository(repository, options), repository.ref, signal),
  };
}

/** A missing ref is an error, never an empty tree. */
async function openTree(
  repository: GitRepository,
  wanted: RepositoryRef['ref'],
  signal: AbortSignal,
): Promise<Tree> {
  const { ref, what } = fullRef(wanted);
  if (isObjectId(ref)) {
    // Asking for HEAD shows that the credentials may read here, whatever the cache has.
    await repository.resolve(['HEAD'], signal);
    return repository.open(ref, ref, signal);
  }
  const commit = (await repository.resolve([ref], signal)).get(ref);
  if (commit === undefined) throw new Error(`${repository.address} has no ${what}`);
  return repository.open(ref, commit, signal);
}

/** The one ref that is given, as git names it. */
function fullRef({ branch, tag, commit }: RepositoryRef['ref']): { ref: string; what: string } {
  try {
    if ([branch, tag, commit].filter((part) => part !== undefined).length !== 1)
      throw new Error('give exactly one of branch, tag and commit');
    if (branch !== undefined) {
      checkRefName(branch, 'branch');
      return { ref: `refs/heads/${branch}`, what: `branch ${branch}` };
    }
    if (tag !== undefined) {
      checkRefName(tag, 'tag');
      return { ref: `refs/tags/${tag}`, what: `tag ${tag}` };
    }
    if (commit === undefined || !isObjectId(commit))
      throw new Error('commit must be a full object id of 40 (or 64) lower-case hex digits');
    return { ref: commit, what: `commit ${commit}` };
  } catch (error) {
    throw new StalledError('InvalidRef', (error as Error).message, { cause: error });
  }
}
