import type { IncomingMessage, ServerResponse } from 'node:http';
import type { PullRequestsSpec } from '../../generators/pull-requests/schema.ts';
import { startHttpServer, type TestServer } from './http-server.ts';
import { answerPage, gitlabProject, LIST_PATHS, type PullRequestSample } from './pull-request-answers.ts';

/** A server with open pull requests that answers as one of the four. */
export interface PullRequestServer extends TestServer {
  driver: PullRequestsSpec['driver'];
  samples: readonly PullRequestSample[];
  /** Answers in place of the server, where it returns true. */
  intercept: (request: IncomingMessage, response: ServerResponse) => boolean;
  /** Paths with their queries. */
  readonly asked: string[];
  /** Forgets what was asked, and answers as it should. */
  reset(driver: PullRequestsSpec['driver'], samples?: readonly PullRequestSample[]): void;
}

/** Starts a server of pull requests on loopback. */
export async function startPullRequestServer(): Promise<PullRequestServer> {
  const asked: string[] = [];
  const server = await startHttpServer((request, response) => {
    const url = new URL(request.url ?? '', `http://${request.headers.host}`);
    asked.push(url.pathname + url.search);
    if (state.intercept(request, response)) return;
    const isList = url.pathname === LIST_PATHS[state.driver];
    const page = isList ? answerPage(state.driver, state.samples, url) : gitlabProject(url.pathname);
    if (page) response.writeHead(200, page.headers).end(page.body);
    else response.writeHead(404).end('{"message": "canary"}');
  });
  const state: PullRequestServer = {
    ...server,
    driver: 'github',
    samples: [],
    intercept: () => false,
    asked,
    reset(driver, samples = []) {
      Object.assign(state, { driver, samples, intercept: () => false });
      asked.length = 0;
    },
  };
  return state;
}
