import assert from 'node:assert/strict';
import { type Certificates, makeCertificates } from '../../test/harness/http-certificates.ts';
import { makeContext } from '../../test/harness/http-context.ts';
import { apiClient } from './index.ts';
import type { ApiClientSpec } from './schema.ts';

const ENDPOINT = 'http://prometheus:9090/api/v1/query?query=up&token=canary';
const SPEC: ApiClientSpec = { interval: '24h', endpoint: ENDPOINT };

function secret(name: string, stringData: Record<string, string>): object {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace: 'apps' }, stringData };
}

describe('the objects that apiClient refers to', () => {
  let certificates: Certificates;

  before(() => {
    certificates = makeCertificates();
  });

  it('come from caFile, before ca.crt', async () => {
    const { ca, otherCa } = certificates;
    for (const data of [
      { caFile: ca.cert },
      { 'ca.crt': ca.cert },
      { caFile: ca.cert, 'ca.crt': otherCa.cert },
    ]) {
      const { context, requests } = makeContext({}, [secret('tls', data as Record<string, string>)]);
      await apiClient.generate({ ...SPEC, secretRef: { name: 'tls' } }, context);
      assert.equal(requests[0]?.ca, ca.cert);
    }
  });

  it('come with the client certificate; the CA of secretRef wins', async () => {
    const { ca, otherCa, client } = certificates;
    const pair = { 'tls.crt': client.cert, 'tls.key': client.key };
    const objects = [
      secret('client', { ...pair, 'ca.crt': otherCa.cert }),
      secret('ca', { caFile: ca.cert }),
    ];
    const certSecretRef = { name: 'client' };
    const { context, requests } = makeContext({}, objects);
    await apiClient.generate({ ...SPEC, certSecretRef }, context);
    await apiClient.generate({ ...SPEC, certSecretRef, secretRef: { name: 'ca' } }, context);
    const { cert, key } = client;
    const common = { method: 'GET', url: ENDPOINT, timeout: 30_000, cert, key };
    assert.deepEqual(requests, [
      { ...common, ca: otherCa.cert },
      { ...common, ca: ca.cert },
    ]);
  });

  const missing: [string, Partial<ApiClientSpec>, object[], string][] = [
    [
      'headers object',
      { headersRef: { kind: 'ConfigMap', name: 'h' } },
      [],
      'ConfigMap apps/h does not exist',
    ],
    ['headers Secret', { headersRef: { kind: 'Secret', name: 'h' } }, [], 'Secret apps/h does not exist'],
    ['CA Secret', { secretRef: { name: 'tls' } }, [], 'Secret apps/tls does not exist'],
    [
      'CA',
      { secretRef: { name: 'tls' } },
      [secret('tls', { other: 'canary' })],
      'Secret apps/tls has no key caFile',
    ],
    [
      'CA that is none',
      { secretRef: { name: 'tls' } },
      [secret('tls', { 'ca.crt': 'canary' })],
      'Secret apps/tls: ca.crt: no PEM certificate in it',
    ],
    ['client Secret', { certSecretRef: { name: 'tls' } }, [], 'Secret apps/tls does not exist'],
    [
      'client certificate',
      { certSecretRef: { name: 'tls' } },
      [secret('tls', { 'tls.key': 'canary' })],
      'Secret apps/tls has no key tls.crt',
    ],
  ];
  for (const [what, spec, objects, message] of missing) {
    it(`fail the query when there is no ${what}, before it is sent`, async () => {
      const { context, requests } = makeContext({}, objects);
      await assert.rejects(apiClient.generate({ ...SPEC, ...spec }, context), { message });
      assert.deepEqual(requests, []);
    });
  }

  it('fail the query when there is no client key', async () => {
    const { context } = makeContext({}, [secret('tls', { 'tls.crt': certificates.client.cert })]);
    await assert.rejects(apiClient.generate({ ...SPEC, certSecretRef: { name: 'tls' } }, context), {
      message: 'Secret apps/tls has no key tls.key',
    });
  });

  it('and headers must be text', async () => {
    const data = { Authorization: Buffer.from([0xff]).toString('base64') };
    const object = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'h', namespace: 'apps' }, data };
    const { context } = makeContext({}, [object]);
    await assert.rejects(
      apiClient.generate({ ...SPEC, headersRef: { kind: 'Secret', name: 'h' } }, context),
      {
        message: 'Secret apps/h: Authorization is not UTF-8 text',
      },
    );
  });
});
