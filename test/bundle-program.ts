import { bundleProgram, removeBundle } from './harness/bundle-program.ts';
import { BUNDLED_PROGRAM, compiledOf } from './harness/run-program.ts';

/**
 * Makes the program as it is shipped, once for a run of all tests: it starts in a third of the time that the sources
 * take, and tests start it many hundred times. Coverage is that of the sources, and needs them.
 */
export async function mochaGlobalSetup(): Promise<void> {
  if (process.env['NODE_V8_COVERAGE']) return;
  const program = await bundleProgram();
  process.env[BUNDLED_PROGRAM] = program;
  // The processes that run the tests are started after this, and read most of the sources.
  process.env['NODE_COMPILE_CACHE'] ??= compiledOf(program);
}

/** Removes it. */
export async function mochaGlobalTeardown(): Promise<void> {
  const program = process.env[BUNDLED_PROGRAM];
  if (program) await removeBundle(program);
}
