import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { requireAmbient, spendCost } from '../ambient.ts';
import { type DerItem, derInteger, derSequence, readDer } from './der.ts';
import { hasKeyForm } from './key-form.ts';
import { decodePem, encodePem } from './pem.ts';

/** Units of 100 ms. */
const RSA_2048_COST = 3;
const RSA_4096_COST = 20;
const DSA_COST = 7;

/** Larger keys take too long to sign with. */
const MAX_RSA_BITS = 8192;
/** So do those with a large public exponent, which Go refuses too. */
const MAX_EXPONENT = 2n ** 31n - 1n;
const MAX_SHOWN = 60;

/** The curves that Go knows, by OpenSSL's names. */
const CURVES: ReadonlySet<string | undefined> = new Set([
  'secp224r1',
  'prime256v1',
  'secp384r1',
  'secp521r1',
]);

/** How keys of each kind are written: under which type, and what is said of those that cannot be read. */
const FORMATS: ReadonlyMap<string, { readonly kinds: readonly string[]; readonly fault: string }> = new Map([
  ['PRIVATE KEY', { kinds: ['rsa', 'ec', 'ed25519'], fault: 'decoding PEM as PKCS#8' }],
  ['RSA PRIVATE KEY', { kinds: ['rsa'], fault: 'parsing RSA private key from PEM' }],
  ['EC PRIVATE KEY', { kinds: ['ec'], fault: 'parsing EC private key from PEM' }],
  ['DSA PRIVATE KEY', { kinds: ['dsa'], fault: 'parsing DSA private key from PEM' }],
]);

/** Sprig's `genPrivateKey`: a key of type rsa (4096 bits), dsa, ecdsa or ed25519 as PEM. */
export function generatePrivateKey(type: string): string {
  const generate = GENERATORS.get(type);
  return generate ? writePrivateKey(generate()) : `Unknown type ${type}`;
}

const GENERATORS: ReadonlyMap<string, () => KeyObject> = new Map([
  ['', () => generateRsaKey(4096, RSA_4096_COST)],
  ['rsa', () => generateRsaKey(4096, RSA_4096_COST)],
  ['dsa', generateDsaKey],
  ['ecdsa', () => permitted(0, () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey)],
  ['ed25519', () => permitted(0, () => generateKeyPairSync('ed25519').privateKey)],
]);

/** A new RSA key as certificates have it. */
export function generateCertificateKey(): KeyObject {
  return generateRsaKey(2048, RSA_2048_COST);
}

function generateRsaKey(modulusLength: number, cost: number): KeyObject {
  return permitted(cost, () => generateKeyPairSync('rsa', { modulusLength }).privateKey);
}

function generateDsaKey(): KeyObject {
  return permitted(DSA_COST, () => {
    return generateKeyPairSync('dsa', { modulusLength: 2048, divisorLength: 256 }).privateKey;
  });
}

/** OpenSSL draws keys from its own randomness; whether it may is the ambient's to say. */
function permitted(cost: number, generate: () => KeyObject): KeyObject {
  requireAmbient();
  return spendCost(cost, generate);
}

/** A private key as Go writes it: each kind under its own type, ed25519 as PKCS#8. */
export function writePrivateKey(key: KeyObject): string {
  switch (key.asymmetricKeyType) {
    case 'rsa':
      return encodePem({ type: 'RSA PRIVATE KEY', bytes: key.export({ type: 'pkcs1', format: 'der' }) });
    case 'ec':
      return encodePem({ type: 'EC PRIVATE KEY', bytes: key.export({ type: 'sec1', format: 'der' }) });
    case 'dsa':
      return encodePem({ type: 'DSA PRIVATE KEY', bytes: dsaKey(key) });
    default:
      return encodePem({ type: 'PRIVATE KEY', bytes: key.export({ type: 'pkcs8', format: 'der' }) });
  }
}

/** OpenSSL's old form of DSA keys: version, p, q, g, y, x. */
function dsaKey(key: KeyObject): Buffer {
  const [, algorithm, secret] = childrenOf(key.export({ type: 'pkcs8', format: 'der' }));
  const [, y] = childrenOf(createPublicKey(key).export({ type: 'spki', format: 'der' }));
  const [, domain] = readDer((algorithm as DerItem).content);
  const publicValue = (y as DerItem).content.subarray(1);
  const version = derInteger(Buffer.of(0));
  return derSequence(version, (domain as DerItem).content, publicValue, (secret as DerItem).content);
}

function childrenOf(bytes: Buffer): DerItem[] {
  return readDer((readDer(bytes)[0] as DerItem).content);
}

/** Reads a private key as Sprig does. Throws what is wrong with it; the key itself is never in the message. */
export function parsePrivateKey(text: string): KeyObject {
  const block = decodePem(text);
  if (block === undefined) throw new Error('no PEM data in input');
  const shown = block.type.slice(0, MAX_SHOWN);
  const format = FORMATS.get(block.type);
  if (!/^(.* )?PRIVATE KEY$/.test(block.type)) {
    throw new Error(`no private key data in PEM block of type ${shown}`);
  }
  if (format === undefined) throw new Error(`invalid private key type ${shown}`);
  if (!hasKeyForm(block.type, block.bytes)) throw new Error(`${format.fault}: the key cannot be read`);
  const key = readKey(encodePem(block), format.fault);
  if (!format.kinds.includes(key.asymmetricKeyType as string))
    throw new Error(`${format.fault}: another kind of key`);
  checkSize(key, format.fault);
  return key;
}

function readKey(pem: string, fault: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch (error) {
    throw new Error(`${fault}: the key cannot be read`, { cause: error });
  }
}

function checkSize({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject, fault: string): void {
  const { modulusLength = 0, publicExponent = 0n, namedCurve } = asymmetricKeyDetails ?? {};
  if (modulusLength > MAX_RSA_BITS) throw new Error(`${fault}: the key has more than ${MAX_RSA_BITS} bits`);
  if (publicExponent > MAX_EXPONENT) throw new Error(`${fault}: the public exponent is too large`);
  if (asymmetricKeyType === 'ec' && !CURVES.has(namedCurve))
    throw new Error(`${fault}: unknown elliptic curve`);
}
