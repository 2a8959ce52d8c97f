import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../harness/run-program.ts';

/** What packing does not read, or makes anew. */
const LEFT_OUT = ['.git', 'coverage', 'dist', 'node_modules'];

/** What `npm pack` says of the package. */
export interface Packed {
  /** The path of the archive. */
  readonly archive: string;
  readonly files: readonly string[];
  /** Bytes of all its files. */
  readonly unpackedSize: number;
}

/** Copies the project, so that packing it disturbs nobody who works in it. */
export function copyProject(folder: string, from = ROOT): string {
  mkdirSync(folder, { recursive: true });
  const left = new Set(LEFT_OUT.map((name) => join(from, name)));
  cpSync(from, folder, { recursive: true, filter: (path) => !left.has(path) });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

/** Runs `npm pack` in a copy of the project. */
export function packProject(project: string): Packed {
  const output = npm(project, ['pack', '--json', '--silent']);
  const [{ filename, files, unpackedSize }] = JSON.parse(output.slice(output.indexOf('['))) as [
    { filename: string; files: { path: string }[]; unpackedSize: number },
  ];
  return { archive: join(project, filename), files: files.map(({ path }) => path), unpackedSize };
}

/** Installs the package into an empty folder as `npm install` does with no network, and gives the folder of programs. */
export function installPackage(archive: string, folder: string): string {
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), '{}\n');
  npm(folder, ['install', '--offline', '--ignore-scripts', '--no-audit', '--silent', archive]);
  return join(folder, 'node_modules/.bin');
}

function npm(cwd: string, args: readonly string[]): string {
  return execFileSync('npm', [...args], { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}
