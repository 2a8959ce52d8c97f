import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { BUNDLED_PROGRAM, ROOT } from './harness/run-program.ts';

/**
 * Makes the program as it is shipped, once for a run of all tests: it starts in a third of the time that the sources
 * take, and tests start it many hundred times. Coverage is that of the sources, and needs them.
 */
export async function mochaGlobalSetup(): Promise<void> {
  if (process.env['NODE_V8_COVERAGE']) return;
  const folder = await mkdtemp(join(tmpdir(), 'generatorset-bundled-'));
  const { bundle } = await import('../config/bundle.ts');
  await bundle(join(folder, 'dist'));
  for (const path of ['bin', 'package.json'])
    await cp(join(ROOT, path), join(folder, path), { recursive: true });
  process.env[BUNDLED_PROGRAM] = join(folder, 'bin', 'generatorset.cjs');
}

/** Removes it. */
export async function mochaGlobalTeardown(): Promise<void> {
  const program = process.env[BUNDLED_PROGRAM];
  if (program) await rm(dirname(dirname(program)), { recursive: true, force: true });
}
