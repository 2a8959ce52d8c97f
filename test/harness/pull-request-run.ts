import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pullRequests } from '../../generators/pull-requests/index.ts';
import type { PullRequestsSpec } from '../../generators/pull-requests/schema.ts';
import type { Element } from '../../src/api/element.ts';
import { type ClosableHttpReader, createHttpReader } from '../../src/clients/http/http-reader.ts';
import { silentLogger } from '../../src/lib/logger.ts';
import { makeContext } from './http-context.ts';
import { LIST_PATHS } from './pull-request-answers.ts';
import { type PullRequestServer, startPullRequestServer } from './pull-request-server.ts';

/** What stands in the Secret of every run; no message may show it. */
export const PULL_REQUEST_TOKEN = 'canary-token';

/** Every driver there is. */
export const DRIVERS = ['github', 'gitlab', 'gitea', 'bitbucketserver'] as const;

/** Runs of the generator against a server of pull requests. */
export interface PullRequestRuns {
  readonly server: PullRequestServer;
  /** The elements for the server's driver, with a token. */
  generate(spec?: Partial<PullRequestsSpec>, signal?: AbortSignal): Promise<Element[]>;
  /** Expects an error with this message that begins with the URL of the list and shows nothing of answer and token. */
  fails(message: RegExp): Promise<Error>;
}

/** Gives a suite one server, and ends it. The function it returns gives the runs of the running test. */
export function usePullRequests(): () => PullRequestRuns {
  let server: PullRequestServer;
  let http: ClosableHttpReader;
  before(async () => {
    server = await startPullRequestServer();
    http = createHttpReader({ allowLoopback: true, userAgent: 'test', log: silentLogger });
  });
  after(async () => {
    await http.close();
    await server.close();
  });

  const generate: PullRequestRuns['generate'] = (spec, signal = new AbortController().signal) => {
    const stringData = { password: PULL_REQUEST_TOKEN };
    const metadata = { name: 'scm', namespace: 'apps' };
    const { context } = makeContext({}, [{ apiVersion: 'v1', kind: 'Secret', metadata, stringData }]);
    const { driver, origin: serverURL } = server;
    const whole = {
      interval: '5m',
      driver,
      repo: 'octo/hello',
      serverURL,
      secretRef: { name: 'scm' },
      ...spec,
    };
    return pullRequests.generate(whole, { ...context, http, signal });
  };

  const fails: PullRequestRuns['fails'] = async (message) => {
    const error = await generate().then(
      () => assert.fail('it gave elements'),
      (reason: Error) => reason,
    );
    assert.match(error.message, message);
    assert.doesNotMatch(error.message, /canary|\n/);
    assert.ok(error.message.startsWith(`GET ${server.origin}${LIST_PATHS[server.driver]}: `), error.message);
    return error;
  };
  return () => ({ server, generate, fails });
}

/** Answers so, whatever is asked. */
export function answerWith(
  status: number,
  body: string | Buffer = 'canary',
  headers: Record<string, string> = {},
): PullRequestServer['intercept'] {
  return (_: IncomingMessage, response: ServerResponse) => {
    response.writeHead(status, headers).end(body);
    return true;
  };
}
