import { RE2JS } from 're2js';
import {
  compareIdentifiers,
  compareVersions,
  parseVersion,
  type Version,
  type VersionParts,
} from './version.ts';

/** Constraints longer than this are refused. */
const MAX_TEXT = 4096;
/** Error texts quote no more than this. */
const MAX_QUOTED = 200;

const OPERATORS = '=||!=|>|<|>=|=>|<=|=<|~|~>|\\^';
const SEGMENT = '[0-9|x|X|\\*]+';
const IDENTIFIERS = '[0-9A-Za-z\\-]+(?:\\.[0-9A-Za-z\\-]+)*';
/** A version whose numbers may be wildcards: its major, minor and patch, each with its point, and its prerelease. */
const VERSION = `v?(${SEGMENT})(\\.${SEGMENT})?(\\.${SEGMENT})?(-${IDENTIFIERS})?(?:\\+${IDENTIFIERS})?`;

/** One comparison: an operator and a version, of which parts may be left open. */
interface Constraint {
  readonly operator: string;
  readonly version: VersionParts;
  /** Any part is a wildcard or left out. */
  readonly isOpen: boolean;
  readonly isMinorOpen: boolean;
  readonly isPatchOpen: boolean;
}

/** Alternatives, each of comparisons that must all hold. */
export type VersionConstraint = readonly (readonly Constraint[])[];

type Check = (version: VersionParts, constraint: Constraint) => boolean;

const CHECKS: Readonly<Record<string, Check>> = {
  '': isTildeOrEqual,
  '=': isTildeOrEqual,
  '!=': isNotEqual,
  '>': isGreater,
  '<': (version, { version: bound }) => compareVersions(version, bound) < 0,
  '>=': (version, { version: bound }) => compareVersions(version, bound) >= 0,
  '=>': (version, { version: bound }) => compareVersions(version, bound) >= 0,
  '<=': isLessOrEqual,
  '=<': isLessOrEqual,
  '~': isTilde,
  '~>': isTilde,
  '^': isCaret,
};

/** Compiled when first used: few templates compare versions. */
const patterns = new Map<string, RE2JS>();

/**
 * Reads a constraint such as `>=1.2, <2 || ~3.1.x` by the rules of Go's semver package. Throws that package's
 * texts; a constraint longer than 4,096 characters is refused.
 */
export function parseConstraint(text: string): VersionConstraint {
  if (text.length > MAX_TEXT) throw improper(text);
  return rewriteRanges(text).split('||').map(parseAlternative);
}

/** Whether a version satisfies a constraint. Prereleases do only where the constraint names one. */
export function satisfies({ parts }: Version, constraint: VersionConstraint): boolean {
  return constraint.some((all) => all.every((one) => check(parts, one)));
}

/** `1.2 - 2.0` means `>= 1.2, <= 2.0`. */
function rewriteRanges(text: string): string {
  const matcher = compile(`\\s*(${VERSION})\\s+-\\s+(${VERSION})\\s*`).matcher(text);
  let rewritten = text;
  while (matcher.find()) {
    const bounds = `>= ${matcher.group(1)}, <= ${matcher.group(6)}`;
    rewritten = rewritten.replace(matcher.group() as string, () => bounds);
  }
  return rewritten;
}

function parseAlternative(text: string): Constraint[] {
  const one = `(?:${OPERATORS})\\s*(?:${VERSION})\\s*`;
  const isValid = compile(`^(?:\\s*${one})(?:(?:\\s+|,\\s*)${one})*$`).matcher(text).find();
  if (!isValid) throw improper(text);
  const matcher = compile(`(?:${OPERATORS})\\s*(?:${VERSION})`).matcher(text);
  const found: Constraint[] = [];
  while (matcher.find()) found.push(parseOne(matcher.group() as string));
  return found;
}

function parseOne(text: string): Constraint {
  const matcher = compile(`^\\s*(${OPERATORS})\\s*(${VERSION})\\s*$`).matcher(text);
  if (!matcher.find()) throw improper(text);
  const [operator, version, major, minor, patch, prerelease] = [1, 2, 3, 4, 5, 6].map(
    (i) => matcher.group(i) ?? '',
  );
  const isMajorOpen = isWildcard(major as string);
  const isMinorOpen = !isMajorOpen && isWildcard(minor as string);
  const isPatchOpen = !isMajorOpen && !isMinorOpen && isWildcard(patch as string);
  let closed = version as string;
  if (isMajorOpen) closed = `0.0.0${prerelease}`;
  else if (isMinorOpen) closed = `${major}.0.0${prerelease}`;
  else if (isPatchOpen) closed = `${major}${minor}.0${prerelease}`;
  return {
    operator: operator as string,
    version: parseBound(closed),
    isOpen: isMajorOpen || isMinorOpen || isPatchOpen,
    isMinorOpen,
    isPatchOpen,
  };
}

function parseBound(text: string): VersionParts {
  try {
    return parseVersion(text).parts;
  } catch (error) {
    throw new Error('constraint Parser Error', { cause: error });
  }
}

function isWildcard(segment: string): boolean {
  return /^\.?[xX*]?$/.test(segment);
}

/** A prerelease satisfies only what names a prerelease, or excludes one version. */
function check(version: VersionParts, constraint: Constraint): boolean {
  const isHidden = version.prerelease !== '' && constraint.version.prerelease === '';
  if (isHidden && (constraint.operator !== '!=' || constraint.isOpen)) return false;
  return (CHECKS[constraint.operator] as Check)(version, constraint);
}

function isNotEqual(version: VersionParts, { version: bound, isOpen, ...open }: Constraint): boolean {
  if (!isOpen) return compareVersions(version, bound) !== 0;
  if (bound.major !== version.major) return true;
  if (open.isMinorOpen) return false;
  if (bound.minor !== version.minor) return true;
  if (open.isPatchOpen) return compareIdentifiers(version.prerelease, bound.prerelease) !== 0;
  return bound.patch !== version.patch || compareVersions(version, bound) !== 0;
}

function isGreater(version: VersionParts, { version: bound, isOpen, ...open }: Constraint): boolean {
  if (!isOpen) return compareVersions(version, bound) > 0;
  if (version.major !== bound.major) return version.major > bound.major;
  if (open.isMinorOpen) return false;
  return open.isPatchOpen ? version.minor > bound.minor : compareVersions(version, bound) > 0;
}

function isLessOrEqual(version: VersionParts, { version: bound, isOpen, ...open }: Constraint): boolean {
  if (!isOpen) return compareVersions(version, bound) <= 0;
  if (version.major !== bound.major) return version.major < bound.major;
  return version.minor <= bound.minor || open.isMinorOpen;
}

/** `~1.2` allows other patches, `~1` other minors too; `~0.0.0` allows everything. */
function isTilde(version: VersionParts, { version: bound, ...open }: Constraint): boolean {
  if (compareVersions(version, bound) < 0) return false;
  const isZero = bound.major === 0n && bound.minor === 0n && bound.patch === 0n;
  if (isZero && !open.isMinorOpen && !open.isPatchOpen) return true;
  return version.major === bound.major && (version.minor === bound.minor || open.isMinorOpen);
}

function isTildeOrEqual(version: VersionParts, constraint: Constraint): boolean {
  return constraint.isOpen
    ? isTilde(version, constraint)
    : compareVersions(version, constraint.version) === 0;
}

/** `^1.2` allows everything below 2; where the first number is 0 the next one that is not decides. */
function isCaret(version: VersionParts, { version: bound, ...open }: Constraint): boolean {
  if (compareVersions(version, bound) < 0) return false;
  if (bound.major > 0n || open.isMinorOpen) return version.major === bound.major;
  if (version.major > 0n) return false;
  if (bound.minor > 0n || open.isPatchOpen) return version.minor === bound.minor;
  return version.minor === 0n && version.patch === bound.patch;
}

function improper(text: string): Error {
  return new Error(`improper constraint: ${text.slice(0, MAX_QUOTED)}`);
}

function compile(pattern: string): RE2JS {
  const known = patterns.get(pattern);
  if (known !== undefined) return known;
  const compiled = RE2JS.compile(pattern);
  patterns.set(pattern, compiled);
  return compiled;
}
