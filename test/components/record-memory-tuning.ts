// Records the answers of examples/memory-tuning anew, from a real Prometheus with the usage that its test plays:
//   node test/components/record-memory-tuning.ts

import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPastPrometheus } from '../harness/past-prometheus.ts';
import { ROOT, runProgram } from '../harness/run-program.ts';
import { DAY, FIRST_DAY, memorySeries, PASS_TIME } from './memory-tuning-usage.ts';
import { startPrometheus } from './prometheus.ts';

const EXAMPLE = join(ROOT, 'examples/memory-tuning');
const ORIGIN = 'http://prometheus.monitoring:9090';

/** Each folder of the example, and the day that its answers are of. */
const RECORDINGS = [
  ['replay', 0],
  ['replay-later', 18],
] as const;

interface Recording {
  readonly request: { url: string; body?: string };
}

const prometheus = await startPrometheus(memorySeries());
const past = await startPastPrometheus(prometheus.origin);
const folder = await mkdtemp(join(tmpdir(), 'generatorset-record-'));
try {
  for (const [name, day] of RECORDINGS) {
    past.time = FIRST_DAY + day * DAY + PASS_TIME;
    await record(join(EXAMPLE, name), join(folder, name));
  }
} finally {
  await past.close();
  await prometheus.close();
  await rm(folder, { recursive: true, force: true });
}

/** Records into a folder of its own, then writes the files with the example's address, in an order that never varies. */
async function record(target: string, scratch: string): Promise<void> {
  const set = join(folder, 'set.yaml');
  const text = await readFile(join(EXAMPLE, 'generatorset.yaml'), 'utf8');
  await writeFile(set, text.replace(ORIGIN, past.origin));
  const { code, stderr } = await runProgram(['build', '--record', scratch, set]);
  if (code !== 0) throw new Error(stderr);
  const names = (await readdir(scratch)).filter((name) => name.endsWith('.json'));
  const texts = await Promise.all(names.map((name) => readFile(join(scratch, name), 'utf8')));
  const recordings = texts
    .map((one) => one.replaceAll(past.origin, ORIGIN))
    .toSorted((one, other) => (bodyOf(one) < bodyOf(other) ? -1 : 1));
  await rm(target, { recursive: true, force: true });
  await mkdir(target);
  for (const [index, one] of recordings.entries())
    await writeFile(join(target, `${String(index + 1).padStart(3, '0')}-query.json`), one);
}

function bodyOf(recording: string): string {
  return (JSON.parse(recording) as Recording).request.body ?? '';
}
