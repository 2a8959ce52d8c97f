import assert from 'node:assert/strict';
import { type Certificates, makeCertificates } from '../../../test/harness/http-certificates.ts';
import { withEnvironment } from '../../../test/harness/http-environment.ts';
import { useHttpReader } from '../../../test/harness/http-reader.ts';
import { startHttpServer, type TestServer } from '../../../test/harness/http-server.ts';
import type { HttpRequest } from '../../api/readers.ts';

describe('createHttpReader over TLS', () => {
  const { open, ask, addServer } = useHttpReader();
  let certificates: Certificates;

  before(() => {
    certificates = makeCertificates();
  });

  async function serveTls(
    name: 'server' | 'elsewhere' | 'expired' = 'server',
    mutual = false,
  ): Promise<TestServer> {
    const tls = {
      ...certificates[name],
      ...(mutual && { ca: certificates.ca.cert, requestCert: true, rejectUnauthorized: true }),
    };
    return addServer(startHttpServer((_request, response) => response.end('secret'), tls));
  }

  it('accepts a server of the given CA, also with text around its certificate', async () => {
    const { origin } = await serveTls();
    open();
    assert.equal((await ask(origin, { ca: certificates.ca.cert })).body, 'secret');
    const bundle = `# other\n${certificates.otherCa.cert}# ours\n${certificates.ca.cert}`;
    assert.equal((await ask(origin, { ca: bundle })).body, 'secret');
  });

  it('shows its certificate to a server that asks for one', async () => {
    const { origin } = await serveTls('server', true);
    open();
    const { cert, key } = certificates.client;
    assert.equal((await ask(origin, { ca: certificates.ca.cert, cert, key })).body, 'secret');
  });

  it('fails without the certificate that the server asks for, and does not reuse the connection of another', async () => {
    const { origin } = await serveTls('server', true);
    open();
    await ask(origin, { ca: certificates.ca.cert, ...certificates.client });
    await assert.rejects(ask(origin, { ca: certificates.ca.cert }), {
      message: /TLS failed|was closed|was reset/,
    });
  });

  const broken: [string, () => Promise<TestServer>, () => Partial<HttpRequest>, RegExp][] = [
    ['a server of an unknown authority', () => serveTls(), () => ({}), /TLS failed \(\w+\)/],
    [
      'a server of another authority',
      () => serveTls(),
      () => ({ ca: certificates.otherCa.cert }),
      /TLS failed \(\w+\)/,
    ],
    [
      'a certificate for another host',
      () => serveTls('elsewhere'),
      () => ({ ca: certificates.ca.cert }),
      /ERR_TLS_CERT_ALTNAME_INVALID/,
    ],
    [
      'an expired certificate',
      () => serveTls('expired'),
      () => ({ ca: certificates.ca.cert }),
      /CERT_HAS_EXPIRED/,
    ],
    ['a CA that is no PEM', () => serveTls(), () => ({ ca: 'canary' }), /the CA: no PEM certificate in it/],
    ['an empty CA', () => serveTls(), () => ({ ca: '' }), /the CA: no PEM certificate in it/],
    [
      'a CA cut short',
      () => serveTls(),
      () => ({ ca: certificates.ca.cert.slice(0, 200) }),
      /the CA: no PEM/,
    ],
    [
      'a CA with a broken certificate in it',
      () => serveTls(),
      () => ({ ca: `${certificates.ca.cert}${certificates.otherCa.cert.replace(/M/g, 'A')}` }),
      /the CA: PEM certificate 2 in it cannot be read/,
    ],
    [
      'a private key in place of a CA',
      () => serveTls(),
      () => ({ ca: certificates.ca.key }),
      /the CA: no PEM certificate/,
    ],
    [
      'a certificate without its key',
      () => serveTls(),
      () => ({ cert: certificates.client.cert }),
      /belong together/,
    ],
    [
      'a certificate with the key of another',
      () => serveTls(),
      () => ({ cert: certificates.client.cert, key: certificates.server.key }),
      /the client certificate and its key: cannot be used together/,
    ],
    [
      'a key that is no PEM',
      () => serveTls(),
      () => ({ cert: certificates.client.cert, key: 'canary' }),
      /the client certificate and its key: cannot be used/,
    ],
  ];
  for (const [what, start, request, message] of broken) {
    it(`refuses ${what}`, async () => {
      const { origin } = await start();
      open();
      await assert.rejects(ask(origin, request()), (error: Error) => {
        assert.match(error.message, message);
        assert.doesNotMatch(error.message, /canary|BEGIN/);
        return true;
      });
    });
  }

  it('verifies also when NODE_TLS_REJECT_UNAUTHORIZED is 0', async () => {
    const { origin } = await serveTls();
    await withEnvironment({ NODE_TLS_REJECT_UNAUTHORIZED: '0' }, async () => {
      open();
      await assert.rejects(ask(origin), { message: /TLS failed/ });
    });
  });
});
