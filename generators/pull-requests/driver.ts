import type { HttpAnswer } from '../../src/api/readers.ts';
import type { JsonObject, JsonValue } from '../../src/lib/json.ts';
import type { CloneAddresses, PullRequest } from './pull-request.ts';
import type { PullRequestsSpec } from './schema.ts';

/** What differs between servers. Everything that reads an answer throws where the answer is not as documented. */
export interface Driver {
  /** The API of the server, without a final slash. */
  apiUrl(serverURL: string | undefined): string;
  /** The first page of the open pull requests, oldest first. */
  firstPage(spec: PullRequestsSpec, api: string): string;
  readPage(answer: PageAnswer): Page;
  readPullRequest(item: JsonObject, api: string): PullRequest;
  /** The repository behind `lookUp`. */
  readRepository(body: JsonValue): CloneAddresses;
}

/** A good answer to the question for one page. */
export interface PageAnswer {
  readonly url: string;
  readonly headers: HttpAnswer['headers'];
  readonly body: JsonValue;
}

/** One page of a list. */
export interface Page {
  readonly items: readonly JsonObject[];
  /** The URL of the page that follows; undefined on the last. */
  readonly next: string | undefined;
  /** How many items the whole list has, where the server says so. */
  readonly total: number | undefined;
}
