import type { JsonObject, JsonValue } from '../../src/lib/json.ts';
import { weighJson } from '../../src/lib/weigh-json.ts';
import type { Ask } from './ask.ts';
import type { Driver, Page, PageAnswer } from './driver.ts';
import type { PullRequest } from './pull-request.ts';

const MAX_PAGES = 100;
const MAX_PULL_REQUESTS = 10_000;
/** Bytes that all of them may take in memory, roughly: far more than servers let people type. */
const MAX_WEIGHT = 32 * 1024 * 1024;
/** How often a list of several pages is read until it keeps still. */
const MAX_READS = 4;

/** A list that is asked for page by page. */
export interface PagedList {
  readonly driver: Driver;
  readonly api: string;
  readonly firstPage: string;
}

/**
 * All pull requests of a list, sorted by number. A list of several pages is read until two reads in a row have the
 * same: when one is closed meanwhile, the next ones move across the edge of a page, and would be missed.
 */
export async function readList(list: PagedList, ask: Ask): Promise<PullRequest[]> {
  let last = await readPages(list, ask);
  for (let reads = 1; last.pages > 1; reads++) {
    if (reads === MAX_READS) {
      throw new Error(
        `the list of pull requests changed in each of ${MAX_READS} reads; it is read again later`,
      );
    }
    const next = await readPages(list, ask);
    if (numbersOf(next) === numbersOf(last)) return sortUnique(next.pullRequests);
    last = next;
  }
  return sortUnique(last.pullRequests);
}

/** One read of a list, in the order of its pages. */
interface Read {
  readonly pages: number;
  readonly pullRequests: readonly PullRequest[];
}

async function readPages(list: PagedList, ask: Ask): Promise<Read> {
  const pullRequests: PullRequest[] = [];
  const asked = new Set<string>();
  let url: string | undefined = list.firstPage;
  let weight = 0;
  for (let pages = 0; url !== undefined; pages++) {
    if (asked.has(url)) throw new Error('the server gives a page of the pull requests as its own next page');
    if (pages === MAX_PAGES) throw tooMany();
    asked.add(url);
    const page: ReadPage = await ask(url, (answer) => readPage(list, answer));
    pullRequests.push(...page.pullRequests);
    if (pullRequests.length > MAX_PULL_REQUESTS) throw tooMany();
    weight += page.weight;
    if (weight > MAX_WEIGHT) throw new Error('the texts of the pull requests are too long to be kept');
    url = page.next;
    if (url === undefined) checkTotal(page.total, pullRequests.length, pages);
  }
  return { pages: asked.size, pullRequests };
}

/** A page whose items have been read, so that no more of it is kept than is needed. */
interface ReadPage extends Omit<Page, 'items'> {
  readonly pullRequests: readonly PullRequest[];
  /** Bytes that they take in memory, roughly. */
  readonly weight: number;
}

function readPage({ driver, api }: PagedList, answer: PageAnswer): ReadPage {
  const { items, ...page } = driver.readPage(answer);
  const read = (item: JsonObject, position: number) => {
    try {
      return driver.readPullRequest(item, api);
    } catch (error) {
      throw new Error(`item ${position} is no pull request: ${(error as Error).message}`, { cause: error });
    }
  };
  const pullRequests = items.map(read);
  return { ...page, pullRequests, weight: weighJson(pullRequests as unknown as JsonValue) };
}

/** On several pages the total may have changed since; there the second read tells. */
function checkTotal(total: number | undefined, count: number, pages: number): void {
  if (pages > 0 || total === undefined || total === count) return;
  throw new Error(`the server gave ${count} pull requests of ${total}, and no next page`);
}

function numbersOf({ pullRequests }: Read): string {
  return pullRequests.map(({ number }) => number).join();
}

function sortUnique(pullRequests: readonly PullRequest[]): PullRequest[] {
  const sorted = pullRequests.toSorted((one, other) => one.number - other.number);
  const twin = sorted.find(({ number }, position) => sorted[position + 1]?.number === number);
  if (twin) throw new Error(`the server gave pull request ${twin.number} twice`);
  return sorted;
}

/** A list that is cut off would delete what belongs to the rest. */
function tooMany(): Error {
  return new Error(
    `there are more than ${MAX_PAGES} pages or ${MAX_PULL_REQUESTS} of open pull requests, too many for one generator`,
  );
}
