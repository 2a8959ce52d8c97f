import type { PullRequestsSpec } from '../../generators/pull-requests/schema.ts';

/** A whole answer, without what depends on the question. */
export interface VendorAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** What the documentation of a server says of a list of pull requests, beside the list itself. */
export interface Vendor {
  /** Every query parameter that it knows, and which values it takes. */
  readonly parameters: Readonly<Record<string, RegExp>>;
  /** A token that is wrong. */
  readonly refused: VendorAnswer;
  /** A token that may do something else only. */
  readonly unscoped: VendorAnswer;
  /** A repository that is not there, or not for this token. */
  readonly hidden: VendorAnswer;
  /** Asked too often, and for how many milliseconds it wants to be left alone. */
  readonly limited: VendorAnswer & { readonly wait: number };
  /** Where the repository went when it was renamed: status, and the path in place of the list's. */
  readonly moved?: { readonly status: number; readonly path: string };
}

const COUNT = /^(?:100|[1-9]\d?)$/;
const PAGE = /^[1-9]\d*$/;

/** https://docs.github.com/rest/pulls/pulls, /rest/using-the-rest-api/{troubleshooting,rate-limits}-for-the-rest-api */
const github: Vendor = {
  parameters: {
    state: /^(?:open|closed|all)$/,
    head: /./,
    base: /./,
    sort: /^(?:created|updated|popularity|long-running)$/,
    direction: /^(?:asc|desc)$/,
    per_page: COUNT,
    page: PAGE,
  },
  refused: { status: 401, body: { message: 'Bad credentials', status: '401' } },
  unscoped: { status: 403, body: { message: 'Resource not accessible by personal access token' } },
  hidden: { status: 404, body: { message: 'Not Found', status: '404' } },
  limited: {
    status: 403,
    headers: { 'retry-after': '90', 'x-ratelimit-remaining': '4999' },
    body: { message: 'You have exceeded a secondary rate limit' },
    wait: 90_000,
  },
  moved: { status: 301, path: '/api/v3/repositories/1296269/pulls' },
};

/** https://docs.gitlab.com/api/merge_requests, /api/rest/#redirects, /api/rest/troubleshooting, /security/rate_limits */
const gitlab: Vendor = {
  parameters: {
    state: /^(?:opened|closed|locked|merged|all)$/,
    order_by: /^(?:created_at|updated_at|title|merged_at|label_priority|priority)$/,
    sort: /^(?:asc|desc)$/,
    labels: /./,
    source_branch: /./,
    target_branch: /./,
    per_page: COUNT,
    page: PAGE,
  },
  refused: { status: 401, body: { message: '401 Unauthorized' } },
  unscoped: {
    status: 403,
    body: {
      error: 'insufficient_scope',
      error_description: 'The request requires higher privileges than provided by the access token.',
      scope: 'api read_api',
    },
  },
  hidden: { status: 404, body: { message: '404 Project Not Found' } },
  limited: {
    status: 429,
    headers: { 'retry-after': '45', 'ratelimit-remaining': '0', 'ratelimit-limit': '600' },
    body: 'Retry later\n',
    wait: 45_000,
  },
  moved: { status: 301, path: '/api/v4/projects/1296269/merge_requests' },
};

/** https://docs.gitea.com/api, /development/api-usage, /development/oauth2-provider (scopes) */
const gitea: Vendor = {
  parameters: {
    state: /^(?:open|closed|all)$/,
    sort: /^(?:oldest|recentupdate|recentclose|leastupdate|mostcomment|leastcomment|priority)$/,
    base_branch: /./,
    milestone: /^\d+$/,
    labels: /^\d+$/,
    poster: /./,
    limit: COUNT,
    page: PAGE,
  },
  refused: { status: 401, body: { message: 'user does not exist [uid: 0, name: ]' } },
  unscoped: {
    status: 403,
    body: { message: 'token does not have at least one of required scope(s): [read:repository]' },
  },
  hidden: { status: 404, body: { message: "The target couldn't be found." } },
  limited: { status: 429, headers: { 'retry-after': '31' }, body: 'Too Many Requests', wait: 31_000 },
  moved: { status: 307, path: '/api/v1/repos/octo/renamed/pulls' },
};

/** https://developer.atlassian.com/server/bitbucket/rest, .../bitbucketserver/improving-instance-stability-with-rate-limiting */
const bitbucketserver: Vendor = {
  parameters: {
    state: /^(?:ALL|OPEN|DECLINED|MERGED)$/,
    order: /^(?:NEWEST|OLDEST)$/,
    direction: /^(?:INCOMING|OUTGOING)$/,
    at: /^refs\//,
    filterText: /./,
    withAttributes: /^(?:true|false)$/,
    withProperties: /^(?:true|false)$/,
    start: /^\d+$/,
    limit: /^[1-9]\d*$/,
  },
  refused: {
    status: 401,
    body: { errors: [{ context: null, message: 'Authentication failed.', exceptionName: 'x' }] },
  },
  unscoped: {
    status: 401,
    body: { errors: [{ context: null, message: 'You are not permitted to access this resource' }] },
  },
  hidden: {
    status: 404,
    body: { errors: [{ exceptionName: 'com.atlassian.bitbucket.repository.NoSuchRepositoryException' }] },
  },
  limited: {
    status: 429,
    headers: { 'x-ratelimit-limit': '60', 'x-ratelimit-interval-seconds': '1', 'retry-after': '60' },
    body: { errors: [{ message: 'You are currently rate limited' }] },
    wait: 60_000,
  },
};

/** By the driver. */
export const vendors: Readonly<Record<PullRequestsSpec['driver'], Vendor>> = {
  github,
  gitlab,
  gitea,
  bitbucketserver,
};
