import assert from 'node:assert/strict';
import type { LookupAddress } from 'node:dns';
import { withEnvironment } from '../../../test/harness/http-environment.ts';
import { useHttpReader } from '../../../test/harness/http-reader.ts';
import { guardedConnector, type Resolve } from './guarded-connector.ts';

/** Resolves every name to these addresses. */
function resolveTo(...addresses: string[]): Resolve {
  const answers = addresses.map(
    (address): LookupAddress => ({ address, family: address.includes(':') ? 6 : 4 }),
  );
  return (_name, _options, callback) => callback(null, answers);
}

describe('guardedConnector', () => {
  const { open, ask, serve } = useHttpReader();

  const refused: [string, string[], boolean, RegExp][] = [
    [
      'loopback',
      ['127.0.0.1'],
      false,
      /the name leads to 127\.0\.0\.1, a loopback address, which is refused/,
    ],
    ['loopback in IPv6', ['::1'], false, /leads to \[::1\], a loopback address/],
    ['mapped loopback', ['::ffff:127.0.0.1'], false, /a loopback address/],
    ['metadata, though loopback is allowed', ['169.254.169.254'], true, /a link-local address/],
    ['a public and a metadata address', ['93.184.216.34', '169.254.169.254'], true, /a link-local address/],
    ['nothing', [], true, /the name has no address/],
  ];
  for (const [what, addresses, allowLoopback, message] of refused) {
    it(`refuses a name that leads to ${what}, without another try`, async () => {
      let lookups = 0;
      const resolve = resolveTo(...addresses);
      open({
        allowLoopback,
        resolve: (name, options, callback) => {
          lookups++;
          resolve(name, options, callback);
        },
      });
      await assert.rejects(ask('http://innocent.example/p'), { message });
      assert.equal(lookups, 1);
    });
  }

  it('refuses a literal address by what the socket is connected to', async () => {
    const { port } = await serve((_request, response) => response.end());
    const target = { protocol: 'http:', hostname: '127.0.0.1', port: String(port) };
    const connectTo = (allowLoopback: boolean) =>
      new Promise<string>((resolve) => {
        guardedConnector({ allowLoopback, tls: {} })(target, (...[error, socket]) => {
          socket?.destroy();
          resolve(error?.message ?? 'connected');
        });
      });
    assert.equal(await connectTo(true), 'connected');
    assert.equal(await connectTo(false), 'a loopback address is refused');
  });

  it('refuses what the system itself resolves to loopback', async () => {
    open({ allowLoopback: false });
    await assert.rejects(ask('http://localhost:1/'), { message: /a loopback address, which is refused/ });
  });

  it('refuses a name that turns bad between two connections', async () => {
    const { port } = await serve((_request, response) =>
      response.writeHead(503, { connection: 'close' }).end(),
    );
    const answers = [resolveTo('127.0.0.1'), resolveTo('169.254.169.254')];
    open({ resolve: (...call) => (answers.shift() ?? resolveTo())(...call) });
    await assert.rejects(ask(`http://rebinding.example:${port}/`), { message: /a link-local address/ });
  });

  it('judges the name that a redirect leads to', async () => {
    const { port } = await serve((_request, response) => {
      response.writeHead(302, { location: 'http://metadata.google.internal/' }).end();
    });
    open({
      resolve: (name, ...rest) =>
        resolveTo(name.startsWith('metadata') ? '169.254.169.254' : '127.0.0.1')(name, ...rest),
    });
    await assert.rejects(ask(`http://public.example:${port}/`), {
      message: /a link-local address, which is refused/,
    });
  });

  it('uses no proxy', async () => {
    let proxied = 0;
    const proxy = await serve((_request, response) => {
      proxied++;
      response.end('proxied');
    });
    const { origin } = await serve((_request, response) => response.end('direct'));
    const [url, on] = [proxy.origin, '1'];
    const variables = {
      HTTP_PROXY: url,
      http_proxy: url,
      HTTPS_PROXY: url,
      ALL_PROXY: url,
      NODE_USE_ENV_PROXY: on,
    };
    await withEnvironment(variables, async () => {
      open();
      assert.equal((await ask(origin)).body, 'direct');
    });
    assert.equal(proxied, 0);
  });
});
