import assert from 'node:assert/strict';
import type { HttpRequest } from '../../src/api/readers.ts';
import { type Certificates, makeCertificates } from '../../test/harness/http-certificates.ts';
import { makeContext } from '../../test/harness/http-context.ts';
import { vectorText } from '../../test/harness/prometheus-answers.ts';
import { prometheus } from './index.ts';
import type { PrometheusSpec } from './schema.ts';

const SPEC = {
  interval: '1h',
  url: 'http://prometheus:9090',
  query: 'sum(up{job="a&b"}) + 1',
} as PrometheusSpec;
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

function secret(name: string, stringData: Record<string, string>): object {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace: 'apps' }, stringData };
}

/** The requests that a spec makes. */
async function requestsOf(
  spec: Partial<PrometheusSpec>,
  objects: object[] = [],
  time?: Date,
): Promise<HttpRequest[]> {
  const { context, requests } = makeContext({ body: vectorText([[{}, '1']]) }, objects);
  await prometheus.generate({ ...SPEC, ...spec } as PrometheusSpec, { ...context, ...(time && { time }) });
  return requests;
}

/** The form of the only request. */
async function formOf(spec: Partial<PrometheusSpec>, time?: Date): Promise<Record<string, string>> {
  const [request] = await requestsOf(spec, [], time);
  return Object.fromEntries(new URLSearchParams(request?.body));
}

describe('what prometheus asks', () => {
  let certificates: Certificates;
  before(() => {
    certificates = makeCertificates();
  });

  it('is a form with the query and the timeout', async () => {
    assert.deepEqual(await requestsOf({}), [
      {
        method: 'POST',
        url: 'http://prometheus:9090/api/v1/query',
        headers: FORM,
        body: 'query=sum%28up%7Bjob%3D%22a%26b%22%7D%29+%2B+1&timeout=30',
        timeout: 30_000,
      },
    ]);
  });

  const urls: [string, string][] = [
    ['http://p', 'http://p/api/v1/query'],
    ['http://p/', 'http://p/api/v1/query'],
    ['https://p:1/team/a//', 'https://p:1/team/a/api/v1/query'],
  ];
  for (const [url, expected] of urls) {
    it(`goes to ${expected} for ${url}`, async () =>
      assert.equal((await requestsOf({ url }))[0]?.url, expected));
  }

  it('has the timeout of the spec', async () => {
    const [request] = await requestsOf({ timeout: '1m500ms' });
    assert.equal(request?.timeout, 60_500);
    assert.equal(new URLSearchParams(request?.body).get('timeout'), '60.5');
  });

  it('has a time only where the past is asked for', async () => {
    assert.deepEqual(Object.keys(await formOf({})), ['query', 'timeout']);
    assert.equal((await formOf({}, new Date('2026-01-02T03:04:05.678Z')))['time'], '1767323045.678');
  });

  it('is one request for each query', async () => {
    const { query: _, ...rest } = SPEC;
    const { context, requests } = makeContext({ body: vectorText([[{}, '1']]) });
    await prometheus.generate({ ...rest, queries: { a: 'up', b: 'down' } } as PrometheusSpec, context);
    assert.deepEqual(
      requests.map(({ body }) => new URLSearchParams(body).get('query')),
      ['up', 'down'],
    );
  });

  it('has the headers of the spec', async () => {
    const [request] = await requestsOf({ headers: { 'X-Scope-OrgID': 'apps' } });
    assert.deepEqual(request?.headers, { ...FORM, 'X-Scope-OrgID': 'apps' });
  });

  it('has a bearer token', async () => {
    const [request] = await requestsOf({ secretRef: { name: 's' } }, [secret('s', { token: 'abc' })]);
    assert.deepEqual(request?.headers, { ...FORM, authorization: 'Bearer abc' });
  });

  it('has user and password', async () => {
    const objects = [secret('s', { username: 'me', password: 'pä:ss' })];
    const [request] = await requestsOf({ secretRef: { name: 's' } }, objects);
    const expected = `Basic ${Buffer.from('me:pä:ss').toString('base64')}`;
    assert.equal(request?.headers?.['authorization'], expected);
  });

  it('has the certificates that the Secret has', async () => {
    const { ca, client } = certificates;
    const certSecretRef = { name: 's' };
    const pair = { 'tls.crt': client.cert, 'tls.key': client.key };
    const [both] = await requestsOf({ certSecretRef }, [secret('s', { ...pair, 'ca.crt': ca.cert })]);
    assert.deepEqual([both?.ca, both?.cert, both?.key], [ca.cert, client.cert, client.key]);
    const [server] = await requestsOf({ certSecretRef }, [secret('s', { 'ca.crt': ca.cert })]);
    assert.deepEqual([server?.ca, server?.cert, server?.key], [ca.cert, undefined, undefined]);
    const [own] = await requestsOf({ certSecretRef }, [secret('s', pair)]);
    assert.deepEqual([own?.ca, own?.cert, own?.key], [undefined, client.cert, client.key]);
  });

  const refused: [string, Record<string, string> | undefined, RegExp][] = [
    ['no Secret', undefined, /^Secret apps\/s does not exist$/],
    ['a Secret of something else', { other: 'canary' }, /has neither token nor username and password/],
    ['both kinds', { token: 'canary', username: 'canary', password: 'canary' }, /token beside username/],
    ['a name without a password', { username: 'canary' }, /has no key password/],
    ['a password without a name', { password: 'canary' }, /has no key username/],
    ['a token with a line break', { token: 'canary\n' }, /token has a line break .* as printf does/],
    ['a password with a line break', { username: 'a', password: 'canary\n' }, /password has a line break/],
    ['an empty token', { token: '' }, /token is empty/],
    ['a name with a colon', { username: 'can:ary', password: 'canary' }, /username has a colon/],
  ];
  for (const [what, data, message] of refused) {
    it(`is not sent with ${what} for secretRef`, async () => {
      const objects = data ? [secret('s', data)] : [];
      await assert.rejects(requestsOf({ secretRef: { name: 's' } }, objects), (error: Error) => {
        assert.match(error.message, message);
        assert.doesNotMatch(error.message, /canary/);
        return true;
      });
    });
  }

  const badCertificates: [string, Record<string, string>, RegExp][] = [
    ['nothing of TLS', { other: 'canary' }, /has neither ca\.crt nor tls\.crt and tls\.key/],
    ['a certificate without its key', { 'tls.key': 'canary' }, /has no key tls\.crt/],
    ['a CA that is none', { 'ca.crt': 'canary' }, /ca\.crt: no PEM certificate in it/],
  ];
  for (const [what, data, message] of badCertificates) {
    it(`is not sent with ${what} for certSecretRef`, async () => {
      const sent = requestsOf({ certSecretRef: { name: 's' } }, [secret('s', data)]);
      await assert.rejects(sent, { message });
    });
  }
});
