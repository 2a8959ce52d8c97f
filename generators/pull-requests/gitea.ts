import type { Driver } from './driver.ts';
import { readPullRequest, readRepository } from './github.ts';
import { PAGE_SIZE, readLinkedPage } from './linked-page.ts';
import { apiBelow, repositoryPath } from './server-url.ts';

/** https://docs.gitea.com/api/#tag/repository/operation/repoListPullRequests */
export const gitea: Driver = {
  apiUrl: (serverURL = '') => apiBelow(serverURL, '/api/v1'),
  // Gitea gives fewer on a page where its operator says so; its links lead on in any case.
  firstPage: ({ repo }, api) =>
    `${api}/repos/${repositoryPath(repo)}/pulls?state=open&sort=oldest&limit=${PAGE_SIZE}`,
  readPage: (answer) => readLinkedPage(answer, 'x-total-count'),
  readPullRequest,
  readRepository,
};
