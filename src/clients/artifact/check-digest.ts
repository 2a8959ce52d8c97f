import { hash } from 'node:crypto';

/** The algorithms of source-controller's digests that Node has too, with the digits of their digests. */
const ALGORITHMS: ReadonlyMap<string, number> = new Map([
  ['sha256', 64],
  ['sha384', 96],
  ['sha512', 128],
]);

/** Throws unless a text is a digest that can be checked, such as `sha256:<hex>`. */
export function checkDigestForm(digest: string): void {
  const [, algorithm = '', digits = ''] = /^([a-z0-9]+):([0-9a-f]+)$/.exec(digest) ?? [];
  if (algorithm !== '' && ALGORITHMS.get(algorithm) === digits.length) return;
  const known = [...ALGORITHMS.keys()].join(', ');
  throw new Error(`the digest of the artifact is none of ${known}`);
}

/** Throws unless the bytes are those of the digest. */
export function checkDigest(bytes: Buffer, digest: string): void {
  const [algorithm = ''] = digest.split(':');
  if (`${algorithm}:${hash(algorithm, bytes)}` === digest) return;
  throw new Error(`the artifact is not the one of its digest ${digest.slice(0, algorithm.length + 13)}...`);
}
