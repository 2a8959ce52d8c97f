import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startHttpServer, type TestServer } from '../../../test/harness/http-server.ts';
import type { HttpAnswer, HttpRequest } from '../../api/readers.ts';
import { silentLogger } from '../../lib/logger.ts';
import { createHttpReader, type HttpReaderOptions } from './http-reader.ts';
import { readRecordings } from './recording.ts';
import { systemClock } from './retry.ts';

const SIGNAL = new AbortController().signal;

describe('recording and replaying', () => {
  let folder: string;
  let server: TestServer | undefined;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'generatorset-recording-'));
  });
  afterEach(async () => {
    await server?.close();
    server = undefined;
    await rm(folder, { recursive: true });
  });

  /** Asks one after the other, through one reader. */
  async function ask(
    options: Partial<HttpReaderOptions>,
    ...requests: Partial<HttpRequest>[]
  ): Promise<HttpAnswer[]> {
    const clock = { ...systemClock, sleep: async () => {} };
    const reader = createHttpReader({
      allowLoopback: true,
      userAgent: 'test',
      log: silentLogger,
      clock,
      ...options,
    });
    try {
      const answers: HttpAnswer[] = [];
      for (const request of requests) {
        answers.push(await reader.request({ method: 'GET', url: '', timeout: 5000, ...request }, SIGNAL));
      }
      return answers;
    } finally {
      await reader.close();
    }
  }

  function write(name: string, value: unknown): Promise<void> {
    return writeFile(join(folder, name), typeof value === 'string' ? value : JSON.stringify(value));
  }

  function recording(url: string, body: string, { status = 200, headers = {}, method = 'GET' } = {}): object {
    return { request: { method, url }, response: { status, headers, body } };
  }

  it('writes one pretty file an exchange, without request headers, cookies and echoed credentials', async () => {
    server = await startHttpServer((request, response) => {
      const headers = { 'content-type': 'text/plain', 'set-cookie': 'session=canary', 'x-token': 'canary' };
      response.writeHead(200, headers).end(`hello ${request.headers.authorization}`);
    });
    const url = `${server.origin}/api/v1/query?query=up`;
    const headers = { Authorization: 'Bearer canary-token', 'Content-Type': 'text/plain' };
    await ask({ record: folder }, { url, headers }, { url, headers, method: 'POST', body: 'a=1' });

    const names = ['001-get-127-0-0-1-api-v1-query.json', '002-post-127-0-0-1-api-v1-query.json'];
    assert.deepEqual((await readdir(folder)).sort(), names);
    const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
    for (const text of texts) assert.doesNotMatch(text, /canary|authorization/i);
    assert.equal(
      texts[1],
      `${JSON.stringify(
        {
          request: { method: 'POST', url, body: 'a=1' },
          response: { status: 200, headers: { 'content-type': 'text/plain' }, body: 'hello [redacted]' },
        },
        null,
        2,
      )}\n`,
    );
  });

  it('shows no credentials in a redirect and in what follows it, and replays both', async () => {
    server = await startHttpServer((request, response) => {
      const token = String(request.headers.authorization).slice('Bearer '.length);
      if (request.url === '/') response.writeHead(302, { location: `/next?token=${token}` }).end(token);
      else response.end('{}');
    });
    const url = server.origin;
    const headers = { Authorization: 'Bearer canary-token' };
    await ask({ record: folder }, { url, headers });
    const names = await readdir(folder);
    assert.equal(names.length, 2);
    for (const name of names) assert.doesNotMatch(await readFile(join(folder, name), 'utf8'), /canary/);
    await server.close();
    server = undefined;
    assert.deepEqual((await ask({ replay: folder }, { url, headers }))[0]?.body, '{}');
  });

  it('numbers on from what the folder has, and never replaces a file', async () => {
    server = await startHttpServer((_request, response) => response.end('new'));
    await write('007-git-repository.json', { request: { git: {} }, response: {} });
    await Promise.all([1, 2, 3].map(() => ask({ record: folder }, { url: `${server?.origin}/` })));
    const names = (await readdir(folder)).sort();
    assert.deepEqual(
      names.map((name) => name.slice(0, 4)),
      ['007-', '008-', '009-', '010-'],
    );
  });

  it('makes the folder, and fails where it cannot', async () => {
    server = await startHttpServer((_request, response) => response.end('new'));
    await ask({ record: join(folder, 'a/b') }, { url: server.origin });
    assert.equal((await readdir(join(folder, 'a/b'))).length, 1);
    await write('file', '');
    await assert.rejects(ask({ record: join(folder, 'file/b') }, { url: server.origin }), {
      message: `GET ${server.origin}: cannot write a recording to ${folder}/file/b`,
    });
  });

  it('replays what it recorded: the retry, the redirect and the answer, without a server', async () => {
    let asked = 0;
    server = await startHttpServer((request, response) => {
      if (asked++ === 0) response.writeHead(503, { 'retry-after': '1' }).end('busy');
      else if (request.url === '/a') response.writeHead(302, { location: '/b' }).end();
      else response.end('{"n": 9007199254740993, "text": "é\\u0000"}');
    });
    const url = `${server.origin}/a`;
    const [recorded] = await ask({ record: folder }, { url });
    await server.close();
    server = undefined;
    assert.equal((await readdir(folder)).length, 3);
    const [replayed] = await ask({ replay: folder }, { url });
    assert.equal(replayed?.body, recorded?.body);
    assert.equal(replayed?.status, 200);
  });

  it('plays equal requests in the order of the files, and the last one sticks', async () => {
    const url = 'http://prometheus:9090/q?query=up';
    await write('002-b.json', recording(url, 'second'));
    await write('001-a.json', recording(url, 'first'));
    await write('003-c.json', recording(`${url}2`, 'other'));
    await write('004-git.json', { request: { git: { url } }, response: {} });
    await write('notes.txt', 'not a recording');
    const answers = await ask(
      { replay: folder },
      { url },
      { url: `${url}2` },
      { url },
      { url },
      { url: `${url}#part` },
    );
    assert.deepEqual(
      answers.map(({ body }) => body),
      ['first', 'other', 'second', 'second', 'second'],
    );
  });

  it('tells requests apart by method and body', async () => {
    const url = 'http://prometheus:9090/q';
    await write('1.json', {
      request: { method: 'POST', url, body: 'a' },
      response: { status: 200, headers: {}, body: 'A' },
    });
    await write('2.json', {
      request: { method: 'POST', url, body: 'b' },
      response: { status: 200, headers: {}, body: 'B' },
    });
    const [first, second] = await ask(
      { replay: folder },
      { url, method: 'POST', body: 'b' },
      { url, method: 'POST', body: 'a' },
    );
    assert.deepEqual([first?.body, second?.body], ['B', 'A']);
  });

  it('opens no socket and asks no DNS, but judges literal addresses', async () => {
    const url = 'http://prometheus.monitoring:9090/';
    await write('1.json', recording(url, 'ok'));
    await write('2.json', recording('http://169.254.169.254/', 'canary'));
    await write('3.json', recording('http://127.0.0.1:9090/', 'local'));
    const options = {
      replay: folder,
      resolve: () => assert.fail('asked DNS'),
    };
    assert.equal((await ask(options, { url }))[0]?.body, 'ok');
    assert.equal((await ask(options, { url: 'http://127.0.0.1:9090' }))[0]?.body, 'local');
    await assert.rejects(ask(options, { url: 'http://169.254.169.254/' }), /a link-local address is refused/);
    const strict = { ...options, allowLoopback: false };
    await assert.rejects(ask(strict, { url: 'http://127.0.0.1:9090' }), /a loopback address is refused/);
  });

  it('keeps the limits of the real client', async () => {
    const url = 'http://prometheus:9090/q';
    await write('1.json', recording(url, 'a'.repeat(8 * 1024 * 1024 + 1)));
    await assert.rejects(ask({ replay: folder }, { url }), /larger than 8 MiB/);
  });

  it('names the request that has no recording, without its query', async () => {
    await write('1.json', recording('http://prometheus:9090/q?query=up', 'ok'));
    await assert.rejects(ask({ replay: folder }, { url: 'http://prometheus:9090/q?query=canary' }), {
      message: `GET http://prometheus:9090/q: no recording of GET http://prometheus:9090/q with this query and body in ${folder}; make one with --record`,
    });
  });

  const broken: [string, unknown, RegExp][] = [
    ['text', 'canary', /1\.json is not a recording: not valid JSON/],
    ['a list', [], /"request" must be an object/],
    ['no request', { response: {} }, /"request" must be an object/],
    ['no response', { request: { method: 'GET', url: 'http://a/' } }, /"response" must be an object/],
    ['a broken URL', { request: { method: 'GET', url: 'canary' }, response: {} }, /Invalid URL/],
    [
      'a status that is a text',
      { request: { method: 'GET', url: 'http://a/' }, response: { status: '200', body: '' } },
      /"status" must be/,
    ],
    [
      'an interim status',
      { request: { method: 'GET', url: 'http://a/' }, response: { status: 100, body: '' } },
      /"status" must be/,
    ],
    [
      'a body that is JSON',
      { request: { method: 'GET', url: 'http://a/' }, response: { status: 200, body: {} } },
      /"body" must be a text/,
    ],
    ['an inherited request', '{"__proto__": {"request": {}}}', /the key "__proto__" is refused/],
  ];
  for (const [what, value, message] of broken) {
    it(`names the file that holds ${what} in place of a recording`, async () => {
      await write('1.json', value);
      await assert.rejects(ask({ replay: folder }, { url: 'http://a/' }), (error: Error) => {
        assert.match(error.message, message);
        assert.doesNotMatch(error.message, /canary/);
        return true;
      });
    });
  }

  it('names the folder that is missing', async () => {
    await assert.rejects(readRecordings(join(folder, 'missing')), {
      message: `cannot read the recordings in ${folder}/missing`,
    });
    await mkdir(join(folder, 'empty'));
    assert.deepEqual(await readRecordings(join(folder, 'empty')), []);
  });
});
