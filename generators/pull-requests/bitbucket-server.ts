import { isObject, type JsonObject, type JsonValue, ownValue } from '../../src/lib/json.ts';
import { objectField, objectsField, textField } from '../../src/lib/json-fields.ts';
import { checkAddress, commitField, haveSameId, numberField, objectList } from './answer-fields.ts';
import type { Driver, Page, PageAnswer } from './driver.ts';
import { PAGE_SIZE } from './linked-page.ts';
import type { CloneAddresses, PullRequest } from './pull-request.ts';
import { apiBelow } from './server-url.ts';

/** https://developer.atlassian.com/server/bitbucket/rest/ (pull requests, and the paging of all lists) */
export const bitbucketServer: Driver = {
  apiUrl: (serverURL = '') => apiBelow(serverURL, '/rest/api/1.0'),
  firstPage: ({ repo }, api) => {
    const [project = '', slug = ''] = repo.split('/');
    return `${repositoryUrl(api, project, slug)}/pull-requests?state=OPEN&order=OLDEST&limit=${PAGE_SIZE}`;
  },
  readPage,
  readPullRequest,
  readRepository,
};

function repositoryUrl(api: string, project: string, slug: string): string {
  return `${api}/projects/${encodeURIComponent(project)}/repos/${encodeURIComponent(slug)}`;
}

function readPage({ url, body }: PageAnswer): Page {
  const isLast = isObject(body) ? ownValue(body, 'isLastPage') : undefined;
  if (!isObject(body) || typeof isLast !== 'boolean') {
    throw new Error('the answer is JSON, but not a page of Bitbucket Server; check driver and serverURL');
  }
  const items = objectList(ownValue(body, 'values') ?? null);
  return { items, next: isLast ? undefined : nextPage(url, body), total: undefined };
}

function nextPage(page: string, body: JsonObject): string {
  const url = new URL(page);
  url.searchParams.set('start', String(numberField(body, 'nextPageStart')));
  return url.href;
}

function readPullRequest(item: JsonObject, api: string): PullRequest {
  const from = objectField(item, 'fromRef');
  const to = objectField(item, 'toRef');
  const repository = objectField(from, 'repository');
  return {
    number: numberField(item, 'id'),
    title: textField(item, 'title'),
    branch: textField(from, 'displayId'),
    targetBranch: textField(to, 'displayId'),
    headSha: commitField(from, 'latestCommit'),
    labels: [],
    isFork: !haveSameId(repository, objectField(to, 'repository')),
    source: hasLinks(repository) ? readRepository(repository) : { lookUp: lookUpUrl(repository, api) },
  };
}

function lookUpUrl(repository: JsonObject, api: string): string {
  return repositoryUrl(
    api,
    textField(objectField(repository, 'project'), 'key'),
    textField(repository, 'slug'),
  );
}

/** Older servers leave the links out of pull requests. */
function hasLinks(repository: JsonObject): boolean {
  const links = ownValue(repository, 'links');
  return isObject(links) && Object.hasOwn(links, 'clone');
}

/** A protocol that the server does not offer has no link. */
function readRepository(body: JsonValue): CloneAddresses {
  const links = objectsField(objectField(body, 'links'), 'clone');
  const find = (name: string) => links.find((link) => ownValue(link, 'name') === name);
  const [http, ssh] = [find('http') ?? find('https'), find('ssh')];
  if (!http && !ssh) throw new Error('"links.clone" has neither http nor ssh');
  return {
    http: http ? checkAddress(textField(http, 'href')) : '',
    ssh: ssh ? textField(ssh, 'href') : '',
  };
}
