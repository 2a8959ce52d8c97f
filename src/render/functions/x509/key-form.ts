import { type DerItem, derOid, readDer } from './der.ts';

const INTEGER = 0x02;
const OCTETS = 0x04;
const SEQUENCE = 0x30;

/** The largest key: RSA of 8192 bits with all its parts. */
const MAX_KEY = 5000;

/** The algorithms of PKCS#8 that Go reads: RSA, elliptic curves, ed25519. */
const ALGORITHMS: readonly Buffer[] = ['1.2.840.113549.1.1.1', '1.2.840.10045.2.1', '1.3.101.112'].map(
  derOid,
);

/** What follows the version in each type of key: PKCS#8 names its algorithm there, the others begin with a number. */
const SECOND_TAGS: ReadonlyMap<string, number> = new Map([
  ['PRIVATE KEY', SEQUENCE],
  ['RSA PRIVATE KEY', INTEGER],
  ['EC PRIVATE KEY', OCTETS],
  ['DSA PRIVATE KEY', INTEGER],
]);

/**
 * Whether a key has the form that its type says, and no more than 5,000 bytes. OpenSSL looks for PKCS#8 under any
 * type, and from a DSA key in there it computes the public one, which takes minutes when its numbers are large.
 */
export function hasKeyForm(type: string, bytes: Buffer): boolean {
  if (bytes.length > MAX_KEY) return false;
  try {
    const [version, second] = childrenOf(readDer(bytes)[0], SEQUENCE);
    if (version?.tag !== INTEGER || second?.tag !== SECOND_TAGS.get(type)) return false;
    return second?.tag !== SEQUENCE || isKnownAlgorithm(second);
  } catch {
    return false;
  }
}

function isKnownAlgorithm(algorithm: DerItem): boolean {
  const [name] = childrenOf(algorithm, SEQUENCE);
  return name !== undefined && ALGORITHMS.some((known) => name.raw.equals(known));
}

function childrenOf(item: DerItem | undefined, tag: number): DerItem[] {
  return item?.tag === tag ? readDer(item.content) : [];
}
