import assert from 'node:assert/strict';
import { itemOf, LIST_PATHS } from '../../test/harness/pull-request-answers.ts';
import { answerWith as answer, DRIVERS, usePullRequests } from '../../test/harness/pull-request-run.ts';
import type { PullRequestServer } from '../../test/harness/pull-request-server.ts';
import type { PullRequestsSpec } from './schema.ts';

const text = (value: unknown) => JSON.stringify(value);

describe('pullRequests and answers of another shape', () => {
  const runs = usePullRequests();

  /** A copy with one field changed; `undefined` leaves it out. */
  function change(object: object, path: string, value: unknown): object {
    const copy = structuredClone(object) as Record<string, unknown>;
    const names = path.split('.');
    const last = names.pop() as string;
    const parent = names.reduce((at, name) => at[name] as Record<string, unknown>, copy);
    if (value === undefined) delete parent[last];
    else parent[last] = value;
    return copy;
  }

  const github = [
    ['number', 'head.sha', 'head.ref', 'base.ref', 'title', 'labels', 'head', 'base', 'base.repo'],
    ['head.repo.id', 'base.repo.id', 'head.repo.clone_url', 'head.repo.ssh_url'],
  ].flat();
  const fields: Readonly<Record<PullRequestsSpec['driver'], readonly string[]>> = {
    github,
    gitea: github,
    gitlab: [
      'iid',
      'sha',
      'source_branch',
      'target_branch',
      'title',
      'labels',
      'source_project_id',
      'target_project_id',
    ],
    bitbucketserver: [
      ['id', 'title', 'fromRef', 'toRef', 'fromRef.latestCommit', 'fromRef.displayId', 'toRef.displayId'],
      ['fromRef.repository', 'toRef.repository.id', 'fromRef.repository.links.clone'],
    ].flat(),
  };
  const wrong = [true, -1, 1.5, { canary: 1 }, [5], 9_007_199_254_740_993n];
  const toText = (value: unknown) =>
    JSON.stringify(value, (_, part) => (typeof part === 'bigint' ? Number(part) : part));

  for (const driver of DRIVERS) {
    for (const path of fields[driver]) {
      it(`fails when ${path} of ${driver} is something else`, async () => {
        const { server, fails } = runs();
        for (const value of wrong) {
          server.reset(driver);
          const items = [change(itemOf(driver, { number: 1 }), path, value)];
          const page = driver === 'bitbucketserver' ? { isLastPage: true, values: items } : items;
          server.intercept = answer(200, toText(page));
          await fails(
            /item 0 is no pull request: "?[a-zA-Z_.]+"? must|item 0 is no pull request: the address/,
          );
        }
      });
    }

    it(`takes a commit of ${driver} for nothing else`, async () => {
      const { server, generate } = runs();
      const path = {
        github: 'head.sha',
        gitea: 'head.sha',
        gitlab: 'sha',
        bitbucketserver: 'fromRef.latestCommit',
      };
      const item = itemOf(driver, { number: 1 });
      const run = (sha: unknown) => {
        server.reset(driver);
        const items = [change(item, path[driver], sha)];
        const body = text(driver === 'bitbucketserver' ? { isLastPage: true, values: items } : items);
        server.intercept = (request, response) =>
          request.url?.startsWith(LIST_PATHS[driver]) === true && answer(200, body)(request, response);
        return generate();
      };
      for (const sha of ['main', 'abc123', '--upload-pack=x', `${'a'.repeat(40)}\n`, 'A'.repeat(40)]) {
        await assert.rejects(run(sha), /must be the id of a commit/);
      }
      assert.equal((await run('a'.repeat(64)))[0]?.['HeadSHA'], 'a'.repeat(64));
      for (const sha of [null, '']) assert.deepEqual(await run(sha), []);
      // Half an answer, which must not pass for a pull request without a commit.
      await assert.rejects(run(undefined), /item 0 is no pull request: "(?:sha|latestCommit)" is missing/);
    });
  }

  const pages: [what: string, body: unknown, message: RegExp][] = [
    ['no isLastPage', { values: [] }, /not a page of Bitbucket Server/],
    ['an isLastPage that is a text', { isLastPage: 'true', values: [] }, /not a page of Bitbucket Server/],
    ['no values', { isLastPage: true }, /not a list of pull requests/],
    ['a next page without its start', { isLastPage: false, values: [] }, /"nextPageStart" must be a number/],
    [
      'a next page that is the first',
      { isLastPage: false, values: [], nextPageStart: 0 },
      /"nextPageStart" must/,
    ],
    ['a next page that repeats', { isLastPage: false, values: [], nextPageStart: 100 }, /its own next page/],
  ];
  for (const [what, body, message] of pages) {
    it(`fails on a page of Bitbucket Server with ${what}`, async () => {
      const { server, generate } = runs();
      server.reset('bitbucketserver');
      server.intercept = answer(200, text(body));
      await assert.rejects(generate(), message);
    });
  }

  it('asks Bitbucket Server for a repository whose links it left out', async () => {
    const { server, generate } = runs();
    server.reset('bitbucketserver');
    const item = itemOf('bitbucketserver', { number: 1 }) as { fromRef: { repository: object } };
    const { repository } = item.fromRef;
    server.intercept = (request, response) => {
      const isList = request.url?.startsWith(LIST_PATHS.bitbucketserver);
      const values = [change(item, 'fromRef.repository.links', undefined)];
      return answer(200, text(isList ? { isLastPage: true, values } : repository))(request, response);
    };
    assert.equal((await generate())[0]?.['CloneURL'], 'https://scm.example/scm/octo/hello.git');
    assert.equal(server.asked.at(-1), '/rest/api/1.0/projects/octo/repos/hello');
  });

  it('leaves an address empty where Bitbucket Server does not offer its protocol', async () => {
    const { server, generate } = runs();
    const links = [{ href: 'ssh://git@scm.example/octo/hello.git', name: 'ssh' }];
    for (const [clone, expected] of [
      [links, ['', 'ssh://git@scm.example/octo/hello.git']],
      [[{ href: 'https://scm.example/x.git', name: 'https' }], ['https://scm.example/x.git', '']],
    ] as const) {
      server.reset('bitbucketserver');
      const item = change(itemOf('bitbucketserver', { number: 1 }), 'fromRef.repository.links.clone', clone);
      server.intercept = answer(200, text({ isLastPage: true, values: [item] }));
      const [element] = await generate();
      assert.deepEqual([element?.['CloneURL'], element?.['CloneSSHURL']], expected);
    }
  });

  for (const address of ['file:///etc/passwd', 'ext::sh -c id', 'git@host:path', 'javascript:1', '']) {
    it(`refuses ${JSON.stringify(address)} as the address of a repository`, async () => {
      const { server, fails } = runs();
      server.reset('github');
      const item = change(itemOf('github', { number: 1 }), 'head.repo.clone_url', address);
      server.intercept = answer(200, text([item]));
      await fails(/the address to clone must be an http\(s\) URL/);
    });
  }

  const projects: [what: string, intercept: PullRequestServer['intercept'], message: RegExp][] = [
    ['is hidden', answer(404), /GET .*\/api\/v4\/projects\/1296269: the server answered 404/],
    ['is a list', answer(200, '[]'), /projects\/1296269: the answer is JSON, but not a project/],
    ['has no address', answer(200, '{"id": 1}'), /"http_url_to_repo" must be a text/],
  ];
  for (const [what, intercept, message] of projects) {
    it(`fails when a project of GitLab ${what}`, async () => {
      const { server, generate } = runs();
      server.reset('gitlab', [{ number: 1 }, { number: 2, fork: 'a' }]);
      server.intercept = (request, response) =>
        /projects\/\d+$/.test(request.url ?? '') && intercept(request, response);
      await assert.rejects(generate({ forks: true }), message);
    });
  }

  it('looks up at most 200 projects', async () => {
    const { server, generate } = runs();
    server.reset('gitlab');
    const items = Array.from({ length: 99 }, (_, index) => itemOf('gitlab', { number: index + 1 }));
    const apart = (page: number) =>
      items.map((item, index) =>
        change(change(item, 'source_project_id', page * 1000 + index), 'iid', page * 1000 + index),
      );
    server.intercept = (request, response) => {
      const page = Number(/page=([123])$/.exec(request.url ?? '')?.[1] ?? 1);
      const next = `<${server.origin}${LIST_PATHS.gitlab}?page=${page + 1}>; rel="next"`;
      return answer(200, text(apart(page)), { link: page < 3 ? next : '' })(request, response);
    };
    await assert.rejects(generate({ forks: true }), /come from more than 200 repositories; narrow them/);
    assert.ok(server.asked.every((path) => !/projects\/\d/.test(path)));
  });
});
