import { type KeyObject, X509Certificate } from 'node:crypto';
import { GoCertificate } from '../../values/certificate.ts';
import { TemplateFault } from '../../values/field.ts';
import { formatValue } from '../../values/format-value.ts';
import { elementType, type NumberMode, typeName, type Value } from '../../values/value.ts';
import { ambientBytes, ambientNow, spendCost } from '../ambient.ts';
import { badBase64 } from '../encoding.ts';
import { type FunctionDef, fn, nonDeterministic } from '../function-def.ts';
import { createCertificate, type Issuer, readIssuer } from './create-certificate.ts';
import { parseAddress } from './ip-address.ts';
import { decodePem, encodePem } from './pem.ts';
import {
  generateCertificateKey,
  generatePrivateKey,
  parsePrivateKey,
  writePrivateKey,
} from './private-keys.ts';

/** Units of 100 ms; making the key is counted by itself. */
const SIGNING_COST = 1;

const SERIAL_SIZE = 16;
const NANOSECONDS_PER_DAY = 86_400_000_000_000n;
const NANOSECONDS_PER_MILLISECOND = 1_000_000n;

/** Names of one certificate, and characters of them together. */
const MAX_NAMES = 10_000;
const MAX_NAME_TEXT = 256 * 1024;
const MAX_SHOWN = 100;

/** Sprig's private keys and certificates. */
export function certificateFunctions(mode: NumberMode): FunctionDef[] {
  const read = (cn: string, ips: Value, dns: Value, days: number) =>
    readSubject({ cn, ips, dns, days }, mode);
  return [
    fn('buildCustomCert', '(string, string) -> any', buildCustomCertificate),
    ...nonDeterministic([
      fn('genPrivateKey', '(string) -> string', generatePrivateKey),
      fn('genCA', '(string, int) -> any', (cn: string, days: number) =>
        certify(authority(cn, days), generateCertificateKey()),
      ),
      fn('genCAWithKey', '(string, int, string) -> any', (cn: string, days: number, pem: string) =>
        certify(authority(cn, days), readKey(pem)),
      ),
      fn('genSelfSignedCert', '(string, list, list, int) -> any', (...[cn, ips, dns, days]: Names) =>
        certify(read(cn, ips, dns, days), generateCertificateKey()),
      ),
      fn(
        'genSelfSignedCertWithKey',
        '(string, list, list, int, string) -> any',
        (...[cn, ips, dns, days, pem]: [...Names, string]) => certify(read(cn, ips, dns, days), readKey(pem)),
      ),
      fn(
        'genSignedCert',
        '(string, list, list, int, certificate) -> any',
        (...[cn, ips, dns, days, ca]: [...Names, GoCertificate]) => {
          const issuer = readSigner(ca);
          return certify(read(cn, ips, dns, days), generateCertificateKey(), issuer);
        },
      ),
      fn(
        'genSignedCertWithKey',
        '(string, list, list, int, certificate, string) -> any',
        (...[cn, ips, dns, days, ca, pem]: [...Names, GoCertificate, string]) => {
          const key = readKey(pem);
          return certify(read(cn, ips, dns, days), key, readSigner(ca));
        },
      ),
    ]),
  ];
}

/** Common name, addresses, DNS names, and days of validity. */
type Names = [string, Value, Value, number];

/** What a caller says of a certificate. */
interface Subject {
  readonly commonName: string;
  readonly addresses: readonly Buffer[];
  readonly dnsNames: readonly string[];
  readonly days: number;
  readonly isAuthority: boolean;
}

function authority(commonName: string, days: number): Subject {
  return { commonName, addresses: [], dnsNames: [], days, isAuthority: true };
}

function readSubject(
  { cn, ips, dns, days }: { cn: string; ips: Value; dns: Value; days: number },
  mode: NumberMode,
): Subject {
  const addresses = checkNames(ips).map((ip) => {
    if (typeof ip !== 'string') throw new Error(`error parsing ip: ${show(ip, mode)} is not a string`);
    const address = parseAddress(ip);
    if (address === undefined) throw new Error(`error parsing ip: ${show(ip, mode)}`);
    return address;
  });
  const dnsNames = checkNames(dns).map((name) => {
    if (typeof name === 'string') return name;
    throw new Error(`error processing alternate dns name: ${show(name, mode)} is not a string`);
  });
  return { commonName: cn, addresses, dnsNames, days, isAuthority: false };
}

function checkNames(list: Value): readonly Value[] {
  const names = list as readonly Value[];
  if (elementType(names) !== 'interface {}') {
    throw new TemplateFault(`wrong type for value; expected []interface {}; got ${typeName(names)}`);
  }
  if (names.length > MAX_NAMES) throw new Error(`a certificate has more than ${MAX_NAMES} names`);
  return names;
}

function show(value: Value, mode: NumberMode): string {
  return formatValue(value, mode).slice(0, MAX_SHOWN);
}

/** Makes the certificate of a key, signed by the issuer or by the key itself. */
function certify(subject: Subject, key: KeyObject, issuer: Issuer = { key }): GoCertificate {
  const { commonName, dnsNames, days } = subject;
  const size = dnsNames.reduce((sum, name) => sum + name.length, commonName.length);
  if (size > MAX_NAME_TEXT)
    throw new Error(`a certificate has names of more than ${MAX_NAME_TEXT} characters`);
  const start = ambientNow();
  // Go counts a duration in nanoseconds of 64 bits, so that more than 292 years wrap.
  const end = start + BigInt.asIntN(64, BigInt(days) * NANOSECONDS_PER_DAY);
  const validity = { notBefore: toDate(start), notAfter: toDate(end) };
  const template = { ...subject, ...validity, serial: ambientBytes(SERIAL_SIZE) };
  const bytes = spendCost(SIGNING_COST, () =>
    wrapped('error creating certificate', () => createCertificate(template, key, issuer)),
  );
  return new GoCertificate(encodePem({ type: 'CERTIFICATE', bytes }), writePrivateKey(key));
}

function toDate(nanoseconds: bigint): Date {
  return new Date(Number(nanoseconds / NANOSECONDS_PER_MILLISECOND));
}

function readKey(pem: string): KeyObject {
  return wrapped('parsing private key', () => parsePrivateKey(pem));
}

/** The issuer that a value of another certificate function is. */
function readSigner(ca: GoCertificate): Issuer {
  const block = decodePem(ca.cert);
  if (block === undefined) throw new Error('unable to decode certificate');
  const certificate = parseCertificate(block.bytes, 'decodedSignerCert.Bytes');
  const key = wrapped('error parsing private key', () => parsePrivateKey(ca.key));
  if (!certificate.checkPrivateKey(key)) {
    throw new Error("error creating certificate: x509: provided PrivateKey doesn't match parent's PublicKey");
  }
  return { key, ...readIssuer(certificate.raw) };
}

/** A certificate and its key that were made elsewhere, both in base64. */
function buildCustomCertificate(base64Certificate: string, base64Key: string): GoCertificate {
  const cert = decodeText(base64Certificate, 'certificate');
  const key = decodeText(base64Key, 'private key');
  const block = decodePem(cert);
  if (block === undefined) throw new Error('unable to decode certificate');
  parseCertificate(block.bytes, 'decodedCert.Bytes');
  wrapped('error parsing private key', () => parsePrivateKey(key));
  return new GoCertificate(cert, key);
}

function decodeText(base64: string, what: string): string {
  if (badBase64(base64) !== undefined) throw new Error(`unable to decode base64 ${what}`);
  return Buffer.from(base64, 'base64').toString();
}

function parseCertificate(bytes: Buffer, name: string): X509Certificate {
  try {
    return new X509Certificate(bytes);
  } catch (error) {
    throw new Error(`error parsing certificate: ${name}: it is no X.509 certificate`, { cause: error });
  }
}

function wrapped<T>(what: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw new Error(`${what}: ${(error as Error).message}`, { cause: error });
  }
}
