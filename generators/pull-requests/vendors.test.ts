import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { WaitingError } from '../../src/api/errors.ts';
import { createHttpReader } from '../../src/clients/http/http-reader.ts';
import { silentLogger } from '../../src/lib/logger.ts';
import { makeContext } from '../../test/harness/http-context.ts';
import { LIST_PATHS, type PullRequestSample } from '../../test/harness/pull-request-answers.ts';
import { DRIVERS } from '../../test/harness/pull-request-run.ts';
import { vendors } from '../../test/harness/pull-request-vendors.ts';
import { type StrictServer, startStrictServer } from '../../test/harness/strict-pull-request-server.ts';
import { pullRequests } from './index.ts';
import type { PullRequestsSpec } from './schema.ts';

const TOKEN = 'canary-token';
const count = (amount: number): PullRequestSample[] =>
  Array.from({ length: amount }, (_, index) => ({ number: index + 1 }));

/** The query of the first page, and what the second one adds to it; Bitbucket's rows are more than what one may see. */
const QUERIES = {
  github: [{ state: 'open', sort: 'created', direction: 'asc', per_page: '100' }, { page: '2' }],
  gitlab: [{ state: 'opened', order_by: 'created_at', sort: 'asc', per_page: '100' }, { page: '2' }],
  gitea: [{ state: 'open', sort: 'oldest', limit: '100' }, { page: '2' }],
  bitbucketserver: [{ state: 'OPEN', order: 'OLDEST', limit: '100' }, { start: '149' }],
} as const;

const HEADERS = { accept: 'application/json', authorization: 'Bearer (token)', 'user-agent': 'contract' };

for (const driver of DRIVERS) {
  describe(`the contract with ${driver}`, () => {
    const http = createHttpReader({ allowLoopback: true, userAgent: 'contract', log: silentLogger });
    let server: StrictServer;
    beforeEach(async () => {
      server = await startStrictServer(driver, TOKEN);
    });
    afterEach(() => server.close());
    after(() => http.close());

    async function generate(spec: Partial<PullRequestsSpec> = {}, password = TOKEN): Promise<unknown[]> {
      const metadata = { name: 'scm', namespace: 'apps' };
      const { context } = makeContext({}, [
        { apiVersion: 'v1', kind: 'Secret', metadata, stringData: { password } },
      ]);
      const reference = { repo: 'octo/hello', secretRef: { name: 'scm' } };
      const whole = { interval: '5m', driver, serverURL: server.origin, ...reference, ...spec };
      const elements = await pullRequests.generate(whole, { ...context, http });
      return elements.map(({ Number: number }) => number);
    }

    /** The error, which shows nothing of token and answers, however deep one looks. */
    async function failure(password?: string): Promise<Error> {
      const error = await generate({}, password).then(
        () => assert.fail('it gave elements'),
        (reason: Error) => reason,
      );
      assert.doesNotMatch(
        inspect(error, { depth: 10 }),
        /canary|credentials|scope\b.*:|permitted|Retry later/,
      );
      return error;
    }

    it('asks exactly this', async () => {
      server.samples = count(driver === 'gitea' ? 51 : 101);
      await generate();
      const [first, more] = QUERIES[driver];
      const byId = driver === 'github' ? { path: vendors.github.moved?.path } : {};
      const page1 = { method: 'GET', path: LIST_PATHS[driver], query: first, headers: HEADERS };
      const page2 = { ...page1, query: { ...first, ...more }, ...byId };
      const look = { method: 'GET', path: '/api/v4/projects/1296269', query: {}, headers: HEADERS };
      const lookUps = driver === 'gitlab' ? [look] : [];
      // A list of several pages is read twice.
      assert.deepEqual(server.requests, [page1, page2, page1, page2, ...lookUps]);
      assert.deepEqual(server.mistakes, []);
    });

    it('asks only for what the server documents, whatever the spec says', async () => {
      server.samples = [{ number: 1, labels: ['a b', 'c/d'] }, { number: 2 }];
      const labels = driver === 'bitbucketserver' ? {} : { labels: ['a b', 'c/d'] };
      const found = await generate({ ...labels, forks: true, branches: ['b*'], targetBranches: ['main'] });
      assert.deepEqual(found, driver === 'bitbucketserver' ? ['1', '2'] : ['1']);
      assert.deepEqual(server.mistakes, []);
    });

    it('sees all of many pages while some are closed and others opened', async () => {
      const all = count(230);
      server.samples = all;
      let pages = 0;
      server.beforePage = () => {
        pages++;
        // One is closed behind the first page, and one is opened: the pages after it move.
        if (pages === 2) server.samples = [...all.filter(({ number }) => number !== 7), { number: 231 }];
      };
      const found = await generate();
      assert.deepEqual(
        found,
        server.samples.map(({ number }) => String(number)),
      );
      assert.deepEqual(server.mistakes, []);
    });

    const { moved } = vendors[driver];
    if (moved) {
      it('follows a repository that was renamed, page by page, with the token', async () => {
        server.isRenamed = true;
        server.samples = count(120);
        assert.equal((await generate()).length, 120);
        assert.ok(server.requests.some(({ path }) => path === moved.path));
        assert.ok(server.requests.every(({ headers }) => headers['authorization'] === 'Bearer (token)'));
      });
    }

    it('names the Secret where the token is wrong', async () => {
      const error = await failure('wrong-canary');
      assert.match(error.message, /answered 401; it wants another token in the Secret of secretRef$/);
    });

    it('says what a token must be allowed that has no such scope', async () => {
      server.trouble = 'unscoped';
      const error = await failure();
      const { status } = vendors[driver].unscoped;
      assert.match(
        error.message,
        status === 401 ? /answered 401; it wants another token/ : /answered 403; .* must be allowed to read/,
      );
      assert.ok(!(error instanceof WaitingError));
    });

    it('says that a repository may be hidden from the token', async () => {
      server.trouble = 'hidden';
      const error = await failure();
      assert.match(error.message, /answered 404; check repo and serverURL, and, if octo\/hello is private/);
    });

    it('waits as long as the server wants when it was asked too often', async () => {
      server.trouble = 'limited';
      const error = await failure();
      assert.ok(error instanceof WaitingError, error.message);
      assert.deepEqual([error.reason, error.retryAfter], ['RateLimited', vendors[driver].limited.wait]);
      assert.equal(server.requests.length, 1);
    });
  });
}
