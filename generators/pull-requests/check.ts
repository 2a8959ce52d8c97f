import { compileGlob } from '../../src/lib/glob.ts';
import type { SpecMistake } from '../generator.ts';
import type { PullRequestsSpec } from './schema.ts';

/** The mistakes in a spec that its schema cannot say. */
export function checkSpec(spec: PullRequestsSpec): SpecMistake[] {
  return [
    ...checkServer(spec),
    ...checkRepo(spec),
    ...checkLabels(spec),
    ...checkGlobs('branches', spec.branches),
    ...checkGlobs('targetBranches', spec.targetBranches),
  ];
}

/** No message repeats the URL: it may hold a password. */
function checkServer({ serverURL, driver }: PullRequestsSpec): SpecMistake[] {
  if (serverURL === undefined) {
    const needed = driver === 'gitea' || driver === 'bitbucketserver';
    return needed
      ? [{ path: [], message: `driver ${driver} needs serverURL: it has no server of its own` }]
      : [];
  }
  const message = findUrlMistake(serverURL);
  return message === undefined ? [] : [{ path: ['serverURL'], message }];
}

function findUrlMistake(text: string): string | undefined {
  if (/[\0-\x20\x7f]/.test(text)) return 'has a space or control character';
  const url = URL.parse(text);
  if (!url) return 'is malformed';
  if (url.username !== '' || url.password !== '') {
    return 'has user information; put a token into the Secret of secretRef';
  }
  return /[?#]/.test(text) ? 'has a query or fragment; give only the address of the server' : undefined;
}

/** Only GitLab has groups in groups. */
function checkRepo({ repo, driver }: PullRequestsSpec): SpecMistake[] {
  const names = repo.split('/');
  const isBroken = names.some((name) => name === '.' || name === '..');
  if (!isBroken && (names.length === 2 || driver === 'gitlab')) return [];
  return [{ path: ['repo'], message: 'must be owner/name' }];
}

function checkLabels({ labels = [], driver }: PullRequestsSpec): SpecMistake[] {
  if (driver !== 'bitbucketserver' || labels.length === 0) return [];
  return [{ path: ['labels'], message: 'driver bitbucketserver has no labels; use branches' }];
}

function checkGlobs(field: string, globs: readonly string[] = []): SpecMistake[] {
  return globs.flatMap((glob, position) => {
    try {
      compileGlob(glob);
      return [];
    } catch (error) {
      return [{ path: [field, position], message: (error as Error).message }];
    }
  });
}
