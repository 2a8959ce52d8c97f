import { compileGlob } from '../../src/lib/glob.ts';
import type { PullRequest } from './pull-request.ts';
import type { PullRequestsSpec } from './schema.ts';

/** The pull requests that a spec wants: all of its labels, its branches, and forks only where it says so. */
export function selectPullRequests(
  pullRequests: readonly PullRequest[],
  { labels = [], forks = false, branches, targetBranches }: PullRequestsSpec,
): PullRequest[] {
  const fromBranch = matcherOf(branches);
  const intoBranch = matcherOf(targetBranches);
  return pullRequests.filter(
    (pullRequest) =>
      (forks || !pullRequest.isFork) &&
      labels.every((label) => pullRequest.labels.includes(label)) &&
      fromBranch(pullRequest.branch) &&
      intoBranch(pullRequest.targetBranch),
  );
}

/** Whether any glob takes a branch; without globs all are taken. */
function matcherOf(globs: readonly string[] | undefined): (branch: string) => boolean {
  if (!globs) return () => true;
  const matchers = globs.map((glob) => compileGlob(glob, { dot: true }));
  return (branch) => matchers.some((matches) => matches(branch));
}
