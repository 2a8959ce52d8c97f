import assert from 'node:assert/strict';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { processorTime } from '../../../../test/harness/processor-time.ts';
import { der, derInteger, derOid, derSequence } from './der.ts';
import { hasKeyForm } from './key-form.ts';
import { encodePem } from './pem.ts';
import { parsePrivateKey } from './private-keys.ts';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const ec = generateKeyPairSync('ec', { namedCurve: 'P-521' }).privateKey;
const ed25519 = generateKeyPairSync('ed25519').privateKey;
const dsa = generateKeyPairSync('dsa', { modulusLength: 1024, divisorLength: 160 }).privateKey;
const x448 = generateKeyPairSync('x448').privateKey;

function pkcs8(key: KeyObject): Buffer {
  return key.export({ type: 'pkcs8', format: 'der' });
}

/** A number of so many bytes. */
function large(bytes: number): Buffer {
  return derInteger(Buffer.alloc(bytes, 0xfb));
}

/** The numbers of an RSA key of 8192 bits. */
const largest = derSequence(
  derInteger(Buffer.of(0)),
  ...[1024, 4, 1024, 512, 512, 512, 512, 512].map((bytes) => large(bytes)),
);

/** A DSA key in PKCS#8 from which OpenSSL would compute for seconds. */
const bomb = derSequence(
  derInteger(Buffer.of(0)),
  derSequence(derOid('1.2.840.10040.4.1'), derSequence(large(1600), large(32), large(1500))),
  der(0x04, large(1500)),
);

const TYPES = ['PRIVATE KEY', 'RSA PRIVATE KEY', 'EC PRIVATE KEY', 'DSA PRIVATE KEY'];

describe('the form of a private key', () => {
  const forms: { name: string; bytes: Buffer; types: string[] }[] = [
    {
      name: 'RSA by itself',
      bytes: rsa.export({ type: 'pkcs1', format: 'der' }),
      types: ['RSA PRIVATE KEY', 'DSA PRIVATE KEY'],
    },
    { name: 'RSA of 8192 bits', bytes: largest, types: ['RSA PRIVATE KEY', 'DSA PRIVATE KEY'] },
    {
      name: 'a curve by itself',
      bytes: ec.export({ type: 'sec1', format: 'der' }),
      types: ['EC PRIVATE KEY'],
    },
    { name: 'a curve in PKCS#8', bytes: pkcs8(ec), types: ['PRIVATE KEY'] },
    { name: 'ed25519', bytes: pkcs8(ed25519), types: ['PRIVATE KEY'] },
    { name: 'DSA in PKCS#8', bytes: pkcs8(dsa), types: [] },
    { name: 'a key to agree with', bytes: pkcs8(x448), types: [] },
    { name: 'nothing', bytes: Buffer.alloc(0), types: [] },
    { name: 'a broken one', bytes: pkcs8(rsa).subarray(0, 20), types: [] },
    { name: 'one too large', bytes: derSequence(derInteger(Buffer.of(0)), large(5000)), types: [] },
  ];
  for (const { name, bytes, types } of forms) {
    it(`of ${name} is that of ${types.join(' and ') || 'no type'}`, () => {
      assert.deepEqual(
        TYPES.filter((type) => hasKeyForm(type, bytes)),
        types,
      );
    });
  }

  for (const type of TYPES) {
    it(`is looked at before OpenSSL reads a ${type}`, () => {
      const start = processorTime();
      assert.throws(() => parsePrivateKey(encodePem({ type, bytes: bomb })), /the key cannot be read$/);
      assert.ok(processorTime() - start < 500);
    });
  }

  it('has a public exponent that is quickly signed with', () => {
    const { n, e, d, p, q, dp, dq, qi } = rsa.export({ format: 'jwk' });
    const [exponent, ...parts] = [e, d, p, q, dp, dq, qi].map((part) =>
      Buffer.from(part as string, 'base64url'),
    );
    const write = (second: Buffer) => {
      const numbers = [Buffer.of(0), Buffer.from(n as string, 'base64url'), second, ...parts];
      return encodePem({ type: 'RSA PRIVATE KEY', bytes: derSequence(...numbers.map(derInteger)) });
    };
    assert.equal(parsePrivateKey(write(exponent as Buffer)).asymmetricKeyType, 'rsa');
    assert.throws(() => parsePrivateKey(write(Buffer.alloc(200, 0x7f))), /public exponent is too large$/);
  });
});
