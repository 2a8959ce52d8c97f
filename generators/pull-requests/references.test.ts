import assert from 'node:assert/strict';
import { type Certificates, makeCertificates } from '../../test/harness/http-certificates.ts';
import { makeContext } from '../../test/harness/http-context.ts';
import { pullRequests } from './index.ts';
import type { PullRequestsSpec } from './schema.ts';

const SPEC: PullRequestsSpec = { interval: '5m', driver: 'github', repo: 'o/r' };

function secret(data: Record<string, string>, field = 'stringData'): object {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'scm', namespace: 'apps' }, [field]: data };
}

describe('the Secrets of pullRequests', () => {
  let certificates: Certificates;
  before(() => {
    certificates = makeCertificates();
  });

  it('are not needed', async () => {
    const { context, requests, refs } = makeContext();
    assert.deepEqual(await pullRequests.generate(SPEC, context), []);
    assert.deepEqual(requests, [
      {
        method: 'GET',
        url: 'https://api.github.com/repos/o/r/pulls?state=open&sort=created&direction=asc&per_page=100',
        headers: { accept: 'application/json' },
        timeout: 30_000,
      },
    ]);
    assert.deepEqual(refs, []);
  });

  const tokens: [what: string, data: Record<string, string>, token: string][] = [
    ['password', { username: 'git', password: 'p-1' }, 'p-1'],
    ['token', { token: 't-1' }, 't-1'],
    ['password before token', { token: 't-1', password: 'p-1' }, 'p-1'],
  ];
  for (const [what, data, token] of tokens) {
    it(`give the token under ${what}, from the set's own namespace`, async () => {
      const { context, requests, refs } = makeContext({}, [secret(data)]);
      await pullRequests.generate({ ...SPEC, secretRef: { name: 'scm' } }, context);
      assert.equal(requests[0]?.headers?.['authorization'], `Bearer ${token}`);
      assert.deepEqual(refs, [{ apiVersion: 'v1', kind: 'Secret', namespace: 'apps', name: 'scm' }]);
    });
  }

  it('give certificates, each where it is there', async () => {
    const { ca, client } = certificates;
    const pair = { 'tls.crt': client.cert, 'tls.key': client.key };
    for (const [data, expected] of [
      [{ 'ca.crt': ca.cert }, { ca: ca.cert }],
      [pair, { cert: client.cert, key: client.key }],
      [
        { ...pair, 'ca.crt': ca.cert },
        { ca: ca.cert, cert: client.cert, key: client.key },
      ],
    ] as const) {
      const { context, requests } = makeContext({}, [secret(data)]);
      await pullRequests.generate({ ...SPEC, certSecretRef: { name: 'scm' } }, context);
      const { ca: sent, cert, key } = requests[0] ?? {};
      assert.deepEqual({ ...(sent && { ca: sent }), ...(cert && { cert }), ...(key && { key }) }, expected);
    }
  });

  const KEY = 'secretRef';
  const CERT = 'certSecretRef';
  const bad: [what: string, field: 'secretRef' | 'certSecretRef', objects: object[], message: RegExp][] = [
    ['is missing', KEY, [], /^Secret apps\/scm does not exist$/],
    ['is missing for certificates', CERT, [], /^Secret apps\/scm does not exist$/],
    ['has other keys', KEY, [secret({ username: 'canary' })], /has neither password nor token$/],
    ['has an empty token', KEY, [secret({ password: '' })], /: password is empty$/],
    ['has a line break', KEY, [secret({ token: 'canary\n' })], /: token has a line break/],
    ['has a space', KEY, [secret({ password: 'canary canary' })], /: password has a line break, a space/],
    ['has bytes', KEY, [secret({ password: '/w==' }, 'data')], /: password is not UTF-8 text$/],
    [
      'has what is no base64',
      KEY,
      [secret({ password: '!canary' }, 'data')],
      /data\.password is not base64$/,
    ],
    [
      'has no certificates',
      CERT,
      [secret({ password: 'canary' })],
      /has neither ca\.crt nor tls\.crt and tls\.key$/,
    ],
    ['has a broken CA', CERT, [secret({ 'ca.crt': 'canary' })], /: ca\.crt: no PEM certificate/],
    ['has half a pair', CERT, [secret({ 'tls.key': 'canary' })], /has no key tls\.crt$/],
  ];
  for (const [what, field, objects, message] of bad) {
    it(`fail before anything is asked where one ${what}`, async () => {
      const { context, requests } = makeContext({}, objects);
      await assert.rejects(
        pullRequests.generate({ ...SPEC, [field]: { name: 'scm' } }, context),
        (error: Error) => {
          assert.match(error.message, message);
          assert.doesNotMatch(error.message, /canary/);
          return true;
        },
      );
      assert.deepEqual(requests, []);
    });
  }
});
