import type { Element } from '../../src/api/element.ts';
import { describeUrl } from '../../src/lib/describe-url.ts';
import { formatDuration, parseDuration } from '../../src/lib/duration.ts';
import type { GenerateContext, Generator } from '../generator.ts';
import { prepareAsk } from './ask.ts';
import { checkSpec } from './check.ts';
import { drivers } from './drivers.ts';
import { findSources, type SourcedPullRequest } from './find-sources.ts';
import { type PagedList, readList } from './read-list.ts';
import { type PullRequestsSpec, pullRequestsSchema } from './schema.ts';
import { selectPullRequests } from './select.ts';

/** Milliseconds for all pages together. */
const MAX_TIME = 10 * 60 * 1000;

/** Asks a server for the open pull requests of a repository and gives an element for each. */
export const pullRequests: Generator<PullRequestsSpec> = {
  name: 'pullRequests',
  schema: pullRequestsSchema,
  check: checkSpec,
  async generate(spec, context) {
    context.signal.throwIfAborted();
    const deadline = AbortSignal.timeout(MAX_TIME);
    const stop = new AbortController();
    const signal = AbortSignal.any([context.signal, deadline, stop.signal]);
    try {
      const found = await findPullRequests(spec, { ...context, signal });
      return found.map((pullRequest) => noted(pullRequest, context));
    } catch (error) {
      context.signal.throwIfAborted();
      if (!deadline.aborted) throw error;
      const message = `the pull requests of ${spec.repo} could not be read within ${formatDuration(MAX_TIME)}`;
      throw new Error(message, { cause: error });
    } finally {
      // After the first request that fails nobody waits for the others.
      stop.abort();
    }
  },
  interval: (spec) => parseDuration(spec.interval),
  query: (spec) => `GET ${describeUrl(listOf(spec).firstPage)}`,
};

/** Where a spec's pull requests are listed. */
function listOf(spec: PullRequestsSpec): PagedList {
  const driver = drivers[spec.driver];
  const api = driver.apiUrl(spec.serverURL);
  return { driver, api, firstPage: driver.firstPage(spec, api) };
}

async function findPullRequests(
  spec: PullRequestsSpec,
  context: GenerateContext,
): Promise<SourcedPullRequest[]> {
  const list = listOf(spec);
  const ask = await prepareAsk(spec, context);
  const wanted = selectPullRequests(await readList(list, ask), spec);
  return findSources(wanted, { driver: list.driver, ask, log: context.log });
}

/** GitOpsSets' keys, and what else is often wanted. */
function noted(pullRequest: SourcedPullRequest, context: GenerateContext): Element {
  const element: Element = {
    Number: String(pullRequest.number),
    Branch: pullRequest.branch,
    HeadSHA: pullRequest.headSha,
    CloneURL: pullRequest.addresses.http,
    CloneSSHURL: pullRequest.addresses.ssh,
    Fork: pullRequest.isFork,
    TargetBranch: pullRequest.targetBranch,
    Title: pullRequest.title,
    Labels: pullRequest.labels.toSorted(compareTexts),
  };
  context.note(element, { key: String(pullRequest.number) });
  return element;
}

function compareTexts(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
