import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import { WaitingError } from '../../src/api/errors.ts';
import { startHttpServer, unusedPort } from '../../test/harness/http-server.ts';
import type { PullRequestSample } from '../../test/harness/pull-request-answers.ts';
import {
  answerWith as answer,
  DRIVERS,
  PULL_REQUEST_TOKEN,
  usePullRequests,
} from '../../test/harness/pull-request-run.ts';
import type { PullRequestServer } from '../../test/harness/pull-request-server.ts';

const MANY: PullRequestSample[] = Array.from({ length: 101 }, (_, index) => ({ number: index + 1 }));
const page2 = (request: IncomingMessage) => /[?&](?:page=2|start=)/.test(request.url ?? '');

describe('pullRequests over a network', () => {
  const runs = usePullRequests();

  describe('with a server that fails', () => {
    const faults: [what: string, intercept: PullRequestServer['intercept'], message: RegExp][] = [
      ['401', answer(401), /answered 401; it wants another token in the Secret of secretRef$/],
      [
        '403',
        answer(403),
        /answered 403; the token in the Secret of secretRef must be allowed to read the pull requests of octo\/hello$/,
      ],
      [
        '404',
        answer(404),
        /answered 404; check repo and serverURL, and, if octo\/hello is private, that the token in the Secret of secretRef may read it$/,
      ],
      ['410', answer(410), /answered 410$/],
      ['501', answer(501), /answered 501$/],
      [
        'a login page',
        answer(200, '<html>canary</html>', { 'content-type': 'text/html' }),
        /not JSON but HTML/,
      ],
      ['nothing', answer(200, ''), /the answer is not JSON/],
      ['an answer cut off', answer(200, '[{"number": 1, "canary'), /the answer is not JSON/],
      ['an error as 200', answer(200, '{"message": "canary"}'), /is JSON, but not/],
      ['null', answer(200, 'null'), /is JSON, but not/],
      ['a list of texts', answer(200, '["canary"]'), /is JSON, but not/],
      ['deep JSON', answer(200, '['.repeat(1000)), /nested deeper/],
      [
        'a key that reaches prototypes',
        answer(200, '[{"__proto__": {"canary": 1}}]'),
        /"__proto__" is refused/,
      ],
      ['9 MiB', answer(200, Buffer.alloc(9 * 1024 * 1024, ' ')), /larger than 8 MiB/],
      ['bytes that are no text', answer(200, Buffer.from([0x5b, 0xff, 0x5d])), /not UTF-8/],
      [
        'a redirect to another origin',
        answer(302, '', { location: 'http://127.0.0.2:1/canary-x' }),
        /redirected with 302 to http:\/\/127\.0\.0\.2:1\/[^ ]*, another origin/,
      ],
    ];
    for (const [what, intercept, message] of faults) {
      for (const driver of DRIVERS) {
        it(`fails on ${what} from ${driver}`, async () => {
          const { server, generate, fails } = runs();
          server.reset(driver, MANY);
          server.intercept = intercept;
          if (what !== 'a redirect to another origin') return void (await fails(message));
          await assert.rejects(generate(), message);
        });
      }

      it(`fails on ${what} in the middle of a list`, async () => {
        const { server, generate } = runs();
        server.reset('github', MANY);
        server.intercept = (request, response) => page2(request) && intercept(request, response);
        await assert.rejects(generate(), message);
      });
    }

    it('fails on an overload that does not pass', async () => {
      const { server, fails } = runs();
      server.reset('github', MANY);
      server.intercept = answer(500);
      await fails(/answered 500$/);
      assert.equal(server.asked.length, 3);
    }).timeout(10_000);

    it('recovers by itself, in the middle of a list too', async () => {
      const { server, generate } = runs();
      let failed = false;
      server.reset('github', MANY);
      server.intercept = (request, response) => {
        if (failed || !page2(request)) return false;
        failed = true;
        return answer(502)(request, response);
      };
      assert.equal((await generate()).length, 101);
    }).timeout(10_000);

    it('fails where nobody listens', async () => {
      const { server, generate } = runs();
      server.reset('github');
      const serverURL = `http://127.0.0.1:${await unusedPort()}`;
      await assert.rejects(generate({ serverURL }), /connection refused/);
    }).timeout(10_000);

    it('ends when it is stopped while it waits', async () => {
      const { server, generate } = runs();
      server.reset('github');
      server.intercept = (_, response) => response.writeHead(200).write('[');
      const stop = new AbortController();
      const running = generate({}, stop.signal);
      running.catch(() => {});
      while (server.asked.length === 0) await setImmediate();
      stop.abort(new Error('stopped'));
      await assert.rejects(running, { message: 'stopped' });
    });

    it('says that a token is missing', async () => {
      const { server, generate } = runs();
      for (const [status, message] of [
        [401, /it wants a token in the Secret/],
        [403, /a token in the Secret of secretRef \(there is none\) must be allowed/],
        [
          404,
          /if octo\/hello is private, that a token in the Secret of secretRef \(there is none\) may read it/,
        ],
      ] as const) {
        server.reset('github');
        server.intercept = answer(status);
        await assert.rejects(generate({ secretRef: undefined } as never), message);
      }
    });
  });

  describe('and rate limits', () => {
    const reset = String(Math.floor(Date.now() / 1000) + 600);
    const limits: [
      what: string,
      status: number,
      headers: Record<string, string>,
      least: number,
      most: number,
    ][] = [
      ['403 with retry-after', 403, { 'retry-after': '120' }, 120_000, 120_000],
      [
        '403 at its limit',
        403,
        { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset },
        500_000,
        600_000,
      ],
      ['429 that asks for more time than a request has', 429, { 'retry-after': '600' }, 600_000, 600_000],
      ['503 that asks for more time than a request has', 503, { 'retry-after': '600' }, 600_000, 600_000],
      ['429 without a word', 429, {}, 60_000, 60_000],
    ];
    for (const [what, status, headers, least, most] of limits) {
      it(`waits after ${what}`, async () => {
        const { server, fails } = runs();
        server.reset('github', MANY);
        server.intercept = answer(status, 'canary', headers);
        const error = await fails(new RegExp(`answered ${status}`));
        assert.ok(error instanceof WaitingError);
        assert.equal(error.reason, 'RateLimited');
        assert.ok(error.retryAfter >= least && error.retryAfter <= most, String(error.retryAfter));
      }).timeout(10_000);
    }

    it('waits when a page in the middle meets the limit', async () => {
      const { server, fails } = runs();
      server.reset('gitlab', MANY);
      const limited = answer(403, '', { 'retry-after': '9' });
      server.intercept = (request, response) => page2(request) && limited(request, response);
      const error = await fails(/asked too often, and is asked again in 9s$/);
      assert.ok(error instanceof WaitingError && error.retryAfter === 9000);
    });
  });

  describe('and its token', () => {
    const seen: (string | undefined)[] = [];
    beforeEach(() => {
      seen.length = 0;
    });

    for (const driver of DRIVERS) {
      it(`sends it to ${driver} with every request`, async () => {
        const { server, generate } = runs();
        server.reset(driver, MANY);
        server.intercept = ({ headers }) => {
          seen.push(headers.authorization);
          return false;
        };
        await generate();
        assert.ok(seen.length >= 4);
        assert.deepEqual(new Set(seen), new Set([`Bearer ${PULL_REQUEST_TOKEN}`]));
      });
    }

    it('never sends it elsewhere, where a link or a redirect would lead', async () => {
      const { server, generate } = runs();
      const other = await startHttpServer(({ headers }, response) => {
        seen.push(headers.authorization);
        response.end('[]');
      });
      const link = { link: `<${other.origin}/pulls?page=2>; rel="next"` };
      const ways: [intercept: PullRequestServer['intercept'], message: RegExp][] = [
        [
          answer(200, '[]', link),
          /next page leads to another origin, http:\/\/127\.0\.0\.1:\d+; set serverURL/,
        ],
        [answer(307, '', { location: `${other.origin}/pulls` }), /another origin/],
      ];
      try {
        for (const [intercept, message] of ways) {
          for (const driver of ['github', 'gitlab', 'gitea'] as const) {
            server.reset(driver);
            server.intercept = intercept;
            await assert.rejects(generate(), message);
          }
        }
        assert.deepEqual(seen, []);
      } finally {
        await other.close();
      }
    });
  });
});
