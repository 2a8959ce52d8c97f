import { isObject, type JsonObject, type JsonValue, ownValue } from '../../src/lib/json.ts';
import { textField } from '../../src/lib/json-fields.ts';
import { addressFields, commitField, hasField, numberField } from './answer-fields.ts';
import type { Driver } from './driver.ts';
import { PAGE_SIZE, readLinkedPage } from './linked-page.ts';
import type { CloneAddresses, PullRequest } from './pull-request.ts';
import type { PullRequestsSpec } from './schema.ts';
import { apiBelow } from './server-url.ts';

/** https://docs.gitlab.com/api/merge_requests/#list-project-merge-requests */
export const gitlab: Driver = {
  apiUrl: (serverURL = 'https://gitlab.com') => apiBelow(serverURL, '/api/v4'),
  firstPage,
  readPage: (answer) => readLinkedPage(answer, 'x-total'),
  readPullRequest,
  readRepository,
};

function firstPage({ repo, labels = [] }: PullRequestsSpec, api: string): string {
  // Fewer to read. Labels that mean something else there are left to us.
  const plain = labels.filter((label) => !/,|^(?:none|any)$/i.test(label));
  const filter = plain.length > 0 ? `&labels=${encodeURIComponent(plain.join(','))}` : '';
  const order = `state=opened&order_by=created_at&sort=asc&per_page=${PAGE_SIZE}`;
  return `${api}/projects/${encodeURIComponent(repo)}/merge_requests?${order}${filter}`;
}

function readPullRequest(item: JsonObject, api: string): PullRequest {
  const target = numberField(item, 'target_project_id');
  const source = hasField(item, 'source_project_id') ? numberField(item, 'source_project_id') : undefined;
  return {
    number: numberField(item, 'iid'),
    title: textField(item, 'title'),
    branch: textField(item, 'source_branch'),
    targetBranch: textField(item, 'target_branch'),
    headSha: commitField(item, 'sha'),
    labels: readLabels(item),
    isFork: source !== target,
    source: source === undefined ? undefined : { lookUp: `${api}/projects/${source}` },
  };
}

function readLabels(item: JsonObject): string[] {
  const labels = ownValue(item, 'labels');
  if (Array.isArray(labels) && labels.every((label) => typeof label === 'string')) return labels;
  throw new Error('"labels" must be a list of texts');
}

/** https://docs.gitlab.com/api/projects/#get-a-single-project */
function readRepository(body: JsonValue): CloneAddresses {
  if (!isObject(body)) throw new Error('the answer is JSON, but not a project');
  return addressFields(body, 'http_url_to_repo', 'ssh_url_to_repo');
}
