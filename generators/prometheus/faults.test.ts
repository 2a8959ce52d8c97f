import assert from 'node:assert/strict';
import type { RequestListener, ServerResponse } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { createHttpReader } from '../../src/clients/http/http-reader.ts';
import { silentLogger } from '../../src/lib/logger.ts';
import { makeContext } from '../../test/harness/http-context.ts';
import {
  startHttpServer,
  startRawServer,
  type TestServer,
  unusedPort,
} from '../../test/harness/http-server.ts';
import { vectorText } from '../../test/harness/prometheus-answers.ts';
import { prometheus } from './index.ts';
import type { PrometheusSpec } from './schema.ts';

const GOOD = vectorText([[{ pod: 'a' }, '1']]);
const LARGE = 9 * 1024 * 1024;

const http = createHttpReader({ allowLoopback: true, userAgent: 'test', log: silentLogger });

/** Asks a server, with its own time for the answer. */
function ask(origin: string, timeout = '5s'): Promise<unknown> {
  const { context } = makeContext();
  const spec = { interval: '1h', url: `${origin}/prefix`, query: 'up', timeout };
  return prometheus.generate(spec as PrometheusSpec, { ...context, http });
}

const respond =
  (body: string | Buffer, headers: Record<string, string> = {}, status = 200) =>
  (response: ServerResponse) =>
    response.writeHead(status, headers).end(body);

const FAULTS: [string, (response: ServerResponse) => void, RegExp, string?][] = [
  ['no answer in time', () => {}, /no whole answer within 200ms/, '200ms'],
  [
    'a body that never ends',
    (response) => response.writeHead(200).write(GOOD),
    /no whole answer within 200ms/,
    '200ms',
  ],
  [
    'a body cut off',
    (response) => {
      response.writeHead(200, { 'content-length': GOOD.length });
      response.write(GOOD.slice(0, 20), () => response.destroy());
    },
    /the connection was closed|not as long as it says|was reset/,
  ],
  [
    'a body cut off that says nothing of its length',
    (response) => response.end(GOOD.slice(0, -10)),
    /the answer is not JSON/,
  ],
  ['a body of 9 MiB', respond('x'.repeat(LARGE)), /larger than 8 MiB/],
  [
    'a body that nobody asked to compress',
    respond(gzipSync(GOOD), { 'content-encoding': 'gzip' }),
    /is compressed although/,
  ],
  ['bytes that are no text', respond(Buffer.from([0x7b, 0xff, 0x7d])), /is not UTF-8 text/],
  ['a login page', respond('<html>canary</html>', { 'content-type': 'text/html' }), /not JSON but HTML/],
  [
    'a redirect to a login page',
    respond('', { location: '/login?canary' }, 302),
    /would make a GET of the POST/,
  ],
  [
    'a redirect to a metadata address',
    respond('', { location: 'http://169.254.169.254/?canary' }, 307),
    /refused|another origin/,
  ],
  ['overload', respond('canary', {}, 503), /answered 503/],
  ['a long wait', respond('', { 'retry-after': '600' }, 429), /answered 429 and asks to wait 10m0s/],
  ['a gateway without Prometheus', respond('canary', {}, 502), /answered 502/],
  [
    'an error of its own',
    respond('{"status":"error","errorType":"internal","error":"canary"}', {}, 500),
    /500 \(internal\)/,
  ],
];

describe('prometheus over a network that fails', () => {
  let server: TestServer;
  let listener: RequestListener = () => {};
  const bodies = new WeakMap<object, string>();
  before(async () => {
    server = await startHttpServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        bodies.set(request, body);
        listener(request, response);
      });
    });
  });
  after(async () => {
    await http.close();
    await server.close();
  });

  it('gives elements when all is well, with a form at the path of the API', async () => {
    const asked: unknown[] = [];
    listener = ({ method, url, headers }, response) => {
      asked.push([method, url, headers['content-type']]);
      response.end(GOOD);
    };
    assert.equal(((await ask(server.origin)) as unknown[]).length, 1);
    assert.deepEqual(asked, [['POST', '/prefix/api/v1/query', 'application/x-www-form-urlencoded']]);
  });

  for (const [what, answer, message, timeout] of FAULTS) {
    it(`fails on ${what}, naming field and place`, async () => {
      listener = (_, response) => answer(response);
      await assert.rejects(ask(server.origin, timeout), (error: Error) => {
        assert.match(error.message, message);
        assert.doesNotMatch(error.message, /canary/);
        assert.ok(
          error.message.startsWith(`query: POST ${server.origin}/prefix/api/v1/query: `),
          error.message,
        );
        return true;
      });
    }).timeout(10_000);
  }

  it('fails where nobody listens, and where nobody speaks HTTP', async () => {
    await assert.rejects(ask(`http://127.0.0.1:${await unusedPort()}`), /connection refused/);
    const raw = await startRawServer((socket) => socket.end('canary\r\n\r\n'));
    await assert.rejects(ask(raw.origin), /does not speak HTTP properly/);
    await raw.close();
  }).timeout(10_000);

  it('waits for no other query after one that fails', async () => {
    const ended = new Set<string>();
    listener = (request, response) => {
      const query = new URLSearchParams(bodies.get(request)).get('query') ?? '';
      if (query === 'up') response.writeHead(400).end('canary');
      else response.on('close', () => ended.add(query));
    };
    const { context } = makeContext();
    const queries = { a: 'up', b: 'down' };
    const spec = { interval: '1h', url: server.origin, queries, maxSampleAge: '1h', timeout: '1m' };
    await assert.rejects(prometheus.generate(spec, { ...context, http }), /queries\.a: .*answered 400/);
    while (ended.size < 3) await setImmediate();
    assert.ok(ended.has('down'));
  });

  it('recovers by itself', async () => {
    let count = 0;
    listener = (_, response) => (++count === 1 ? respond('', {}, 503)(response) : response.end(GOOD));
    assert.equal(((await ask(server.origin)) as unknown[]).length, 1);
    assert.equal(count, 2);
  });
});
