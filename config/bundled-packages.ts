import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';

/** One package of npm whose code is in the bundle. */
export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  /** SPDX expression. */
  readonly license: string;
  /** As lock files write it, such as `sha512-...`. */
  readonly integrity: string;
  /** Where it is installed, relative to the root of the project. */
  readonly folder: string;
  /** Folders of the packages that its bundled code imports. */
  readonly imports: readonly string[];
}

/** What the program itself and its packages import. */
export interface BundledPackages {
  readonly packages: readonly BundledPackage[];
  /** Folders of the packages that the program's own code imports. */
  readonly imports: readonly string[];
}

interface LockEntry {
  readonly version?: string;
  readonly license?: string;
  readonly integrity?: string;
}

const PACKAGE = /(?:^|\/)(node_modules\/(?:.*\/node_modules\/)?(?:@[^/]+\/)?[^/]+)\//;

/**
 * The packages whose code esbuild has written, by name, each with what the lock file says of it. Throws where the lock
 * file lacks one or does not say its licence: such code must not be shipped.
 */
export function findBundledPackages(root: string, metafiles: readonly Metafile[]): BundledPackages {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, LockEntry>;
  };
  const imports = collectImports(metafiles);
  const folders = [...imports.keys()].filter((folder) => folder !== '');
  const packages = folders.map((folder) => ({
    ...readLockEntry(folder, lock.packages[folder]),
    imports: [...(imports.get(folder) ?? [])].toSorted(),
  }));
  const order = (one: BundledPackage): string => `${one.name}@${one.version}`;
  return {
    packages: packages.toSorted((a, b) => (order(a) < order(b) ? -1 : 1)),
    imports: [...(imports.get('') ?? [])].toSorted(),
  };
}

/** What the written files load at run time and neither have nor find in Node.js itself. */
export function findForeignImports(metafiles: readonly Metafile[]): string[] {
  const written = metafiles.flatMap(({ outputs }) => Object.values(outputs));
  const imports = written.flatMap((output) => output.imports).filter(({ external }) => external);
  return [...new Set(imports.map(({ path }) => path))].filter((path) => !isBuiltin(path)).toSorted();
}

/** For each bundled package, and for the program as the empty name, the bundled packages that it imports. */
function collectImports(metafiles: readonly Metafile[]): Map<string, Set<string>> {
  const imports = new Map<string, Set<string>>([['', new Set()]]);
  for (const metafile of metafiles)
    for (const file of writtenFiles(metafile))
      imports.set(folderOf(file), imports.get(folderOf(file)) ?? new Set());
  for (const { inputs } of metafiles) {
    for (const [file, input] of Object.entries(inputs)) {
      const from = folderOf(file);
      const targets = input.imports.filter(({ external }) => !external).map(({ path }) => folderOf(path));
      for (const target of targets)
        if (target !== '' && target !== from && imports.has(target)) imports.get(from)?.add(target);
    }
  }
  return imports;
}

/** What was read and then left out, since nothing uses it, is not in the bundle. */
function writtenFiles({ outputs }: Metafile): string[] {
  return Object.values(outputs).flatMap(({ inputs }) =>
    Object.keys(inputs).filter((file) => (inputs[file]?.bytesInOutput ?? 0) > 0),
  );
}

function folderOf(file: string): string {
  return PACKAGE.exec(file)?.[1] ?? '';
}

function readLockEntry(folder: string, entry: LockEntry | undefined): Omit<BundledPackage, 'imports'> {
  const { version, license, integrity } = entry ?? {};
  if (!version || !license || !integrity)
    throw new Error(
      `package-lock.json does not say version, license and integrity of ${folder}: run npm install`,
    );
  return { name: folder.replace(/^.*node_modules\//, ''), version, license, integrity, folder };
}
