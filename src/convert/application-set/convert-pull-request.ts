import type { JsonObject } from '../../lib/json.ts';
import type { Conversion } from '../conversion.ts';
import { nameEntry } from '../entry.ts';
import { type Field, fieldAt, fieldsOf, keyOf, textOf } from '../field.ts';
import { globOf, serverField } from '../pull-requests.ts';
import { secondsOf } from '../seconds.ts';
import { type Children, type GeneratorOptions, listParameters, namesOf } from './children.ts';

/** The servers, and the driver that asks them. */
const DRIVERS: ReadonlyMap<string, string> = new Map([
  ['github', 'github'],
  ['gitlab', 'gitlab'],
  ['gitea', 'gitea'],
  ['bitbucketServer', 'bitbucketserver'],
]);

/** The keys of a Secret that hold a token here. */
const TOKEN_KEYS = ['password', 'token'];
const DEFAULT_SECONDS = 1800;
/** The name of the child that asks the server. */
const NAME = 'fromPullRequest';

/** The open pull requests, and a list that gives their fields the names that the templates know. */
export function convertPullRequest(field: Field, { conversion }: GeneratorOptions): Children | undefined {
  const server = fieldsOf(field).find((one) => DRIVERS.has(keyOf(one)));
  if (server === undefined) {
    conversion.lose(field, 'the pullRequests generator knows GitHub, GitLab, Gitea and Bitbucket Server');
    return undefined;
  }
  return {
    names: namesOf([...Object.keys(ELEMENT), 'author'], fieldAt(field, 'values')),
    inner: [NAME],
    make(rewrite) {
      const pullRequests = convertServer(field, server, conversion);
      return [
        nameEntry(NAME, { pullRequests }),
        ...listParameters(ELEMENT, fieldAt(field, 'values'), { conversion, rewrite }),
      ];
    },
  };
}

function convertServer(field: Field, server: Field, conversion: Conversion): JsonObject {
  const driver = DRIVERS.get(keyOf(server)) as string;
  const pullRequests: JsonObject = {
    interval: secondsOf(fieldAt(field, 'requeueAfterSeconds'), DEFAULT_SECONDS, conversion),
    driver,
    ...convertAddress(server, driver, conversion),
  };
  conversion.origins.note(pullRequests, server);
  convertToken(
    fieldAt(server, 'tokenRef') ?? fieldAt(server, 'bearerToken', 'tokenRef'),
    pullRequests,
    conversion,
  );
  conversion.put(pullRequests, 'labels', fieldAt(server, 'labels'));
  conversion.lose(
    fieldAt(server, 'appSecretName'),
    'tokens alone are known: make a Secret with one under token',
  );
  conversion.lose(fieldAt(server, 'pullRequestState'), 'open pull requests alone are given');
  conversion.lose(
    fieldAt(server, 'insecure'),
    'certificates are always checked: name the CA in certSecretRef',
  );
  conversion.lose(
    fieldAt(server, 'caRef'),
    'make a Secret with the CA under ca.crt, and name it in certSecretRef',
  );
  conversion.lose(fieldAt(server, 'basicAuth'), 'tokens alone are known: make a Secret with one under token');
  conversion.lose(
    fieldAt(field, 'continueOnRepoNotFoundError'),
    'a repository that is missing is an error, which changes nothing',
  );
  convertFilters(fieldAt(field, 'filters'), pullRequests, conversion);
  conversion.differ(server, 'pull requests from forks are left out, unless forks is true');
  return pullRequests;
}

function convertAddress(server: Field, driver: string, conversion: Conversion): JsonObject {
  const names =
    driver === 'gitlab'
      ? ['project']
      : driver === 'bitbucketserver'
        ? ['project', 'repo']
        : ['owner', 'repo'];
  const parts = names.map((name) => fieldAt(server, name));
  const api = fieldAt(server, 'api');
  const url = textOf(api);
  const isUsable = url !== undefined && URL.canParse(url) && url.startsWith('https://');
  if (isUsable) conversion.use(api);
  else conversion.lose(api, 'the server must be asked by https: write serverURL');
  return {
    ...(isUsable && serverField(driver, originOf(url, driver))),
    repo: parts.map((part) => conversion.text(part) ?? '').join('/'),
  };
}

/** The path of the API is added to the server's address. */
function originOf(url: string, driver: string): string {
  const { origin, pathname } = new URL(url);
  if (driver === 'github' && origin === 'https://api.github.com') return 'https://github.com';
  const base = pathname.replace(/\/(?:api\/v\d+|rest)?\/?$/, '').replace(/\/$/, '');
  return `${origin}${base}`;
}

function convertToken(field: Field | undefined, pullRequests: JsonObject, conversion: Conversion): void {
  if (field === undefined) return;
  const key = fieldAt(field, 'key');
  const name = fieldAt(field, 'secretName');
  if (name) conversion.set(pullRequests, 'secretRef', { name: name.value }, name);
  if (TOKEN_KEYS.includes(textOf(key) ?? '')) conversion.use(key);
  else conversion.lose(key, 'the token must stand under the key token, or password');
}

/** Several filters are alternatives, each of all its conditions; globs are alternatives for each branch alone. */
function convertFilters(field: Field | undefined, pullRequests: JsonObject, conversion: Conversion): void {
  const filters = fieldsOf(field);
  conversion.useEmpty(field);
  if (filters.length > 1) {
    conversion.lose(field, 'several filters: write pullRequests.branches and targetBranches');
    return;
  }
  conversion.useEmpty(filters[0]);
  for (const condition of fieldsOf(filters[0])) {
    const target = { branchMatch: 'branches', targetBranchMatch: 'targetBranches' }[keyOf(condition)];
    const glob = globOf(textOf(condition) ?? '');
    if (target !== undefined && glob !== undefined) conversion.set(pullRequests, target, [glob], condition);
    else
      conversion.lose(
        condition,
        'branches are chosen by globs here: write pullRequests.branches and targetBranches',
      );
  }
}

const at = (expression: string) => `{{ ${expression} }}`;
const BRANCH = `.Element.${NAME}.Branch`;
const TARGET = `.Element.${NAME}.TargetBranch`;
const SHA = `.Element.${NAME}.HeadSHA`;

const ELEMENT: JsonObject = {
  number: at(`.Element.${NAME}.Number`),
  title: at(`.Element.${NAME}.Title`),
  branch: at(BRANCH),
  branch_slug: at(`${BRANCH} | slugify`),
  target_branch: at(TARGET),
  target_branch_slug: at(`${TARGET} | slugify`),
  head_sha: at(SHA),
  head_short_sha: at(`${SHA} | trunc 8`),
  head_short_sha_7: at(`${SHA} | trunc 7`),
  labels: at(`.Element.${NAME}.Labels | typed`),
};
