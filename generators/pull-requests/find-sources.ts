import { createLimiter } from '../../src/lib/limiter.ts';
import type { Logger } from '../../src/lib/logger.ts';
import type { Ask } from './ask.ts';
import type { Driver } from './driver.ts';
import type { CloneAddresses, PullRequest, Source } from './pull-request.ts';

/** Each is a request at every pass. */
const MAX_LOOK_UPS = 200;
const AT_ONCE = 4;

/** A pull request whose commit and repository are there. */
export interface SourcedPullRequest extends PullRequest {
  readonly headSha: string;
  readonly addresses: CloneAddresses;
}

/** How repositories are looked up. */
interface LookUp {
  readonly driver: Driver;
  readonly ask: Ask;
  readonly log: Logger;
}

/**
 * The pull requests with the addresses of their repositories, each of which is looked up once. Those that nobody can
 * check out any more are left out, with a warning: their fork was deleted, or they have no commit.
 */
export async function findSources(
  pullRequests: readonly PullRequest[],
  { driver, ask, log }: LookUp,
): Promise<SourcedPullRequest[]> {
  const whole = pullRequests.filter(isWhole);
  warnOfOthers(pullRequests, log);
  const limit = createLimiter(AT_ONCE);
  const found = new Map<string, Promise<CloneAddresses>>();
  const addressesOf = (source: Source): CloneAddresses | Promise<CloneAddresses> => {
    if (!('lookUp' in source)) return source;
    const { lookUp } = source;
    const addresses =
      found.get(lookUp) ?? limit(() => ask(lookUp, ({ body }) => driver.readRepository(body)));
    found.set(lookUp, addresses);
    return addresses;
  };
  checkLookUps(whole);
  return Promise.all(
    whole.map(async (pullRequest) => ({ ...pullRequest, addresses: await addressesOf(pullRequest.source) })),
  );
}

/** Has all that an element needs. */
type Whole = PullRequest & { readonly headSha: string; readonly source: Source };

function isWhole(pullRequest: PullRequest): pullRequest is Whole {
  return pullRequest.source !== undefined && pullRequest.headSha !== undefined;
}

function warnOfOthers(pullRequests: readonly PullRequest[], log: Logger): void {
  const numbers = pullRequests.filter((one) => !isWhole(one)).map(({ number }) => number);
  if (numbers.length === 0) return;
  const some = numbers.slice(0, 10).join(', ') + (numbers.length > 10 ? ', ...' : '');
  log.warn(`no elements for pull requests ${some}: their fork was deleted, or they have no commit`);
}

function checkLookUps(whole: readonly Whole[]): void {
  const urls = new Set(whole.map(({ source }) => ('lookUp' in source ? source.lookUp : '')));
  if (urls.size <= MAX_LOOK_UPS) return;
  throw new Error(
    `the pull requests come from more than ${MAX_LOOK_UPS} repositories; narrow them with labels or branches`,
  );
}
