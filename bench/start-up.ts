import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { bundle } from '../config/bundle.ts';
import { ROOT } from '../test/harness/run-program.ts';
import { median, timed } from './measure.ts';

const run = promisify(execFile);

const RUNS = 20;

/**
 * The whole process of `generatorset build` of an example with a list, from the bundle that is shipped, beside
 * `node -e 0`; compiled code is kept.
 */
export async function benchStartUp(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'generatorset-bench-'));
  try {
    await mkdir(join(folder, 'bin'));
    await bundle(join(folder, 'dist'));
    await copyFile(join(ROOT, 'bin/generatorset.cjs'), join(folder, 'bin/generatorset.cjs'));
    await copyFile(join(ROOT, 'package.json'), join(folder, 'package.json'));
    await measure(join(folder, 'bin/generatorset.cjs'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(program: string): Promise<void> {
  const build = () =>
    run(process.execPath, [program, 'build', join(ROOT, 'examples/hpa-list/generatorset.yaml')]);
  const nothing = () => run(process.execPath, ['-e', '0']);
  await build();
  const [ours, bare]: [number[], number[]] = [[], []];
  for (let i = 0; i < RUNS; i++) {
    ours.push(await timed(build));
    bare.push(await timed(nothing));
  }
  const show = (times: number[]): string =>
    `at least ${Math.min(...times).toFixed(0)} ms, median ${median(times).toFixed(0)} ms`;
  process.stdout.write(`start-up: build of a list ${show(ours)}; node -e 0 ${show(bare)}\n`);
}
