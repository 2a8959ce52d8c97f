import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from '../test/harness/run-program.ts';
import { copyProject, installPackage, packProject } from '../test/packaging/packed.ts';
import { median, timed } from './measure.ts';

const run = promisify(execFile);

const RUNS = 20;

/**
 * The whole process of `generatorset build` of an example with a list, from the package as npm installs it, beside
 * `node -e 0`; compiled code is kept.
 */
export async function benchStartUp(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'generatorset-bench-'));
  try {
    const { archive } = packProject(copyProject(join(folder, 'project')));
    await measure(join(installPackage(archive, join(folder, 'installed')), 'generatorset'));
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
  const ratio = (median(ours) / median(bare)).toFixed(1);
  process.stdout.write(`start-up: build of a list ${show(ours)}; node -e 0 ${show(bare)}; ratio ${ratio}\n`);
}
