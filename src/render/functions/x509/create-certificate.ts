import { createHash, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { quoteGo } from '../../values/quote.ts';
import {
  type DerItem,
  der,
  derBits,
  derInteger,
  derOid,
  derSequence,
  derSet,
  derTagged,
  readDer,
} from './der.ts';

/** What a certificate says. */
export interface CertificateTemplate {
  /** At most 16 bytes. */
  readonly serial: Uint8Array;
  readonly commonName: string;
  readonly dnsNames: readonly string[];
  /** Each of 4 or 16 bytes. */
  readonly addresses: readonly Buffer[];
  readonly isAuthority: boolean;
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/** Who signs: absent name and key id mean that the certificate is its own issuer. */
export interface Issuer {
  readonly key: KeyObject;
  /** The subject of the issuer's certificate, in DER. */
  readonly name?: Buffer;
  /** The issuer's subject key id. */
  readonly keyId?: Buffer;
}

const TRUE = der(0x01, Buffer.of(0xff));
const NULL = der(0x05);
const VERSION_3 = derTagged(0, derInteger(Buffer.of(2)), { isConstructed: true });

const COMMON_NAME = '2.5.4.3';
const KEY_USAGE = '2.5.29.15';
const EXTENDED_KEY_USAGE = '2.5.29.37';
const BASIC_CONSTRAINTS = '2.5.29.19';
const SUBJECT_KEY_ID = '2.5.29.14';
const AUTHORITY_KEY_ID = '2.5.29.35';
const SUBJECT_ALTERNATIVE_NAME = '2.5.29.17';
const SERVER_AUTHENTICATION = '1.3.6.1.5.5.7.3.1';
const CLIENT_AUTHENTICATION = '1.3.6.1.5.5.7.3.2';

/** Digital signature and key encipherment, bits 0 and 2; for an authority certificate signing, bit 5, too. */
const USAGE = derBits(Buffer.of(0b10100000), 5);
const AUTHORITY_USAGE = derBits(Buffer.of(0b10100100), 2);

/** How each kind of key signs: the algorithm's name in the certificate, and the hash. */
const RSA = { algorithm: derSequence(derOid('1.2.840.113549.1.1.11'), NULL), hash: 'sha256' };
const ED25519 = { algorithm: derSequence(derOid('1.3.101.112')), hash: undefined };
const ECDSA_256 = { algorithm: derSequence(derOid('1.2.840.10045.4.3.2')), hash: 'sha256' };
const ECDSA_384 = { algorithm: derSequence(derOid('1.2.840.10045.4.3.3')), hash: 'sha384' };
const ECDSA_512 = { algorithm: derSequence(derOid('1.2.840.10045.4.3.4')), hash: 'sha512' };

/** Makes a certificate of version 3 (RFC 5280) in DER, with the extensions that Go writes for such a template. */
export function createCertificate(template: CertificateTemplate, key: KeyObject, issuer: Issuer): Buffer {
  const { algorithm, hash } = signatureOf(issuer.key);
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'der' });
  const subject = subjectName(template.commonName);
  const issuerName = issuer.name ?? subject;
  const authorityKeyId = issuerName.equals(subject) ? undefined : issuer.keyId;
  const extensions = listExtensions(template, publicKey, authorityKeyId);
  const signed = derSequence(
    VERSION_3,
    derInteger(template.serial),
    algorithm,
    issuerName,
    derSequence(time(template.notBefore), time(template.notAfter)),
    subject,
    publicKey,
    derTagged(3, derSequence(...extensions), { isConstructed: true }),
  );
  return derSequence(signed, algorithm, derBits(sign(hash, signed, issuer.key)));
}

function signatureOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject) {
  if (asymmetricKeyType === 'dsa') {
    throw new Error('x509: certificate private key does not implement crypto.Signer');
  }
  if (asymmetricKeyType === 'rsa') return RSA;
  if (asymmetricKeyType === 'ed25519') return ED25519;
  if (asymmetricKeyDetails?.namedCurve === 'secp521r1') return ECDSA_512;
  return asymmetricKeyDetails?.namedCurve === 'secp384r1' ? ECDSA_384 : ECDSA_256;
}

/** A name of one part, or of none. */
function subjectName(commonName: string): Buffer {
  if (commonName === '') return derSequence();
  const isPrintable = /^[A-Za-z0-9'()+,\-./ :=?]*$/.test(commonName);
  const text = der(isPrintable ? 0x13 : 0x0c, Buffer.from(commonName));
  return derSequence(derSet(derSequence(derOid(COMMON_NAME), text)));
}

/** Two digits of a year from 1950 to 2049, else four. */
function time(date: Date): Buffer {
  const digits = date.toISOString().replace(/[-:T]|\..*/g, '');
  const year = date.getUTCFullYear();
  const isShort = year >= 1950 && year < 2050;
  return isShort ? der(0x17, Buffer.from(`${digits.slice(2)}Z`)) : der(0x18, Buffer.from(`${digits}Z`));
}

function listExtensions(
  { isAuthority, commonName, dnsNames, addresses }: CertificateTemplate,
  publicKey: Buffer,
  authorityKeyId: Buffer | undefined,
): Buffer[] {
  const usages = derSequence(derOid(SERVER_AUTHENTICATION), derOid(CLIENT_AUTHENTICATION));
  const extensions = [
    extension(KEY_USAGE, isAuthority ? AUTHORITY_USAGE : USAGE, true),
    extension(EXTENDED_KEY_USAGE, usages),
    extension(BASIC_CONSTRAINTS, isAuthority ? derSequence(TRUE) : derSequence(), true),
  ];
  if (isAuthority) extensions.push(extension(SUBJECT_KEY_ID, der(0x04, keyIdOf(publicKey))));
  if (authorityKeyId) extensions.push(extension(AUTHORITY_KEY_ID, derSequence(derTagged(0, authorityKeyId))));
  if (dnsNames.length + addresses.length > 0) {
    const names = [...dnsNames.map(dnsName), ...addresses.map((address) => derTagged(7, address))];
    // RFC 5280, 4.2.1.6: critical where there is no subject.
    extensions.push(extension(SUBJECT_ALTERNATIVE_NAME, derSequence(...names), commonName === ''));
  }
  return extensions;
}

function extension(oid: string, value: Buffer, isCritical = false): Buffer {
  return derSequence(derOid(oid), ...(isCritical ? [TRUE] : []), der(0x04, value));
}

function dnsName(name: string): Buffer {
  const bytes = Buffer.from(name);
  if (bytes.some((byte) => byte > 127)) {
    throw new Error(`x509: ${quoteGo(name.slice(0, 100))} cannot be encoded as an IA5String`);
  }
  return derTagged(2, bytes);
}

/** RFC 5280, 4.2.1.2, method 1: SHA-1 of the key's bits. */
function keyIdOf(publicKey: Buffer): Buffer {
  const [, bits] = readDer((readDer(publicKey)[0] as DerItem).content);
  return createHash('sha1')
    .update((bits as DerItem).content.subarray(1))
    .digest();
}

/** The subject of a certificate, in DER, and its subject key id: what an issuer gives to those it signs. */
export function readIssuer(certificate: Buffer): { name: Buffer; keyId?: Buffer } {
  const [signed] = readDer((readDer(certificate)[0] as DerItem).content);
  const parts = readDer((signed as DerItem).content);
  // Version 1 writes no version.
  const [, , , , subject, , ...rest] = (parts[0] as DerItem).tag === 0x02 ? parts : parts.slice(1);
  const keyId = rest.filter(({ tag }) => tag === 0xa3).map(findKeyId)[0];
  return { name: (subject as DerItem).raw, ...(keyId && { keyId }) };
}

function findKeyId({ content }: DerItem): Buffer | undefined {
  const oid = derOid(SUBJECT_KEY_ID);
  const extensions = readDer((readDer(content)[0] as DerItem).content).map((item) => readDer(item.content));
  const found = extensions.find(([id]) => id?.raw.equals(oid));
  return found && readDer((found.at(-1) as DerItem).content)[0]?.content;
}
