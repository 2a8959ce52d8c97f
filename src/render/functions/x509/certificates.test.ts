import assert from 'node:assert/strict';
import { createPrivateKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { fixedAmbient } from '../../../../test/harness/ambient.ts';
import { compileTemplate } from '../../template/compile-template.ts';
import { withAmbient } from '../ambient.ts';

const KEYS = {
  rsa: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
    type: 'pkcs1',
    format: 'pem',
  }),
  ec: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'sec1', format: 'pem' }),
  p384: generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey.export({
    type: 'pkcs8',
    format: 'pem',
  }),
  p521: generateKeyPairSync('ec', { namedCurve: 'P-521' }).privateKey.export({ type: 'sec1', format: 'pem' }),
  ed25519: generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }),
  foreign: generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey.export({
    type: 'sec1',
    format: 'pem',
  }),
};

function render(template: string, data: object = KEYS): string {
  const program = compileTemplate(template, { name: 't', numbers: 'exact', allowNonDeterministic: true });
  return withAmbient(fixedAmbient(), () => program.render(data));
}

/** The blocks of PEM in a text. */
function blocksOf(text: string): string[] {
  return text.match(/-----BEGIN [^-]+-----\n[^-]+-----END [^-]+-----\n/g) ?? [];
}

describe('certificate functions', () => {
  for (const kind of ['rsa', 'ec', 'p384', 'p521', 'ed25519'] as const) {
    it(`make an authority of a key of kind ${kind}, and certificates that it signs`, () => {
      const [ca = '', cert = '', key = ''] = blocksOf(
        render(
          `{{ $ca := genCAWithKey "my ca" 365 .${kind} }}{{ $ca.Cert }}` +
            '{{ $c := genSignedCertWithKey "me" (list "10.0.0.1" "::1") (list "a.b" "*.c.d") 30 $ca .ec }}' +
            '{{ $c.Cert }}{{ $c.Key }}',
        ),
      );
      const [authority, signed] = [new X509Certificate(ca), new X509Certificate(cert)];
      assert.ok(authority.verify(authority.publicKey));
      assert.ok(signed.verify(authority.publicKey));
      assert.ok(signed.checkIssued(authority));
      assert.ok(signed.checkPrivateKey(createPrivateKey(key)));
      assert.deepEqual([authority.ca, signed.ca], [true, false]);
      assert.deepEqual([signed.subject, signed.issuer], ['CN=me', 'CN=my ca']);
      assert.equal(
        signed.subjectAltName,
        'DNS:a.b, DNS:*.c.d, IP Address:10.0.0.1, IP Address:0:0:0:0:0:0:0:1',
      );
      assert.deepEqual(signed.keyUsage, ['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2']);
      assert.deepEqual(
        [signed.validFrom, signed.validTo],
        ['Mar  1 12:00:00 2026 GMT', 'Mar 31 12:00:00 2026 GMT'],
      );
    });
  }

  it('draw keys of 2048 bits, and sign with them', () => {
    const template =
      '{{ $c := genSelfSignedCert "a" nil nil 1 }}{{ $c.Cert }}{{ $c.Key }}{{ (genCA "b" 1).Cert }}';
    const [cert = '', key = '', ca = ''] = blocksOf(render(template));
    const certificate = new X509Certificate(cert);
    assert.ok(certificate.verify(certificate.publicKey));
    assert.equal(certificate.publicKey.asymmetricKeyDetails?.modulusLength, 2048);
    assert.match(key, /^-----BEGIN RSA PRIVATE KEY-----\n/);
    assert.ok(certificate.checkPrivateKey(createPrivateKey(key)));
    assert.notEqual(new X509Certificate(ca).serialNumber, certificate.serialNumber);
  }).timeout(20_000);

  it('write the same certificate from the same bytes', () => {
    const template = '{{ (genSelfSignedCertWithKey "a" nil nil 1 .ed25519).Cert }}';
    assert.equal(render(template), render(template));
    const twice = blocksOf(render(template + template)).map((pem) => new X509Certificate(pem).serialNumber);
    assert.equal(new Set(twice).size, 2);
  });

  const validity: [days: number, to: string][] = [
    [0, 'Mar  1 12:00:00 2026 GMT'],
    [-1, 'Feb 28 12:00:00 2026 GMT'],
    [8_706, 'Dec 31 12:00:00 2049 GMT'],
    [8_707, 'Jan  1 12:00:00 2050 GMT'],
    [106_751, 'Jun 10 12:00:00 2318 GMT'],
  ];
  for (const [days, to] of validity) {
    it(`end ${days} days after the present time`, () => {
      const pem = render('{{ (genCAWithKey "a" .days .key).Cert }}', { days, key: KEYS.ed25519 });
      assert.equal(new X509Certificate(pem).validTo, to);
    });
  }

  for (const [name, shown] of [
    ['', undefined],
    ['*.foo & bar', 'CN=*.foo & bar'],
    ['Grüße', 'CN=Grüße'],
  ] as const) {
    it(`take "${name}" for a common name`, () => {
      const pem = render('{{ (genCAWithKey .name 1 .key).Cert }}', { name, key: KEYS.ed25519 });
      assert.equal(new X509Certificate(pem).subject, shown);
    });
  }

  for (const [type, title, kind] of [
    ['ecdsa', 'EC PRIVATE KEY', 'ec'],
    ['ed25519', 'PRIVATE KEY', 'ed25519'],
    ['dsa', 'DSA PRIVATE KEY', 'dsa'],
    ['rsa', 'RSA PRIVATE KEY', 'rsa'],
  ] as const) {
    it(`genPrivateKey "${type}" writes a key that OpenSSL reads`, () => {
      const pem = render(`{{ genPrivateKey "${type}" }}`);
      assert.ok(pem.startsWith(`-----BEGIN ${title}-----\n`));
      assert.equal(createPrivateKey(pem).asymmetricKeyType, kind);
    }).timeout(60_000);
  }

  it('buildCustomCert gives both as they are, and reads every kind of key', () => {
    for (const key of [KEYS.rsa, KEYS.ec, KEYS.ed25519]) {
      const cert = render('{{ (genCAWithKey "a" 1 .key).Cert }}', { key });
      const template = '{{ $c := buildCustomCert (b64enc .cert) (b64enc .key) }}{{ $c.Cert }}{{ $c.Key }}';
      assert.equal(render(template, { cert, key }), cert + key);
    }
  });

  const refused: [template: string, error: RegExp][] = [
    ['{{ genCAWithKey "a" 1 "no key" }}', /parsing private key: no PEM data in input/],
    ['{{ genCAWithKey "a" 1 .foreign }}', /parsing EC private key from PEM: unknown elliptic curve/],
    [
      '{{ genCAWithKey "a" 1 (.ec | replace "EC PRIVATE" "RSA PRIVATE") }}',
      /RSA private key from PEM: the key cannot be read/,
    ],
    [
      '{{ $ca := genCAWithKey "a" 1 .ec }}{{ $bad := buildCustomCert (b64enc $ca.Cert) (b64enc .p384) }}' +
        '{{ genSignedCertWithKey "b" nil nil 1 $bad .ec }}',
      /provided PrivateKey doesn't match parent's PublicKey/,
    ],
    ['{{ (genCAWithKey "a" 1 .ec).Other }}', /can't evaluate field Other in type sprig\.certificate/],
    [
      '{{ genSelfSignedCertWithKey "a" nil (until 10001) 1 .ec }}',
      /wrong type for value|more than 10000 names/,
    ],
    ['{{ genCAWithKey (repeat 300000 "a") 1 .ec }}', /names of more than 262144 characters/],
  ];
  for (const [template, error] of refused) {
    it(`refuse ${template.slice(0, 70)}`, () => assert.throws(() => render(template), error));
  }

  it('never say what a key is that they cannot read', () => {
    const key = KEYS.ec.toString().replace(/\n(....)/, '\nSECRET$1');
    assert.throws(
      () => render('{{ genCAWithKey "a" 1 .key }}', { key }),
      (error: Error) => !error.message.includes('SECRET'),
    );
  });
});
