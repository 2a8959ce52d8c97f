import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { BUNDLED_PROGRAM, ROOT } from './run-program.ts';

/** Makes the program as it is shipped in a new folder below that for temporary files, and gives its launcher. */
export async function bundleProgram(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'generatorset-bundled-'));
  const { bundle } = await import('../../config/bundle.ts');
  await bundle(join(folder, 'dist'));
  for (const path of ['bin', 'package.json'])
    await cp(join(ROOT, path), join(folder, path), { recursive: true });
  return join(folder, 'bin', 'generatorset.cjs');
}

/** Removes the folder with a program that `bundleProgram` made. */
export async function removeBundle(program: string): Promise<void> {
  await rm(dirname(dirname(program)), { recursive: true, force: true, maxRetries: 5 });
}

/** Gives a suite the launcher and the files of the bundle: of that for a run of all tests, else of one of its own. */
export function useBundle(): { readonly program: string; readonly dist: string } {
  let program = process.env[BUNDLED_PROGRAM] ?? '';
  const isShared = program !== '';
  before(async function make() {
    this.timeout(60_000);
    if (!isShared) program = await bundleProgram();
  });
  after(async () => {
    if (!isShared && program) await removeBundle(program);
  });
  return {
    get program() {
      return program;
    },
    get dist() {
      return join(dirname(dirname(program)), 'dist');
    },
  };
}
