import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { useClusterFaults } from '../../../test/harness/cluster-faults.ts';
import { ApiError } from './api-error.ts';
import { type ApiRequest, NotLeaderError } from './cluster-client.ts';
import type { RequestInfo } from './http-cluster-client.ts';

const PATH = '/api/v1/namespaces/default/configmaps/a';
const GET: ApiRequest = { method: 'GET', path: PATH };
const PATCH: ApiRequest = { method: 'PATCH', path: PATH, body: {} };
const never = new AbortController().signal;

/** Answers in this order; the last answer stays. */
function answerInTurn(...answers: ((response: ServerResponse) => void)[]) {
  let count = 0;
  const listener = (_request: IncomingMessage, response: ServerResponse) => {
    const answer = answers[Math.min(count++, answers.length - 1)];
    answer?.(response);
  };
  return { listener, count: () => count };
}

const status =
  (code: number, headers = {}) =>
  (response: ServerResponse) =>
    response.writeHead(code, { 'content-type': 'application/json', ...headers }).end('{"kind":"Status"}');
const ok = (response: ServerResponse) =>
  response.writeHead(200, { 'content-type': 'application/json' }).end('{"kind":"ConfigMap"}');
const cut = (response: ServerResponse) => response.destroy();

/** No random part in pauses. */
const clock = { now: () => performance.now(), random: () => 1 };

describe('HttpClusterClient', () => {
  const { serve, connect } = useClusterFaults();

  const tries: [string, ApiRequest, ((response: ServerResponse) => void)[], number, RegExp | undefined][] = [
    ['a GET after 429', GET, [status(429, { 'retry-after': '0' }), ok], 2, undefined],
    ['a GET after 500', GET, [status(500), ok], 2, undefined],
    ['a GET after 503 and 504', GET, [status(503), status(504), ok], 3, undefined],
    ['a GET after a cut connection', GET, [cut, ok], 2, undefined],
    ['a GET three times and no more', GET, [status(502)], 3, /^get configmaps default\/a: 502 Bad Gateway$/],
    ['a GET not after 404', GET, [status(404)], 1, /404 Not Found$/],
    ['a GET not after 501', GET, [status(501)], 1, /501/],
    ['a write after 429', PATCH, [status(429, { 'retry-after': '0' }), ok], 2, undefined],
    ['a write not after 500', PATCH, [status(500), ok], 1, /^patch configmaps default\/a: 500/],
    ['a write not after 503', PATCH, [status(503), ok], 1, /503/],
    [
      'a write not after a cut connection',
      PATCH,
      [cut, ok],
      1,
      /^cannot reach http:\/\/127.*: UND_ERR_SOCKET$/,
    ],
    ['a write not after a conflict', PATCH, [status(409), ok], 1, /409/],
    ['a 401 once', PATCH, [status(401), ok], 2, undefined],
    ['a 401 not twice', GET, [status(401), status(401), ok], 2, /401 Unauthorized/],
  ];
  for (const [what, request, answers, expected, error] of tries) {
    it(`tries ${what}`, async () => {
      const { listener, count } = answerInTurn(...answers);
      const { client } = await connect(await serve(listener), { clock });
      const answer = client.request(request, never);
      if (error) await assert.rejects(answer, { message: error });
      else assert.deepEqual(await answer, { kind: 'ConfigMap' });
      assert.equal(count(), expected);
    });
  }

  it('tries a write again when there was no server', async () => {
    const seen: RequestInfo[] = [];
    const { client } = await connect('http://127.0.0.1:1', { clock, onRequest: (info) => seen.push(info) });
    await assert.rejects(client.request(PATCH, never), {
      message: 'cannot reach http://127.0.0.1:1: ECONNREFUSED',
    });
    assert.deepEqual(
      seen.map(({ method, code }) => `${method} ${code}`),
      Array(3).fill('PATCH <error>'),
    );
  });

  it('keeps all requests of an identity away while the server asks it for patience, and no others', async () => {
    const times: number[] = [];
    const url = await serve((_request, response) => {
      times.push(performance.now());
      if (times.length === 1) status(429, { 'retry-after': '1' })(response);
      else ok(response);
    });
    const { client } = await connect(url);
    const first = client.request(GET, never);
    while (times.length === 0) await delay(5);
    await delay(50);
    await client.as({ namespace: 'a', name: 'b' }).request(GET, never);
    await Promise.all([first, client.request(PATCH, never)]);
    const [begin = 0, tenant = 0, ...others] = times;
    assert.ok(tenant - begin < 900, `${tenant - begin} ms`);
    assert.equal(others.length, 2);
    for (const time of others) assert.ok(time - begin >= 990, `${time - begin} ms`);
  });

  it('does not wait for what takes longer than the request may', async () => {
    const { listener, count } = answerInTurn(status(429, { 'retry-after': '30' }));
    const { client } = await connect(await serve(listener));
    for (let i = 0; i < 2; i++) {
      await assert.rejects(client.request({ ...GET, timeout: 2000 }, never), (error) => {
        assert.ok(error instanceof ApiError && error.status === 429);
        return (error.retryAfter ?? 0) > 29_000;
      });
    }
    assert.equal(count(), 1);
  });

  it('ends a request in time, and says that a write may have been carried out', async () => {
    const url = await serve((_request, response) => response.writeHead(200).write('{'));
    const { client, server } = await connect(url);
    const begin = performance.now();
    await assert.rejects(client.request({ ...PATCH, timeout: 200 }, never), {
      message: `patch configmaps default/a: no answer from ${server} in time; it may have been carried out`,
    });
    assert.ok(performance.now() - begin < 2000);
  });

  it('ends a request that is aborted, with the reason', async () => {
    const { client } = await connect(await serve(() => {}));
    const controller = new AbortController();
    const request = client.request(GET, controller.signal);
    const reason = new Error('enough');
    setTimeout(() => controller.abort(reason), 50);
    await assert.rejects(request, reason);
    await assert.rejects(client.request(GET, controller.signal), reason);
  });

  it('ends a request that waits for a connection', async () => {
    const { client } = await connect(await serve(() => {}), { maxConnections: 1 });
    const controllers = [new AbortController(), new AbortController()] as const;
    const [first, second] = controllers.map(({ signal }) => client.request(GET, signal));
    await delay(50);
    controllers[1].abort(new Error('second'));
    await assert.rejects(second as Promise<unknown>, { message: 'second' });
    controllers[0].abort(new Error('first'));
    await assert.rejects(first as Promise<unknown>, { message: 'first' });
  });

  const bodies: [string, string | Buffer, string][] = [
    ['HTML', '<html>', 'get configmaps default/a: the answer is not valid JSON'],
    ['a list', '[]', 'get configmaps default/a: the answer is no JSON object'],
    [
      'more than 64 MiB',
      Buffer.alloc(65 * 1024 * 1024, 32),
      'get configmaps default/a: the answer is larger than 64 MiB',
    ],
  ];
  for (const [what, body, message] of bodies) {
    it(`refuses an answer that is ${what}`, async () => {
      const { client } = await connect(
        await serve((_request, response) => response.writeHead(200).end(body)),
      );
      await assert.rejects(client.request(GET, never), { message });
    });
  }

  it('keeps every digit of an integer and every key of an object', async () => {
    const text =
      '{"a":9007199254740993,"b":[-12345678901234567890,1],"c":0.1234567890123456,"__proto__":{"x":"1"}}';
    const { client } = await connect(await serve((_request, response) => response.writeHead(200).end(text)));
    const { a, b, c, ...rest } = await client.request(GET, never);
    assert.deepEqual([a, b, c], [9007199254740993n, [-12345678901234567890n, 1], 0.1234567890123456]);
    assert.ok(Object.hasOwn(rest, '__proto__'));
  });

  it('sends what it was given, and integers with all digits', async () => {
    const seen: string[] = [];
    const url = await serve(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      seen.push(`${request.method} ${request.url} ${request.headers['content-type']} ${body}`);
      ok(response);
    });
    const { client } = await connect(`${url}/prefix/`);
    const path = '/api/v1/x';
    const contentType = 'application/apply-patch+yaml';
    await client.request(
      { method: 'PATCH', path, query: { a: 'b&c' }, contentType, body: 'text: as it is' },
      never,
    );
    await client.request({ method: 'POST', path, body: { n: 9007199254740993n }, timeout: 5000 }, never);
    await client.request({ method: 'GET', path }, never);
    assert.deepEqual(seen, [
      `PATCH /prefix/api/v1/x?a=b%26c&timeout=30s ${contentType} text: as it is`,
      'POST /prefix/api/v1/x?timeout=5s application/json {"n":9007199254740993}',
      'GET /prefix/api/v1/x undefined ',
    ]);
  });

  it('opens a stream once: whoever watches has a pace of his own', async () => {
    const { listener, count } = answerInTurn(status(503));
    const { client } = await connect(await serve(listener));
    await assert.rejects(client.stream({ ...GET, query: { watch: 'true' } }, never), ApiError);
    assert.equal(count(), 1);
  });

  it('ends a stream when it is destroyed, aborted or cut', async () => {
    const closed: number[] = [];
    const responses: ServerResponse[] = [];
    const url = await serve((request, response) => {
      response.writeHead(200).write('line\n');
      responses.push(response);
      request.socket.on('close', () => closed.push(responses.indexOf(response)));
    });
    const { client } = await connect(url);
    const controller = new AbortController();
    const streams = [];
    for (const signal of [never, controller.signal, never]) streams.push(await client.stream(GET, signal));
    const [destroyed, aborted, broken] = streams.map(async ({ chunks }) => {
      for await (const _ of chunks);
    });
    streams[0]?.destroy();
    controller.abort(new Error('enough'));
    responses[2]?.destroy();
    await assert.rejects(destroyed as Promise<void>);
    await assert.rejects(aborted as Promise<void>, { message: 'enough' });
    await assert.rejects(broken as Promise<void>, { code: 'UND_ERR_SOCKET' });
    while (closed.length < 3) await delay(5);
  });

  const accounts: [string, string, string][] = [
    ['an empty name', 'default', ''],
    ['a blank name', 'default', ' '],
    ['a path', 'default', '../x'],
    ['another user', 'default', 'system:masters'],
    ['two lines', 'default', 'a\r\nimpersonate-group: system:masters'],
    ['capitals', 'default', 'Admin'],
    ['an empty namespace', '', 'a'],
    ['a namespace with a dot', 'a.b', 'c'],
    ['a namespace with a colon', 'kube-system:x', 'c'],
    ['a name that is too long', 'default', 'a'.repeat(254)],
  ];
  for (const [what, namespace, name] of accounts) {
    it(`refuses to act as ${what}`, async () => {
      const { client } = await connect('http://127.0.0.1:1');
      assert.throws(() => client.as({ namespace, name }), {
        name: 'StalledError',
        reason: 'ServiceAccountRequired',
      });
    });
  }
});

describe('the fence of HttpClusterClient', () => {
  const { serve, connect } = useClusterFaults();

  /** A server that answers when it is told to. */
  async function open(fence: () => number) {
    const waiting: { request: IncomingMessage; response: ServerResponse }[] = [];
    const url = await serve((request, response) => waiting.push({ request, response }));
    const { client, unfenced } = await connect(url, { fence, maxConnections: 1 });
    return { client, unfenced, waiting };
  }

  it('keeps a write off the wire when it turns while the write waits for a connection', async () => {
    let isLeader = true;
    const { client, waiting } = await open(() => {
      if (!isLeader) throw new NotLeaderError();
      return 10_000;
    });
    const first = client.request(GET, never);
    while (waiting.length === 0) await delay(5);
    const writes = (['POST', 'PUT', 'PATCH', 'DELETE'] as const).map((method) =>
      client.request({ ...PATCH, method }, never),
    );
    const refused = Promise.all(writes.map((write) => assert.rejects(write, NotLeaderError)));
    await delay(50);
    isLeader = false;
    const last = waiting.shift();
    if (last) ok(last.response);
    await first;
    await refused;
    assert.equal(waiting.length, 0);
    const read = client.request(GET, never);
    while (waiting.length === 0) await delay(5);
    for (const { response } of waiting) ok(response);
    await read;
  });

  it('lets nothing out for less than a second, and never limits what is unfenced', async () => {
    const { client, unfenced, waiting } = await open(() => 999);
    await assert.rejects(client.request(PATCH, never), NotLeaderError);
    const write = unfenced.request(PATCH, never);
    while (waiting.length === 0) await delay(5);
    assert.equal(waiting[0]?.request.url, `${PATH}?timeout=30s`);
    for (const { response } of waiting) ok(response);
    await write;
  });

  it('tells the server to end before the time is over, also after waiting', async () => {
    let left = 20_500;
    const { client, waiting } = await open(() => left);
    const first = client.request(PATCH, never);
    while (waiting.length === 0) await delay(5);
    const second = client.request(PATCH, never);
    left = 5500;
    const one = waiting.shift();
    if (one) ok(one.response);
    await first;
    while (waiting.length === 0) await delay(5);
    const two = waiting.shift();
    if (two) ok(two.response);
    await second;
    const urls = [one, two].map((it) => it?.request.url);
    assert.deepEqual(urls, [`${PATH}?timeout=19s`, `${PATH}?timeout=4s`]);
  });

  it('sends the head before it looks at the clock for the last time, and the last byte only then', async () => {
    const wholes: string[] = [];
    const aborted = Promise.withResolvers<void>();
    const url = await serve(async (request, response) => {
      const { method = '' } = request;
      const parts: Buffer[] = [];
      try {
        for await (const part of request) parts.push(part);
        wholes.push(`${method} ${Buffer.concat(parts)}`);
        ok(response);
      } catch {
        wholes.push(`${method} ${Buffer.concat(parts)} and no more`);
        aborted.resolve();
      }
    });
    let looks = 0;
    let last = Number.POSITIVE_INFINITY;
    const fence = () => {
      if (++looks === last) throw new NotLeaderError();
      return 10_000;
    };
    const { client } = await connect(url, { fence, maxConnections: 1 });
    await client.request({ ...PATCH, body: { a: 'ü' } }, never);
    await client.request({ method: 'DELETE', path: PATH }, never);
    assert.equal(looks, 6);
    last = 9;
    await assert.rejects(client.request({ ...PATCH, body: { b: 1 } }, never), NotLeaderError);
    await aborted.promise;
    assert.deepEqual(wholes, ['PATCH {"a":"ü"}', 'DELETE {}', 'PATCH {"b":1 and no more']);
    assert.equal(looks, 9);
  });

  it('ends a write that is under way when the time is over', async () => {
    const { client, waiting } = await open(() => 1000);
    const begin = performance.now();
    await assert.rejects(client.request(PATCH, never), {
      name: 'NotLeaderError',
      message: /may have been carried out/,
    });
    const took = performance.now() - begin;
    assert.ok(took > 950 && took < 3000, `${took} ms`);
    while (!waiting[0]?.request.socket.destroyed) await delay(5);
  });
});
