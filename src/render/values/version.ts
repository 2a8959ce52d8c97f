import type { JsonValue } from '../../lib/json.ts';
import { GoObject, type ObjectKind } from './go-object.ts';
import { quoteGo } from './quote.ts';

/** Texts longer than this are no versions. */
const MAX_TEXT = 1000;
const MAX_UINT64 = 2n ** 64n - 1n;

const IDENTIFIERS = '[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*';
const VERSION = new RegExp(
  `^v?(\\d+)(?:\\.(\\d+))?(?:\\.(\\d+))?(?:-(${IDENTIFIERS}))?(?:\\+(${IDENTIFIERS}))?$`,
);

/** What a version is made of. The numbers have 64 bits. */
export interface VersionParts {
  readonly major: bigint;
  readonly minor: bigint;
  readonly patch: bigint;
  readonly prerelease: string;
  readonly metadata: string;
  /** The text it was read from. */
  readonly original: string;
}

/** Go's *semver.Version, or the plain semver.Version that its methods for a next version give. */
export class Version extends GoObject {
  readonly parts: VersionParts;
  readonly #isPointer: boolean;

  constructor(parts: VersionParts, isPointer = true) {
    super();
    this.parts = parts;
    this.#isPointer = isPointer;
  }

  override get typeName(): string {
    return this.#isPointer ? '*semver.Version' : 'semver.Version';
  }

  override get kind(): ObjectKind {
    return this.#isPointer ? 'ptr' : 'struct';
  }

  override toString(): string {
    return formatVersion(this.parts);
  }

  override goSyntax(): string {
    const { major, minor, patch, prerelease, metadata, original } = this.parts;
    const [x, y, z] = [major, minor, patch].map((number) => `0x${number.toString(16)}`);
    const texts = `pre:${quoteGo(prerelease)}, metadata:${quoteGo(metadata)}, original:${quoteGo(original)}`;
    const address = this.#isPointer ? '&' : '';
    return `${address}semver.Version{major:${x}, minor:${y}, patch:${z}, ${texts}}`;
  }

  override toJson(): JsonValue {
    return this.toString();
  }

  /** Pointers are equal when they are the same one. */
  override isIdentical(other: GoObject): boolean {
    return this.#isPointer ? other === this : this.isDeepEqual(other);
  }

  override isDeepEqual(other: GoObject): boolean {
    return (
      other instanceof Version &&
      other.parts.original === this.parts.original &&
      other.toString() === this.toString()
    );
  }
}

/** A version as text: `MAJOR.MINOR.PATCH-PRERELEASE+METADATA`. */
export function formatVersion({
  major,
  minor,
  patch,
  prerelease,
  metadata,
}: Omit<VersionParts, 'original'>): string {
  const suffix = metadata === '' ? '' : `+${metadata}`;
  return `${major}.${minor}.${patch}${prerelease === '' ? '' : `-${prerelease}`}${suffix}`;
}

/**
 * Reads a version by the lenient rules of Go's semver package: a leading `v`, and minor and patch may be left out.
 * Throws that package's texts; a text longer than 1,000 characters is no version.
 */
export function parseVersion(text: string): Version {
  const match = text.length > MAX_TEXT ? null : VERSION.exec(text);
  if (match === null) throw new Error('Invalid Semantic Version');
  const [, major = '0', minor = '0', patch = '0', prerelease = '', metadata = ''] = match;
  const numbers = [major, minor, patch].map(parseSegment) as [bigint, bigint, bigint];
  checkPrerelease(prerelease);
  return new Version({
    major: numbers[0],
    minor: numbers[1],
    patch: numbers[2],
    prerelease,
    metadata,
    original: text,
  });
}

/** Refuses a prerelease that cannot be one; an empty one is none. */
export function checkPrerelease(prerelease: string): void {
  if (prerelease === '') return;
  for (const part of prerelease.split('.')) {
    if (/^0\d+$/.test(part)) throw new Error('Version segment starts with 0');
    if (!/^[0-9A-Za-z-]*$/.test(part)) throw new Error('Invalid Prerelease string');
  }
}

/** Refuses metadata that cannot be any; empty ones are none. */
export function checkMetadata(metadata: string): void {
  if (!/^[0-9A-Za-z.-]*$/.test(metadata)) throw new Error('Invalid Metadata string');
}

/** The precedence of two versions: -1, 0 or 1. Metadata do not count. */
export function compareVersions(a: VersionParts, b: VersionParts): number {
  return (
    order(a.major, b.major) ||
    order(a.minor, b.minor) ||
    order(a.patch, b.patch) ||
    comparePrereleases(a.prerelease, b.prerelease)
  );
}

/** The precedence of two prereleases; a release, which has none, comes after all. */
function comparePrereleases(a: string, b: string): number {
  if (a === b) return 0;
  if (a === '') return 1;
  return b === '' ? -1 : compareIdentifiers(a, b);
}

/** Compares dotted identifiers part by part; an absent part comes before any other. */
export function compareIdentifiers(a: string, b: string): number {
  const [left, right] = [a.split('.'), b.split('.')];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const result = compareParts(left[i] ?? '', right[i] ?? '');
    if (result !== 0) return result;
  }
  return 0;
}

function compareParts(a: string, b: string): number {
  if (a === b) return 0;
  if (a === '' || b === '') return a === '' ? -1 : 1;
  const [x, y] = [partNumber(a), partNumber(b)];
  if (x === undefined && y === undefined) return a > b ? 1 : -1;
  if (x === undefined || y === undefined) return x === undefined ? 1 : -1;
  return x > y ? 1 : -1;
}

/** A part that is a number of 64 bits; numbers come before words. */
function partNumber(part: string): bigint | undefined {
  if (!/^\d+$/.test(part)) return undefined;
  const number = BigInt(part);
  return number > MAX_UINT64 ? undefined : number;
}

function parseSegment(digits: string): bigint {
  const number = BigInt(digits);
  if (number <= MAX_UINT64) return number;
  const reason = `strconv.ParseUint: parsing ${quoteGo(digits.slice(0, 100))}: value out of range`;
  throw new Error(`Error parsing version segment: ${reason}`);
}

function order(a: bigint, b: bigint): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
