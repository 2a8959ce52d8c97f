import type { PullRequestsSpec } from '../../generators/pull-requests/schema.ts';

type DriverName = PullRequestsSpec['driver'];

/** What a pull request of the tests has; the rest is as in the documentation of each server. */
export interface PullRequestSample {
  readonly number: number;
  readonly branch?: string;
  readonly targetBranch?: string;
  readonly title?: string;
  readonly labels?: readonly string[];
  /** Whose fork it comes from; null: it was deleted. */
  readonly fork?: string | null;
}

/** The commit at the head of a sample. */
export function shaOf(number: number): string {
  return number.toString(16).padStart(40, '0');
}

const MAIN_ID = 1296269;
const idOf = (owner: string): number => (owner === 'octo' ? MAIN_ID : MAIN_ID + owner.length);

/** A repository as GitHub and Gitea write it, cut to what matters and a few fields beside. */
function repository(owner: string): object {
  return {
    id: idOf(owner),
    name: 'hello',
    full_name: `${owner}/hello`,
    private: false,
    owner: { login: owner, id: 1, type: 'User' },
    html_url: `https://scm.example/${owner}/hello`,
    fork: owner !== 'octo',
    clone_url: `https://scm.example/${owner}/hello.git`,
    ssh_url: `git@scm.example:${owner}/hello.git`,
    default_branch: 'main',
  };
}

function ownerOf(fork: string | null | undefined): string {
  return fork ?? 'octo';
}

/** https://docs.github.com/rest/pulls/pulls#list-pull-requests; Gitea's has the same fields. */
function github(sample: PullRequestSample): object {
  const { number, branch = `b${number}`, targetBranch = 'main', title = `Title ${number}`, fork } = sample;
  const repo = fork === null ? null : repository(ownerOf(fork));
  return {
    url: `https://scm.example/api/v3/repos/octo/hello/pulls/${number}`,
    id: number + 1000,
    node_id: 'MDExOlB1bGxSZXF1ZXN0MQ==',
    number,
    state: 'open',
    locked: false,
    title,
    user: { login: 'octocat', id: 1 },
    body: 'Please pull these awesome changes in!',
    labels: (sample.labels ?? []).map((name, id) => ({ id, name, color: 'f29513' })),
    milestone: null,
    draft: false,
    head: { label: `octo:${branch}`, ref: branch, sha: shaOf(number), repo },
    base: { label: `octo:${targetBranch}`, ref: targetBranch, sha: shaOf(0), repo: repository('octo') },
  };
}

/** https://docs.gitlab.com/api/merge_requests/#list-project-merge-requests */
function gitlab(sample: PullRequestSample): object {
  const { number, branch = `b${number}`, targetBranch = 'main', title = `Title ${number}`, fork } = sample;
  return {
    id: number + 1000,
    iid: number,
    project_id: MAIN_ID,
    title,
    description: 'fixed login page css paddings',
    state: 'opened',
    target_branch: targetBranch,
    source_branch: branch,
    author: { id: 1, username: 'admin' },
    source_project_id: fork === null ? null : idOf(ownerOf(fork)),
    target_project_id: MAIN_ID,
    labels: sample.labels ?? [],
    draft: false,
    sha: shaOf(number),
    merge_commit_sha: null,
    web_url: `https://scm.example/octo/hello/merge_requests/${number}`,
  };
}

/** https://developer.atlassian.com/server/bitbucket/rest/ (repository) */
function bitbucketRepository(owner: string): object {
  return {
    slug: 'hello',
    id: idOf(owner),
    name: 'hello',
    scmId: 'git',
    state: 'AVAILABLE',
    project: { key: owner, id: 1, name: owner, type: 'NORMAL' },
    public: true,
    links: {
      clone: [
        { href: `ssh://git@scm.example:7999/${owner}/hello.git`, name: 'ssh' },
        { href: `https://admin@scm.example/scm/${owner}/hello.git`, name: 'http' },
      ],
      self: [{ href: `https://scm.example/projects/${owner}/repos/hello/browse` }],
    },
  };
}

/** https://developer.atlassian.com/server/bitbucket/rest/ (pull requests) */
function bitbucketServer(sample: PullRequestSample): object {
  const { number, branch = `b${number}`, targetBranch = 'main', title = `Title ${number}`, fork } = sample;
  const ref = (name: string, commit: string, owner: string) => ({
    id: `refs/heads/${name}`,
    displayId: name,
    latestCommit: commit,
    repository: bitbucketRepository(owner),
  });
  return {
    id: number,
    version: 1,
    title,
    description: "It's a kludge, but put the tuple from the database in the cache.",
    state: 'OPEN',
    open: true,
    closed: false,
    fromRef: ref(branch, shaOf(number), ownerOf(fork)),
    toRef: ref(targetBranch, shaOf(0), 'octo'),
    locked: false,
    author: { user: { name: 'tom' }, role: 'AUTHOR', approved: true },
  };
}

const ITEMS = { github, gitea: github, gitlab, bitbucketserver: bitbucketServer } as const;

/** A sample as its server writes it. */
export function itemOf(driver: DriverName, sample: PullRequestSample): object {
  return ITEMS[driver](sample);
}

/** Where each server lists the pull requests of the tests. */
export const LIST_PATHS: Readonly<Record<DriverName, string>> = {
  github: '/api/v3/repos/octo/hello/pulls',
  gitea: '/api/v1/repos/octo/hello/pulls',
  gitlab: '/api/v4/projects/octo%2Fhello/merge_requests',
  bitbucketserver: '/rest/api/1.0/projects/octo/repos/hello/pull-requests',
};

/** One page, as its server answers it. */
export interface AnsweredPage {
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** The page of a list that a URL asks for, with the paging of its server. */
export function answerPage(
  driver: DriverName,
  samples: readonly PullRequestSample[],
  url: URL,
): AnsweredPage {
  const { items, size, start } = cutPage(driver, samples, url);
  const more = start + size < samples.length;
  if (driver === 'bitbucketserver') {
    const next = { isLastPage: !more, nextPageStart: more ? start + size : null };
    return json({ size: items.length, limit: size, start, ...next, values: items });
  }
  const links = {
    ...(more && { next: start / size + 2 }),
    ...(start > 0 && { prev: start / size, first: 1 }),
  };
  const total = driver === 'gitlab' ? 'x-total' : 'x-total-count';
  return json(items, {
    ...(Object.keys(links).length > 0 && { link: linkHeader(url, links) }),
    ...(driver !== 'github' && { [total]: String(samples.length) }),
  });
}

/** Gitea gives at most 50 on a page unless its operator says otherwise. */
function cutPage(driver: DriverName, samples: readonly PullRequestSample[], url: URL) {
  const query = url.searchParams;
  const asked = Number(query.get('per_page') ?? query.get('limit'));
  const size = driver === 'gitea' ? Math.min(asked, 50) : asked;
  const start = Number(query.get('start') ?? (Number(query.get('page') ?? 1) - 1) * size);
  const items = samples.slice(start, start + size).map((sample) => itemOf(driver, sample));
  return { items, size, start };
}

function linkHeader(url: URL, links: Readonly<Record<string, number>>): string {
  const entries = Object.entries(links).map(([rel, page]) => {
    const target = new URL(url);
    target.searchParams.set('page', String(page));
    return `<${target.href}>; rel="${rel}"`;
  });
  return entries.join(', ');
}

function json(body: unknown, headers: Record<string, string> = {}): AnsweredPage {
  return { headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
}

/** The answer to a question for a project of GitLab, by its id. */
export function gitlabProject(path: string): AnsweredPage | undefined {
  const id = Number(/^\/api\/v4\/projects\/(\d+)$/.exec(path)?.[1]);
  const owner = ['octo', 'stranger', 'a', 'bc'].find((name) => idOf(name) === id);
  if (owner === undefined) return undefined;
  return json({
    id,
    path_with_namespace: `${owner}/hello`,
    http_url_to_repo: `https://scm.example/${owner}/hello.git`,
    ssh_url_to_repo: `git@scm.example:${owner}/hello.git`,
  });
}
