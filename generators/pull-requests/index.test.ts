import assert from 'node:assert/strict';
import { createHttpReader } from '../../src/clients/http/http-reader.ts';
import { silentLogger } from '../../src/lib/logger.ts';
import { makeContext } from '../../test/harness/http-context.ts';
import { LIST_PATHS, type PullRequestSample, shaOf } from '../../test/harness/pull-request-answers.ts';
import { type PullRequestServer, startPullRequestServer } from '../../test/harness/pull-request-server.ts';
import type { GenerateContext } from '../generator.ts';
import { pullRequests } from './index.ts';
import type { PullRequestsSpec } from './schema.ts';

const DRIVERS = ['github', 'gitlab', 'gitea', 'bitbucketserver'] as const;

const ssh = (driver: string, owner: string) =>
  driver === 'bitbucketserver'
    ? `ssh://git@scm.example:7999/${owner}/hello.git`
    : `git@scm.example:${owner}/hello.git`;
const https = (driver: string, owner: string) =>
  `https://scm.example/${driver === 'bitbucketserver' ? 'scm/' : ''}${owner}/hello.git`;

const count = (amount: number): PullRequestSample[] =>
  Array.from({ length: amount }, (_, index) => ({ number: index + 1 }));

describe('pullRequests', () => {
  const http = createHttpReader({ allowLoopback: true, userAgent: 'test', log: silentLogger });
  let server: PullRequestServer;
  before(async () => {
    server = await startPullRequestServer();
  });
  after(async () => {
    await http.close();
    await server.close();
  });

  async function generate(spec: Partial<PullRequestsSpec> = {}, context: Partial<GenerateContext> = {}) {
    const { driver } = server;
    const whole = { interval: '5m', driver, repo: 'octo/hello', serverURL: server.origin, ...spec };
    return pullRequests.generate(whole, { ...makeContext().context, http, ...context });
  }
  async function numbers(spec: Partial<PullRequestsSpec> = {}): Promise<unknown[]> {
    return (await generate(spec)).map(({ Number: number }) => number);
  }

  for (const driver of DRIVERS) {
    it(`gives GitOpsSets' fields and a few more from ${driver}`, async () => {
      server.reset(driver, [
        { number: 7, branch: 'feature/x', labels: ['z', 'a'] },
        { number: 3, fork: 'stranger' },
      ]);
      const labels = driver === 'bitbucketserver' ? [] : ['a', 'z'];
      const keys: (string | undefined)[] = [];
      const note: GenerateContext['note'] = (_, { key }) => keys.push(key);
      assert.deepEqual(await generate({ forks: true }, { note }), [
        {
          Number: '3',
          Branch: 'b3',
          HeadSHA: shaOf(3),
          CloneURL: https(driver, 'stranger'),
          CloneSSHURL: ssh(driver, 'stranger'),
          Fork: true,
          TargetBranch: 'main',
          Title: 'Title 3',
          Labels: [],
        },
        {
          Number: '7',
          Branch: 'feature/x',
          HeadSHA: shaOf(7),
          CloneURL: https(driver, 'octo'),
          CloneSSHURL: ssh(driver, 'octo'),
          Fork: false,
          TargetBranch: 'main',
          Title: 'Title 7',
          Labels: labels,
        },
      ]);
      assert.deepEqual(keys, ['3', '7']);
    });

    for (const amount of [0, 1, 20, 21, 50, 51, 100, 101, 250]) {
      it(`gives all of ${amount} pull requests of ${driver}`, async () => {
        server.reset(driver, count(amount));
        assert.deepEqual(
          await numbers(),
          count(amount).map(({ number }) => String(number)),
        );
      });
    }

    it(`asks ${driver} for a whole list once, and for one of several pages twice`, async () => {
      for (const [amount, lists] of [
        [3, 1],
        [150, driver === 'gitea' ? 6 : 4],
      ] as const) {
        server.reset(driver, count(amount));
        await generate();
        const pages = server.asked.filter((path) => path.startsWith(LIST_PATHS[driver]));
        assert.equal(pages.length, lists, pages.join(' '));
      }
    });
  }

  for (const driver of ['github', 'gitlab', 'gitea'] as const) {
    it(`leaves out what ${driver} says of deleted forks, with a warning`, async () => {
      server.reset(driver, [{ number: 1 }, { number: 2, fork: null }]);
      const { context, warnings } = makeContext();
      const elements = await generate({ forks: true }, { log: context.log });
      assert.deepEqual(
        elements.map(({ Number: number }) => number),
        ['1'],
      );
      assert.deepEqual(warnings, [
        'no elements for pull requests 2: their fork was deleted, or they have no commit',
      ]);
    });
  }

  const filters: [what: string, spec: Partial<PullRequestsSpec>, expected: string[]][] = [
    ['forks left out', {}, ['1', '2', '4']],
    ['forks left out when it says so', { forks: false }, ['1', '2', '4']],
    ['forks too', { forks: true }, ['1', '2', '3', '4']],
    ['one label', { labels: ['preview'] }, ['1', '2']],
    ['all labels', { labels: ['preview', 'ready'] }, ['2']],
    ['labels and forks', { labels: ['preview'], forks: true }, ['1', '2', '3']],
    ['labels by case', { labels: ['Preview'] }, []],
    ['an empty list of labels', { labels: [] }, ['1', '2', '4']],
    ['a glob over branches', { branches: ['feature/*'] }, ['1']],
    ['a glob over folders of branches', { branches: ['feature/**'] }, ['1', '2']],
    ['several globs', { branches: ['feature/*', 'fix-?'] }, ['1', '4']],
    ['a glob over target branches', { targetBranches: ['release/*'] }, ['4']],
    ['globs over both', { branches: ['feature/**'], targetBranches: ['release/*'] }, []],
  ];
  for (const [what, spec, expected] of filters) {
    it(`selects by ${what}`, async () => {
      server.reset('github', [
        { number: 1, branch: 'feature/a', labels: ['preview'] },
        { number: 2, branch: 'feature/.b/c', labels: ['ready', 'preview'] },
        { number: 3, branch: 'main', labels: ['preview'], fork: 'stranger' },
        { number: 4, branch: 'fix-1', targetBranch: 'release/1.0' },
      ]);
      assert.deepEqual(await numbers(spec), expected);
    });
  }

  const HOSTILE = [
    '$(reboot)',
    '`id`',
    '{{ .Element.Number }}',
    'a: b\n- c',
    '__proto__',
    '../../etc/passwd',
    'x"\'\\',
    '\u202egnp.exe',
    '-rf',
    'ünï/😀',
    'constructor',
  ];
  for (const name of HOSTILE) {
    it(`takes ${JSON.stringify(name)} as a branch, a title and a label, and as nothing else`, async () => {
      for (const driver of DRIVERS) {
        const labels = driver === 'bitbucketserver' ? [] : [name];
        server.reset(driver, [{ number: 1, branch: name, title: name, targetBranch: name, labels }]);
        const [element] = await generate({ labels });
        const { Branch: branch, Title: title, TargetBranch: target, Labels: found } = element ?? {};
        assert.deepEqual([branch, title, target, found], [name, name, name, labels]);
        assert.deepEqual(await numbers({ branches: ['never'] }), []);
      }
    });
  }

  it('looks each project of GitLab up once, and none that is not wanted', async () => {
    server.reset('gitlab', [
      { number: 1 },
      { number: 2 },
      { number: 3, fork: 'a' },
      { number: 4, fork: 'bc' },
      { number: 5, fork: 'a' },
    ]);
    const lookUps = () => server.asked.filter((path) => /projects\/\d/.test(path));
    assert.equal((await generate({ forks: true })).length, 5);
    assert.equal(lookUps().length, 3);
    server.reset('gitlab', server.samples);
    assert.equal((await generate()).length, 2);
    assert.equal(lookUps().length, 1);
    server.reset('gitlab', []);
    assert.deepEqual(await generate(), []);
    assert.equal(lookUps().length, 0);
  });

  it('lets GitLab select by labels, except by those that mean something else there', async () => {
    server.reset('gitlab', []);
    await generate({ labels: ['a b', 'c&d', 'None', 'e,f'] });
    assert.deepEqual(server.asked, [
      `${LIST_PATHS.gitlab}?state=opened&order_by=created_at&sort=asc&per_page=100&labels=a%20b%2Cc%26d`,
    ]);
  });

  const queries: [Partial<PullRequestsSpec>, string][] = [
    [{}, 'GET https://api.github.com/repos/o/r/pulls'],
    [{ serverURL: 'https://github.com/' }, 'GET https://api.github.com/repos/o/r/pulls'],
    [{ serverURL: 'https://api.github.com' }, 'GET https://api.github.com/repos/o/r/pulls'],
    [{ serverURL: 'https://acme.ghe.com' }, 'GET https://api.acme.ghe.com/repos/o/r/pulls'],
    [{ serverURL: 'https://api.acme.ghe.com' }, 'GET https://api.acme.ghe.com/repos/o/r/pulls'],
    [
      { serverURL: 'https://github.com.evil.example' },
      'GET https://github.com.evil.example/api/v3/repos/o/r/pulls',
    ],
    [{ serverURL: 'https://ghe.example' }, 'GET https://ghe.example/api/v3/repos/o/r/pulls'],
    [{ serverURL: 'https://ghe.example/api/v3/' }, 'GET https://ghe.example/api/v3/repos/o/r/pulls'],
    [{ driver: 'gitlab' }, 'GET https://gitlab.com/api/v4/projects/o%2Fr/merge_requests'],
    [
      { driver: 'gitlab', repo: 'group/sub/name', serverURL: 'https://x.example/gitlab', labels: ['a'] },
      'GET https://x.example/gitlab/api/v4/projects/group%2Fsub%2Fname/merge_requests',
    ],
    [
      { driver: 'gitea', serverURL: 'https://codeberg.org' },
      'GET https://codeberg.org/api/v1/repos/o/r/pulls',
    ],
    [
      { driver: 'bitbucketserver', repo: '~user/r', serverURL: 'https://b.example/ctx/' },
      'GET https://b.example/ctx/rest/api/1.0/projects/~user/repos/r/pull-requests',
    ],
  ];
  for (const [spec, expected] of queries) {
    it(`shows ${expected}`, () => {
      assert.equal(
        pullRequests.query?.({ interval: '5m', driver: 'github', repo: 'o/r', ...spec }),
        expected,
      );
    });
  }

  it('takes 5m as milliseconds for its interval', () => {
    assert.equal(pullRequests.interval?.({ interval: '5m', driver: 'github', repo: 'o/r' }), 300_000);
  });
});
