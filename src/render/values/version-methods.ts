import { GoInt, goInt } from './go-number.ts';
import { type MethodTable, methodTable } from './method.ts';
import {
  checkMetadata,
  checkPrerelease,
  compareVersions,
  formatVersion,
  Version,
  type VersionParts,
} from './version.ts';

type Change = Partial<Omit<VersionParts, 'original'>>;

/** The methods of semver.Version. */
export const versionMethods: MethodTable = methodTable<Version>({
  IncMajor: [
    [],
    (version) => nextVersion(version, { major: version.parts.major + 1n, minor: 0n, patch: 0n }),
  ],
  IncMinor: [[], (version) => nextVersion(version, { minor: version.parts.minor + 1n, patch: 0n })],
  IncPatch: [[], incrementPatch],
  Major: [[], ({ parts }) => toUint(parts.major)],
  Metadata: [[], ({ parts }) => parts.metadata],
  Minor: [[], ({ parts }) => toUint(parts.minor)],
  Patch: [[], ({ parts }) => toUint(parts.patch)],
  Prerelease: [[], ({ parts }) => parts.prerelease],
  SetMetadata: [['string'], setMetadata],
  SetPrerelease: [['string'], setPrerelease],
  String: [[], (version) => version.toString()],
  Value: [[], (version) => version.toString()],
});

/** The methods of *semver.Version: those of the version, and those that Go gives the pointer alone. */
export const versionPointerMethods: MethodTable = new Map([
  ...versionMethods,
  ...methodTable<Version>({
    Compare: [['version'], (version, other: Version | null) => goInt(compare(version, other))],
    Equal: [['version'], (version, other: Version | null) => compare(version, other) === 0],
    GreaterThan: [['version'], (version, other: Version | null) => compare(version, other) > 0],
    LessThan: [['version'], (version, other: Version | null) => compare(version, other) < 0],
    Original: [[], ({ parts }) => parts.original],
  }),
]);

function compare(version: Version, other: Version | null): number {
  if (other === null) throw new Error('runtime error: invalid memory address or nil pointer dereference');
  return compareVersions(version.parts, other.parts);
}

/** The next patch; that of a prerelease is the release itself. */
function incrementPatch(version: Version): Version {
  const { patch, prerelease } = version.parts;
  return nextVersion(version, { patch: prerelease === '' ? patch + 1n : patch });
}

function nextVersion(version: Version, numbers: Change): Version {
  return changeVersion(version, { ...numbers, prerelease: '', metadata: '' });
}

function setPrerelease(version: Version, prerelease: string): Version {
  checkPrerelease(prerelease);
  return changeVersion(version, { prerelease });
}

function setMetadata(version: Version, metadata: string): Version {
  checkMetadata(metadata);
  return changeVersion(version, { metadata });
}

/** A version with other parts; it keeps a leading `v`. */
function changeVersion({ parts }: Version, change: Change): Version {
  const { major, minor, patch, ...texts } = { ...parts, ...change };
  const wrapped = { major: toUint64(major), minor: toUint64(minor), patch: toUint64(patch), ...texts };
  const prefix = parts.original.startsWith('v') ? 'v' : '';
  return new Version({ ...wrapped, original: prefix + formatVersion(wrapped) }, false);
}

function toUint64(value: bigint): bigint {
  return BigInt.asUintN(64, value);
}

function toUint(value: bigint): GoInt {
  const small = Number(value);
  return new GoInt(Number.isSafeInteger(small) ? small : value, 'uint64');
}
