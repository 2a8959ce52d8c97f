import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ROOT } from '../test/harness/run-program.ts';
import { median, timed } from './measure.ts';

const run = promisify(execFile);

const RUNS = 20;

/** The whole process of `generatorset build` of an example with a list, beside `node -e 0`; compiled code is kept. */
export async function benchStartUp(): Promise<void> {
  const build = () =>
    run(process.execPath, [
      `${ROOT}bin/generatorset.cjs`,
      'build',
      `${ROOT}examples/hpa-list/generatorset.yaml`,
    ]);
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
