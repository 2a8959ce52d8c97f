import assert from 'node:assert/strict';
import { checkSpec } from './check.ts';
import type { PullRequestsSpec } from './schema.ts';

const SPEC: PullRequestsSpec = { interval: '5m', driver: 'github', repo: 'o/r' };

describe('the spec of pullRequests', () => {
  const good: Partial<PullRequestsSpec>[] = [
    {},
    { serverURL: 'https://ghe.example:8443/path/' },
    { driver: 'gitlab' },
    { driver: 'gitlab', repo: 'a/b/c/d' },
    { driver: 'gitea', serverURL: 'https://codeberg.org' },
    { driver: 'bitbucketserver', serverURL: 'https://b.example', repo: '~me/r', labels: [] },
    { branches: ['feature/**', '[a-c]?', '\\*'], targetBranches: ['main'] },
    { repo: 'o/..r' },
  ];
  for (const spec of good) {
    it(`may be ${JSON.stringify(spec)}`, () => assert.deepEqual(checkSpec({ ...SPEC, ...spec }), []));
  }

  const bad: [Partial<PullRequestsSpec>, path: (string | number)[], message: RegExp][] = [
    [{ driver: 'gitea' }, [], /driver gitea needs serverURL/],
    [{ driver: 'bitbucketserver' }, [], /driver bitbucketserver needs serverURL/],
    [{ serverURL: 'https://' }, ['serverURL'], /^is malformed$/],
    [{ serverURL: 'https://u:canary@x' }, ['serverURL'], /user information/],
    [{ serverURL: 'https://canary@x' }, ['serverURL'], /user information/],
    [{ serverURL: 'https://x/?canary=1' }, ['serverURL'], /query or fragment/],
    [{ serverURL: 'https://x/#canary' }, ['serverURL'], /query or fragment/],
    [{ serverURL: 'https://x/\ncanary' }, ['serverURL'], /space or control character/],
    [{ repo: 'a/b/c' }, ['repo'], /^must be owner\/name$/],
    [{ repo: '../r' }, ['repo'], /^must be owner\/name$/],
    [{ repo: 'o/.' }, ['repo'], /^must be owner\/name$/],
    [{ driver: 'gitlab', repo: 'a/../b' }, ['repo'], /^must be owner\/name$/],
    [
      { driver: 'bitbucketserver', serverURL: 'https://b', labels: ['a'] },
      ['labels'],
      /has no labels; use branches/,
    ],
    [{ branches: ['a', '[b'] }, ['branches', 1], /unfinished/],
    [{ targetBranches: ['/a'] }, ['targetBranches', 0], /relative path/],
  ];
  for (const [spec, path, message] of bad) {
    it(`must not be ${JSON.stringify(spec)}`, () => {
      const mistakes = checkSpec({ ...SPEC, ...spec });
      assert.deepEqual(
        mistakes.map((mistake) => mistake.path),
        [path],
      );
      assert.match(mistakes[0]?.message ?? '', message);
      assert.doesNotMatch(JSON.stringify(mistakes), /canary/);
    });
  }
});
