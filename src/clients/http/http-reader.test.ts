import assert from 'node:assert/strict';
import { useMockHttp } from '../../../test/harness/http-mock.ts';
import type { HttpAnswer, HttpRequest } from '../../api/readers.ts';
import { silentLogger } from '../../lib/logger.ts';
import { createHttpReader, type HttpReaderOptions } from './http-reader.ts';
import { systemClock } from './retry.ts';

const ORIGIN = 'http://prometheus:9090';
const OTHER = 'http://other:9090';
const SIGNAL = new AbortController().signal;
const OPTIONS: HttpReaderOptions = {
  allowLoopback: false,
  userAgent: 'generatorset/test',
  log: silentLogger,
  clock: { ...systemClock, sleep: async () => {} },
};

describe('createHttpReader', () => {
  const mock = useMockHttp();

  function ask(
    request: Partial<HttpRequest> = {},
    options: Partial<HttpReaderOptions> = {},
  ): Promise<HttpAnswer> {
    const reader = createHttpReader({ ...OPTIONS, dispatcher: mock(), ...options });
    return reader.request(
      { method: 'GET', url: `${ORIGIN}/q?query=canary`, timeout: 5000, ...request },
      SIGNAL,
    );
  }

  it('sends its name, and asks for an answer that is not compressed', async () => {
    const headers = { 'user-agent': 'generatorset/test', accept: '*/*', 'accept-encoding': 'identity' };
    mock()
      .get(ORIGIN)
      .intercept({ path: '/q?query=canary', headers })
      .reply(200, 'text', { headers: { 'X-A': '1' } });
    assert.deepEqual(await ask(), { status: 200, headers: { 'x-a': '1' }, body: 'text' });
  });

  it('sends the headers and the body of the request; names of headers are alike in any case', async () => {
    const headers = { authorization: 'Bearer x', 'user-agent': 'mine', 'content-type': 'application/json' };
    mock().get(ORIGIN).intercept({ method: 'POST', path: '/q', headers, body: '{"a":1}' }).reply(200, 'ok');
    const answer = await ask({
      method: 'POST',
      url: `${ORIGIN}/q`,
      body: '{"a":1}',
      headers: { Authorization: 'Bearer x', 'User-Agent': 'mine', 'Content-Type': 'application/json' },
    });
    assert.equal(answer.body, 'ok');
  });

  it('gives the status and body of an error to the caller', async () => {
    mock().get(ORIGIN).intercept({ path: '/q?query=canary' }).reply(400, '{"errorType":"bad_data"}');
    const { status, body } = await ask();
    assert.deepEqual({ status, body }, { status: 400, body: '{"errorType":"bad_data"}' });
  });

  it('tries again after 503', async () => {
    const pool = mock().get(ORIGIN);
    pool.intercept({ path: '/q?query=canary' }).reply(503, 'busy').times(2);
    pool.intercept({ path: '/q?query=canary' }).reply(200, 'ok');
    assert.equal((await ask()).body, 'ok');
  });

  it('gives up at once when asked to wait longer than it may', async () => {
    const headers = { 'retry-after': '120' };
    mock().get(ORIGIN).intercept({ path: '/q?query=canary' }).reply(429, 'canary', { headers });
    await assert.rejects(ask(), {
      message:
        /^GET http:\/\/prometheus:9090\/q: answered 429 and asks to wait 2m0s, longer than the [45][.\d]*s left of the timeout$/,
    });
  });

  it('refuses before it asks, and does not show the value of a header', async () => {
    await assert.rejects(ask({ headers: { Authorization: 'canary\n' } }), {
      message: /^GET http:\/\/prometheus:9090\/q: the value of the header Authorization has a line break/,
    });
    await assert.rejects(ask({ url: 'http://169.254.169.254/' }), { name: 'StalledError' });
    await assert.rejects(ask({ timeout: Number.NaN }), { name: 'StalledError' });
  });

  it('stops before it asks when it was aborted', async () => {
    const reader = createHttpReader({ ...OPTIONS, dispatcher: mock() });
    const aborted = AbortSignal.abort(new Error('stopped'));
    const request: HttpRequest = { method: 'GET', url: ORIGIN, timeout: 1000 };
    await assert.rejects(reader.request(request, aborted), { message: 'stopped' });
  });

  describe('with redirects', () => {
    function redirect(path: string, location: string, { status = 302, method = 'GET' } = {}): void {
      mock().get(ORIGIN).intercept({ path, method }).reply(status, '', { headers: { location } });
    }

    for (const status of [301, 302, 303, 307, 308]) {
      it(`follows ${status}`, async () => {
        redirect('/a', '/b?c=d', { status });
        mock().get(ORIGIN).intercept({ path: '/b?c=d' }).reply(200, 'there');
        assert.equal((await ask({ url: `${ORIGIN}/a` })).body, 'there');
      });
    }

    it('follows three, keeps headers on the origin, and no more', async () => {
      for (const [from, to] of [
        ['/1', '/2'],
        ['/2', '/3'],
        ['/3', '/4'],
      ] as const)
        redirect(from, to);
      const headers = { authorization: 'Bearer x' };
      mock().get(ORIGIN).intercept({ path: '/4', headers }).reply(200, 'there');
      assert.equal((await ask({ url: `${ORIGIN}/1`, headers: { Authorization: 'Bearer x' } })).body, 'there');

      for (const [from, to] of [
        ['/1', '/2'],
        ['/2', '/3'],
        ['/3', '/4'],
        ['/4', '/5'],
      ] as const)
        redirect(from, to);
      await assert.rejects(ask({ url: `${ORIGIN}/1` }), {
        message: 'GET http://prometheus:9090/1: more than 3 redirects',
      });
    });

    it('goes to another origin when nothing of the user goes with it', async () => {
      redirect('/a', `${OTHER}/b`);
      mock().get(OTHER).intercept({ path: '/b' }).reply(200, 'there');
      assert.equal((await ask({ url: `${ORIGIN}/a` })).body, 'there');
    });

    it('gives a redirect without a location to the caller', async () => {
      mock().get(ORIGIN).intercept({ path: '/a' }).reply(302, '');
      assert.equal((await ask({ url: `${ORIGIN}/a` })).status, 302);
    });

    it('repeats a POST with its body after 307, on the same origin', async () => {
      redirect('/a', '/b', { status: 307, method: 'POST' });
      mock().get(ORIGIN).intercept({ path: '/b', method: 'POST', body: 'x' }).reply(200, 'there');
      assert.equal((await ask({ url: `${ORIGIN}/a`, method: 'POST', body: 'x' })).body, 'there');
    });

    const refused: [string, string, Partial<HttpRequest> & { status?: number }, RegExp][] = [
      [
        'with a header to another origin',
        `${OTHER}/b?canary`,
        { headers: { 'X-A': 'canary' } },
        /302 to http:\/\/other:9090\/b, another origin/,
      ],
      [
        'to another port with a header',
        'http://prometheus:9091/',
        { headers: { 'X-A': 'canary' } },
        /another origin/,
      ],
      [
        'with a body to another origin',
        OTHER,
        { method: 'POST', body: 'canary', status: 308 },
        /another origin/,
      ],
      ['of a POST to a GET', '/b', { method: 'POST' }, /would make a GET of the POST/],
      ['to link-local metadata', 'http://169.254.169.254/canary-path', {}, /a link-local address is refused/],
      ['to loopback', 'http://127.0.0.1:10250/', {}, /a loopback address is refused/],
      ['to loopback in disguise', 'http://0x7f.1/', {}, /a loopback address is refused/],
      ['to a file', 'file:///etc/passwd', {}, /URLs must begin with/],
      [
        'to a URL with user information',
        'http://u:canary@prometheus:9090/',
        {},
        /user information in a URL is refused/,
      ],
      ['to nowhere', 'http://:x', {}, /to a malformed URL/],
    ];
    for (const [what, location, { status = 302, ...request }, message] of refused) {
      it(`refuses one ${what}`, async () => {
        redirect('/a', location, { status, method: request.method ?? 'GET' });
        await assert.rejects(ask({ url: `${ORIGIN}/a`, ...request }), (error: Error) => {
          assert.match(error.message, message);
          assert.doesNotMatch(error.message, /canary(?!-path)/);
          return true;
        });
      });
    }

    it('refuses one from https to http', async () => {
      mock()
        .get('https://safe')
        .intercept({ path: '/' })
        .reply(302, '', { headers: { location: `${ORIGIN}/` } });
      await assert.rejects(ask({ url: 'https://safe/' }), {
        message: /to http:\/\/prometheus:9090, away from https/,
      });
    });
  });
});
