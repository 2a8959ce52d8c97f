import { isObject, type JsonObject } from '../../src/lib/json.ts';
import { objectField, textField } from '../../src/lib/json-fields.ts';
import { addressFields, commitField, hasField, haveSameId, nameList, numberField } from './answer-fields.ts';

import type { Driver } from './driver.ts';
import { PAGE_SIZE, readLinkedPage } from './linked-page.ts';
import type { CloneAddresses, PullRequest } from './pull-request.ts';
import { apiBelow, repositoryPath } from './server-url.ts';

/** https://docs.github.com/rest/pulls/pulls#list-pull-requests */
export const github: Driver = {
  apiUrl,
  firstPage: ({ repo }, api) =>
    `${api}/repos/${repositoryPath(repo)}/pulls?state=open&sort=created&direction=asc&per_page=${PAGE_SIZE}`,
  readPage: (answer) => readLinkedPage(answer),
  readPullRequest,
  readRepository,
};

/** GitHub has its API on a host of its own, and so has each of its enterprise clouds; servers have it below a path. */
function apiUrl(serverURL = 'https://github.com'): string {
  const hostname = URL.parse(serverURL)?.hostname ?? '';
  if (!/^(?:(?:api\.)?github\.com|.+\.ghe\.com)$/.test(hostname)) return apiBelow(serverURL, '/api/v3');
  return hostname.startsWith('api.') ? `https://${hostname}` : `https://api.${hostname}`;
}

/** A pull request as GitHub and Gitea write it. */
export function readPullRequest(item: JsonObject): PullRequest {
  const head = objectField(item, 'head');
  const base = objectField(item, 'base');
  // GitHub says null, Gitea leaves it out: the fork was deleted.
  const repository = hasField(head, 'repo') ? objectField(head, 'repo') : undefined;
  return {
    number: numberField(item, 'number'),
    title: textField(item, 'title'),
    branch: textField(head, 'ref'),
    targetBranch: textField(base, 'ref'),
    headSha: commitField(head, 'sha'),
    labels: nameList(item, 'labels'),
    isFork: !repository || !haveSameId(repository, objectField(base, 'repo')),
    source: repository && readRepository(repository),
  };
}

/** A repository as GitHub and Gitea write it. */
export function readRepository(body: unknown): CloneAddresses {
  if (!isObject(body)) throw new Error('the answer is JSON, but not a repository');
  return addressFields(body, 'clone_url', 'ssh_url');
}
