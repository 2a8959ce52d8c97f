import type { RequestListener } from 'node:http';
import type { HttpAnswer, HttpRequest } from '../../src/api/readers.ts';
import {
  type ClosableHttpReader,
  createHttpReader,
  type HttpReaderOptions,
} from '../../src/clients/http/http-reader.ts';
import { systemClock } from '../../src/clients/http/retry.ts';
import { silentLogger } from '../../src/lib/logger.ts';
import { startHttpServer, type TestServer } from './http-server.ts';

/** The real reader and real servers of one test; both end with it. */
interface HttpBench {
  /** Makes the reader that `ask` uses: loopback is allowed, and it does not pause between tries. */
  open(options?: Partial<HttpReaderOptions>): void;
  ask(url: string, request?: Partial<HttpRequest>, signal?: AbortSignal): Promise<HttpAnswer>;
  serve(listener: RequestListener): Promise<TestServer>;
  addServer(server: Promise<TestServer>): Promise<TestServer>;
}

/** Gives the suite that calls it a reader and servers for each of its tests. */
export function useHttpReader(): HttpBench {
  const clock = { ...systemClock, sleep: async () => {} };
  const servers: TestServer[] = [];
  let reader: ClosableHttpReader | undefined;
  afterEach(async () => {
    await reader?.close();
    reader = undefined;
    await Promise.all(servers.splice(0).map((server) => server.close()));
  });
  async function addServer(server: Promise<TestServer>): Promise<TestServer> {
    servers.push(await server);
    return server;
  }
  return {
    addServer,
    serve: (listener) => addServer(startHttpServer(listener)),
    open(options) {
      reader = createHttpReader({
        allowLoopback: true,
        userAgent: 'test',
        log: silentLogger,
        clock,
        ...options,
      });
    },
    ask(url, request, signal = new AbortController().signal) {
      if (!reader) throw new Error('open a reader first');
      return reader.request({ method: 'GET', url, timeout: 5000, ...request }, signal);
    },
  };
}
