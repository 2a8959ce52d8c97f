import assert from 'node:assert/strict';
import { type Certificates, makeCertificates } from '../../test/harness/http-certificates.ts';
import { checkCertificates } from './pem.ts';

describe('checkCertificates', () => {
  let certificates: Certificates;

  before(() => {
    certificates = makeCertificates();
  });

  it('accepts certificates with text between them, and any line ends', () => {
    const { ca, otherCa } = certificates;
    checkCertificates(ca.cert);
    checkCertificates(`root one\n${ca.cert}\nroot two\n${otherCa.cert}`);
    checkCertificates(ca.cert.replaceAll('\n', '\r\n'));
  });

  const refused: [string, (certificates: Certificates) => string, string][] = [
    ['an empty text', () => '', 'no PEM certificate in it'],
    ['other text', () => 'canary', 'no PEM certificate in it'],
    ['a key', ({ ca }) => ca.key, 'no PEM certificate in it'],
    ['a certificate cut short', ({ ca }) => ca.cert.slice(0, -40), 'no PEM certificate in it'],
    [
      'a whole one and a cut one',
      ({ ca }) => ca.cert + ca.cert.slice(0, 90),
      'something other than whole PEM certificates in it',
    ],
    [
      'a certificate and a key',
      ({ ca }) => ca.cert + ca.key,
      'something other than whole PEM certificates in it',
    ],
    [
      'a certificate of other bytes',
      () => '-----BEGIN CERTIFICATE-----\nY2FuYXJ5\n-----END CERTIFICATE-----\n',
      'PEM certificate 1 in it cannot be read',
    ],
  ];
  for (const [what, pem, message] of refused) {
    it(`refuses ${what}`, () => assert.throws(() => checkCertificates(pem(certificates)), { message }));
  }
});
