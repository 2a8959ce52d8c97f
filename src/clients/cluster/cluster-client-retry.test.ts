import assert from 'node:assert/strict';
import { codeOf, type FailedTry, isCertificateCode, retryPause } from './cluster-client-retry.ts';

const random = () => 0;

describe('retryPause', () => {
  const pauses: [string, FailedTry, number | undefined][] = [
    ['the first pause', { method: 'GET', status: 503, tries: 1 }, 250],
    ['the second pause', { method: 'GET', status: 503, tries: 2 }, 500],
    ['what the server asks for', { method: 'GET', status: 503, retryAfter: 3000, tries: 1 }, 3000],
    ['its own where the server asks for less', { method: 'GET', status: 429, retryAfter: 0, tries: 1 }, 250],
    ['the same for a write that was not carried out', { method: 'POST', status: 429, tries: 1 }, 250],
    ['a pause where no server was', { method: 'DELETE', code: 'ECONNREFUSED', tries: 2 }, 500],
    ['a pause where connections were replaced', { method: 'PUT', code: 'UND_ERR_CLOSED', tries: 1 }, 250],
    ['nothing after three tries', { method: 'GET', status: 429, tries: 3 }, undefined],
  ];
  for (const [what, failed, expected] of pauses) {
    it(`gives ${what}`, () => assert.equal(retryPause(failed, random), expected));
  }

  const writes = ['POST', 'PUT', 'PATCH', 'DELETE'] as const;
  const doubtful: [string, Partial<FailedTry>][] = [
    ...[500, 502, 503, 504].map((status): [string, Partial<FailedTry>] => [String(status), { status }]),
    ...['ECONNRESET', 'UND_ERR_SOCKET', 'EPIPE', 'ETIMEDOUT'].map((code): [string, Partial<FailedTry>] => [
      code,
      { code },
    ]),
  ];
  for (const [what, failed] of doubtful) {
    it(`repeats a GET and no write after ${what}`, () => {
      assert.ok(retryPause({ method: 'GET', tries: 1, ...failed }, random));
      for (const method of writes)
        assert.equal(retryPause({ method, tries: 1, ...failed }, random), undefined);
    });
  }

  it('repeats nothing that stands', () => {
    for (const status of [400, 401, 403, 404, 405, 409, 410, 413, 415, 422, 501]) {
      for (const method of ['GET', ...writes] as const) {
        assert.equal(retryPause({ method, status, tries: 1 }, random), undefined);
      }
    }
    for (const code of ['', 'CERT_HAS_EXPIRED', 'ENOTFOUND', 'UND_ERR_DESTROYED']) {
      assert.equal(retryPause({ method: 'GET', code, tries: 1 }, random), undefined);
    }
  });
});

describe('codes of failures', () => {
  it('are constants only, never words', () => {
    assert.equal(codeOf(Object.assign(new Error(), { code: 'ECONNRESET' })), 'ECONNRESET');
    for (const error of [
      undefined,
      null,
      new Error('x'),
      { code: 1 },
      { code: 'two words' },
      { code: 'X'.repeat(65) },
    ]) {
      assert.equal(codeOf(error), '');
    }
  });

  it('tell certificates that are not accepted', () => {
    const certificates = [
      'DEPTH_ZERO_SELF_SIGNED_CERT',
      'SELF_SIGNED_CERT_IN_CHAIN',
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
      'CERT_HAS_EXPIRED',
      'ERR_TLS_CERT_ALTNAME_INVALID',
    ];
    for (const code of certificates) assert.ok(isCertificateCode(code), code);
    for (const code of ['ECONNRESET', 'UND_ERR_SOCKET', '']) assert.ok(!isCertificateCode(code), code);
  });
});
