import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createJsonPoster } from './post-json.ts';
import { systemClock } from './retry.ts';

const { signal } = new AbortController();
const options = { userAgent: 'generatorset/test', clock: { ...systemClock, sleep: async () => {} } };

describe('createJsonPoster', () => {
  const refused: [address: string, error: RegExp][] = [
    ['notification-controller', /^the address for events is no URL/],
    ['file:///etc/passwd', /must begin with http/],
    ['http://user:secret@notification-controller/', /user information/],
    ['http://169.254.169.254/', /is refused/],
  ];
  for (const [address, message] of refused) {
    it(`refuses ${address}, without showing a password`, () => {
      assert.throws(
        () => createJsonPoster(address, options),
        (error: Error) => message.test(error.message) && !error.message.includes('secret'),
      );
    });
  }

  it('posts JSON, and tries again what may pass', async () => {
    const answers = [503, 502, 200];
    const seen: string[] = [];
    const server = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      seen.push(`${request.method} ${request.url} ${request.headers['content-type']} ${body}`);
      response.writeHead(answers.shift() ?? 500).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const poster = createJsonPoster(`http://127.0.0.1:${port}/hook?token=t`, options);
    try {
      await poster.post('{"a":"ü"}', signal);
      assert.deepEqual(seen, Array(3).fill('POST /hook?token=t application/json {"a":"ü"}'));
      await assert.rejects(poster.post('{}', signal), {
        message: `POST http://127.0.0.1:${port}/hook: answered 500`,
      });
      const aborted = AbortSignal.abort(new Error('over'));
      await assert.rejects(poster.post('{}', aborted), /over/);
    } finally {
      await poster.close();
      server.close();
      server.closeAllConnections();
    }
    const refusedPoster = createJsonPoster(`http://127.0.0.1:${port}/?token=t`, options);
    await assert.rejects(refusedPoster.post('{}', signal), {
      message: `POST http://127.0.0.1:${port}: connection refused`,
    });
    await refusedPoster.close();
  });
});
