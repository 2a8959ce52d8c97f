import type { IncomingMessage } from 'node:http';
import type { PullRequestsSpec } from '../../generators/pull-requests/schema.ts';
import { startHttpServer, type TestServer } from './http-server.ts';
import {
  type AnsweredPage,
  answerPage,
  gitlabProject,
  itemOf,
  LIST_PATHS,
  type PullRequestSample,
} from './pull-request-answers.ts';
import { type Vendor, type VendorAnswer, vendors } from './pull-request-vendors.ts';

/** What a server was asked, without the credentials. */
export interface StrictRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** Every header but those of the connection. */
  readonly headers: Readonly<Record<string, string>>;
}

/** A server that does what its documentation says, and nothing for whoever asks for something else. */
export interface StrictServer extends TestServer {
  readonly requests: readonly StrictRequest[];
  /** What was asked that the documentation does not know. */
  readonly mistakes: readonly string[];
  samples: readonly PullRequestSample[];
  trouble?: 'unscoped' | 'hidden' | 'limited' | undefined;
  /** Whether the repository has another name now. */
  isRenamed: boolean;
  /** Called before each page of a list. */
  beforePage: (page: number) => void;
}

/** Headers of every connection, whoever asks. */
const CONNECTION = new Set(['host', 'connection', 'accept-encoding', 'content-length']);

/** Starts a server of this kind that takes this token. */
export async function startStrictServer(
  driver: PullRequestsSpec['driver'],
  token: string,
): Promise<StrictServer> {
  const vendor = vendors[driver];
  const requests: StrictRequest[] = [];
  const mistakes: string[] = [];
  const server = await startHttpServer((request, response) => {
    const url = new URL(request.url ?? '', `http://${request.headers.host}`);
    requests.push(recordOf(request, url, token));
    mistakes.push(...mistakesOf(request, url, vendor));
    const answer = answerTo(state, url, request.headers.authorization === `Bearer ${token}`);
    const { status = 200, headers, body } = answer as Partial<VendorAnswer> & AnsweredPage;
    response.writeHead(status, { ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  const state: StrictServer & { readonly driver: PullRequestsSpec['driver'] } = {
    ...server,
    driver,
    requests,
    mistakes,
    samples: [],
    isRenamed: false,
    beforePage: () => {},
  };
  return state;
}

function recordOf(request: IncomingMessage, url: URL, token: string): StrictRequest {
  const headers = Object.entries(request.headers).filter(([name]) => !CONNECTION.has(name));
  return {
    method: request.method ?? '',
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: Object.fromEntries(headers.map(([name, value]) => [name, `${value}`.replace(token, '(token)')])),
  };
}

function mistakesOf({ method, headers }: IncomingMessage, url: URL, vendor: Vendor): string[] {
  const isList = !/\/projects\/\d+$/.test(url.pathname);
  const known = isList ? vendor.parameters : {};
  const unknown = [...url.searchParams].filter(([name, value]) => !known[name]?.test(value));
  return [
    ...(method === 'GET' ? [] : [`method ${method}`]),
    ...(headers.accept === 'application/json' ? [] : [`accept ${headers.accept}`]),
    // GitHub answers 403 to whoever does not say who asks.
    ...(headers['user-agent'] ? [] : ['no user agent']),
    ...unknown.map(([name, value]) => `${url.pathname}?${name}=${value}`),
  ];
}

function answerTo(
  state: StrictServer & { readonly driver: PullRequestsSpec['driver'] },
  url: URL,
  isKnown: boolean,
): VendorAnswer | AnsweredPage {
  const { driver, trouble, isRenamed } = state;
  const { moved, ...vendor } = vendors[driver];
  if (!isKnown) return vendor.refused;
  if (trouble) return vendor[trouble];
  const { pathname, search } = url;
  if (isRenamed && moved && pathname === LIST_PATHS[driver])
    return { status: moved.status, headers: { location: `${moved.path}${search}` }, body: {} };
  const isList = pathname === LIST_PATHS[driver] || pathname === moved?.path;
  return (isList ? listPage(state, url) : gitlabProject(pathname)) ?? vendor.hidden;
}

/** GitLab filters by labels itself; GitHub's links lead by the repository's id. */
function listPage(
  state: StrictServer & { readonly driver: PullRequestsSpec['driver'] },
  url: URL,
): AnsweredPage {
  const { driver } = state;
  if (driver === 'bitbucketserver') return bitbucketPage(state, url);
  state.beforePage(Number(url.searchParams.get('page') ?? 1));
  const wanted = url.searchParams.get('labels')?.split(',') ?? [];
  const samples = state.samples.filter(({ labels = [] }) => wanted.every((label) => labels.includes(label)));
  const page = answerPage(driver, samples, url);
  const { link } = page.headers;
  const byId = vendors.github.moved?.path ?? '';
  if (driver !== 'github' || link === undefined) return page;
  return { ...page, headers: { ...page.headers, link: link.replaceAll(LIST_PATHS.github, byId) } };
}

/** Every third row is nobody's to see: a page goes on where the server stopped looking, not behind as many as it gave. */
function bitbucketPage(state: StrictServer, url: URL): AnsweredPage {
  const [start, limit] = [Number(url.searchParams.get('start') ?? 0), Number(url.searchParams.get('limit'))];
  state.beforePage(start === 0 ? 1 : 2);
  const rows = state.samples.flatMap((sample, index) => (index % 2 === 1 ? [sample, undefined] : [sample]));
  const values: object[] = [];
  let position = start;
  for (; position < rows.length && values.length < limit; position++) {
    const sample = rows[position];
    if (sample) values.push(itemOf('bitbucketserver', sample));
  }
  const isLastPage = position >= rows.length;
  const nextPageStart = isLastPage ? null : position;
  const body = JSON.stringify({ size: values.length, limit, start, isLastPage, nextPageStart, values });
  return { headers: { 'content-type': 'application/json' }, body };
}
