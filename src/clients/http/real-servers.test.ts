import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { useHttpReader } from '../../../test/harness/http-reader.ts';
import { startRawServer, unusedPort } from '../../../test/harness/http-server.ts';
import { systemClock } from './retry.ts';

const MIB = 1024 * 1024;
const HEAD = 'HTTP/1.1 200 OK\r\n';

/** Writes the start, and then the chunk for ever, as fast as the other side reads. */
function pour(socket: Socket, chunk: string, start = chunk): void {
  socket.write(start);
  function more(): void {
    while (!socket.destroyed && socket.write(chunk));
  }
  socket.on('drain', more);
  more();
}

describe('createHttpReader against real servers', () => {
  const { open, ask, serve, addServer } = useHttpReader();

  /** Raw answers, what is said of them, and how often the reader asks. */
  const RAW: [string, (socket: Socket) => void, RegExp, number, number?][] = [
    [
      'a connection that is reset',
      (socket) => socket.resetAndDestroy(),
      /the connection was (?:reset|closed)/,
      3,
    ],
    [
      'a connection that is closed without an answer',
      (socket) => socket.end(),
      /the connection was closed/,
      3,
    ],
    [
      'a body that is cut off',
      (socket) => socket.end(`${HEAD}Content-Length: 100\r\n\r\ncanary`),
      /closed before the answer was whole|not as long as it says/,
      3,
    ],
    [
      'a chunked body that is cut off',
      (socket) => socket.end(`${HEAD}Transfer-Encoding: chunked\r\n\r\n6\r\ncanary\r\n`),
      /closed before the answer was whole/,
      3,
    ],
    [
      'a reset in the middle of the body',
      (socket) =>
        socket.write(`${HEAD}Content-Length: 100\r\n\r\ncanary`, () =>
          setTimeout(() => socket.resetAndDestroy(), 20),
        ),
      /the connection was reset|closed before/,
      3,
    ],
    [
      'an answer that is not HTTP',
      (socket) => socket.end('SSH-2.0-canary\r\n'),
      /does not speak HTTP properly/,
      1,
    ],
    [
      'two lengths of one body',
      (socket) => socket.end(`${HEAD}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab`),
      /does not speak HTTP properly|not as long as it says/,
      3,
    ],
    [
      'headers that never end',
      (socket) => pour(socket, `X-A: ${'canary'.repeat(500)}\r\n`, HEAD),
      /headers of the answer are too large|HPE_HEADER_OVERFLOW/,
      1,
    ],
    [
      'interim answers that never end',
      (socket) => pour(socket, 'HTTP/1.1 102 Processing\r\n\r\n'),
      /no whole answer within 300ms/,
      1,
      300,
    ],
    ['silence', () => {}, /no whole answer within 300ms/, 1, 300],
    [
      'headers that stop',
      (socket) => socket.write(`${HEAD}X-A: canary`),
      /no whole answer within 300ms/,
      1,
      300,
    ],
    [
      'a body that drips',
      (socket) => {
        socket.write(`${HEAD}Content-Length: 1000\r\n\r\n`);
        const drip = setInterval(() => socket.write('a'), 50);
        socket.on('close', () => clearInterval(drip));
      },
      /no whole answer within 300ms/,
      1,
      300,
    ],
    [
      'a body that never ends',
      (socket) => pour(socket, 'a'.repeat(65_536), `${HEAD}\r\n`),
      /larger than 8 MiB/,
      1,
    ],
    [
      'a body that says it is huge',
      (socket) => socket.write(`${HEAD}Content-Length: 1073741824\r\n\r\n`),
      /larger than 8 MiB/,
      1,
    ],
  ];

  for (const [what, onRequest, message, tries, timeout = 5000] of RAW) {
    it(`fails on ${what}`, async () => {
      let asked = 0;
      const server = await addServer(
        startRawServer((socket) => {
          asked++;
          onRequest(socket);
        }),
      );
      open();
      await assert.rejects(ask(`${server.origin}/p?query=canary`, { timeout }), (error: Error) => {
        assert.match(error.message, message);
        assert.match(error.message, /^GET http:\/\/127\.0\.0\.1:\d+\/p: /);
        assert.doesNotMatch(error.message, /canary/);
        return true;
      });
      assert.equal(asked, tries);
    });
  }

  const bytes = (body: Buffer | string, headers: Record<string, string> = {}): RequestListener => {
    return (_request, response) => response.writeHead(200, headers).end(body);
  };
  const REFUSED: [string, RequestListener, RegExp][] = [
    ['a body just over the limit', bytes(Buffer.alloc(8 * MIB + 1, 'a')), /larger than 8 MiB/],
    [
      'a gzip bomb',
      bytes(gzipSync(Buffer.alloc(64 * MIB)), { 'content-encoding': 'gzip' }),
      /compressed although/,
    ],
    [
      'layers of compression',
      bytes('x', { 'content-encoding': Array(1000).fill('gzip').join(',') }),
      /compressed although/,
    ],
    ['a body that is not UTF-8', bytes(Buffer.from([0x22, 0xff, 0x22])), /not UTF-8 text/],
    ['a lone surrogate in UTF-8', bytes(Buffer.from([0xed, 0xa0, 0x80])), /not UTF-8 text/],
  ];
  for (const [what, listener, message] of REFUSED) {
    it(`refuses ${what}, once`, async () => {
      let asked = 0;
      const { origin } = await serve((request, response) => {
        asked++;
        listener(request, response);
      });
      open();
      await assert.rejects(ask(origin), { message });
      assert.equal(asked, 1);
    });
  }

  it('reads a body of exactly 8 MiB, and drops a byte order mark', async () => {
    const { origin } = await serve((request, response) => {
      response.end(request.url === '/big' ? Buffer.alloc(8 * MIB, 'a') : '\ufeff{}');
    });
    open();
    assert.equal((await ask(`${origin}/big`)).body.length, 8 * MIB);
    assert.equal((await ask(`${origin}/mark`)).body, '{}');
  });

  it('gives the status of an error whose body is huge or broken', async () => {
    const { origin } = await serve((_request, response) =>
      response.writeHead(404).end(Buffer.alloc(MIB, 0xff)),
    );
    open();
    assert.equal((await ask(origin)).status, 404);
  });

  it('waits between tries, and asks three times at most', async () => {
    const times: number[] = [];
    const { origin } = await serve((_request, response) => {
      times.push(performance.now());
      response.writeHead(503).end();
    });
    open({ clock: systemClock });
    assert.equal((await ask(origin)).status, 503);
    const [first = 0, second = 0, third = 0] = times;
    assert.equal(times.length, 3);
    assert.ok(
      second - first >= 190 && third - second >= 390,
      `paused ${second - first} and ${third - second} ms`,
    );
  });

  it('says that nobody listens', async () => {
    const port = await unusedPort();
    open();
    await assert.rejects(ask(`http://127.0.0.1:${port}`), {
      message: `GET http://127.0.0.1:${port}: connection refused`,
    });
  });

  it('says that a name is unknown', async () => {
    const unknown = Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' });
    open({ resolve: (_name, _options, callback) => callback(unknown, []) });
    await assert.rejects(ask('http://nowhere.example'), {
      message: 'GET http://nowhere.example: the host name is unknown',
    });
  });

  it('ends when it is aborted, also in the middle of a body', async () => {
    const { origin } = await serve((_request, response) => response.writeHead(200).write('part'));
    open();
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error('stopped')), 50);
    await assert.rejects(ask(origin, {}, controller.signal), { message: 'stopped' });
  });

  it('ends in time also while it has no connection yet', async () => {
    const server = await addServer(startRawServer(() => {}));
    open();
    const url = `https://127.0.0.1:${server.port}`;
    const begun = performance.now();
    await assert.rejects(ask(url, { timeout: 200 }), {
      message: `GET ${url}: no whole answer within 200ms`,
    });
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error('stopped')), 50);
    await assert.rejects(ask(url, {}, controller.signal), { message: 'stopped' });
    assert.ok(performance.now() - begun < 3000, 'the time of a connection is 5 s');
  });

  it('frees the connection of an answer that it refused', async () => {
    let connections = 0;
    const server = await addServer(
      startRawServer((socket) => {
        connections++;
        socket.on('close', () => connections--);
        pour(socket, 'a'.repeat(65_536), `${HEAD}\r\n`);
      }),
    );
    open();
    await assert.rejects(ask(server.origin), /larger/);
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(connections, 0);
  });
});
