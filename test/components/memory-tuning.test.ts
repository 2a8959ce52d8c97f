import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { branchHead, countCommits, git, makeRepository } from '../harness/git.ts';
import { type PastPrometheus, startPastPrometheus } from '../harness/past-prometheus.ts';
import { type ProgramResult, ROOT, runProgram } from '../harness/run-program.ts';
import { useTemporaryFolder } from '../harness/temporary-folder.ts';
import { type DayOfChange, expectedCommits, type Memory } from './memory-tuning-rules.ts';
import { DAY, DAYS, FIRST_DAY, memorySeries, PASS_TIME } from './memory-tuning-usage.ts';
import { usePrometheus } from './prometheus.ts';

const EXAMPLE = join(ROOT, 'examples/memory-tuning');
/** Where the set writes. */
const PATH = 'clusters/production/memory';
/** Days on which Prometheus is out of order in the second play, which ends a few days after them. */
const SILENT_DAYS = [4, 5, 8];
const SHORT = 13;

describe('the memory-tuning example over 30 days', function () {
  this.timeout(300_000);
  const prometheus = usePrometheus(memorySeries);
  const folder = useTemporaryFolder();
  let past: PastPrometheus;
  before(async () => {
    past = await startPastPrometheus(prometheus().origin);
  });
  after(() => past?.close());

  const repository = () => join(folder.path, 'fleet.git');

  /** The example as it is, with the addresses of this test. */
  async function writeExample(): Promise<void> {
    makeRepository(repository(), { 'README.md': 'fleet\n' });
    const set = await readFile(join(EXAMPLE, 'generatorset.yaml'), 'utf8');
    const source = await readFile(join(EXAMPLE, 'objects/git-repository.yaml'), 'utf8');
    await mkdir(join(folder.path, 'objects'));
    await writeFile(
      join(folder.path, 'set.yaml'),
      replaceOnce(set, 'http://prometheus.monitoring:9090', past.origin),
    );
    await writeFile(
      join(folder.path, 'objects/source.yaml'),
      replaceOnce(source, 'file:///tmp/generatorset-fleet.git', pathToFileURL(repository()).href),
    );
  }

  /** One pass of the program on that day, its clock and that of Prometheus moved there. */
  function runOn(day: number, isSilent: boolean): Promise<ProgramResult> {
    const seconds = FIRST_DAY + day * DAY + PASS_TIME;
    past.time = isSilent ? undefined : seconds;
    const clock = new URL('../harness/controller-clock.ts', import.meta.url).href;
    return runProgram(
      ['run', '--once', '--objects', join(folder.path, 'objects'), join(folder.path, 'set.yaml')],
      {
        env: {
          XDG_CACHE_HOME: join(folder.path, 'cache'),
          NODE_OPTIONS: `--import=${clock}`,
          TEST_CLOCK_SHIFT: String(seconds * 1000 - Date.now()),
        },
      },
    );
  }

  /** Runs a pass a day, and gives the days with a commit and what stands in its files. */
  async function play(days: number, silentDays: readonly number[] = []): Promise<DayOfChange[]> {
    await writeExample();
    const commits: DayOfChange[] = [];
    let head = branchHead(repository());
    for (let day = 0; day < days; day++) {
      const isSilent = silentDays.includes(day);
      const { code, stderr } = await runOn(day, isSilent);
      assert.equal(code, isSilent ? 1 : 0, `day ${day}: ${stderr}`);
      const now = branchHead(repository()) ?? '';
      if (now !== head) commits.push({ day, ...readCommit(repository(), now) });
      head = now;
    }
    return commits;
  }

  it('commits exactly what the rules imply, on the days and with the values that they imply', async () => {
    const commits = await play(DAYS);
    assert.deepEqual(commits, expectedCommits());
    assert.equal(countCommits(repository()), commits.length + 1);
    assert.ok(commits.length > 10, 'a month in which little happens proves little');
  });

  it('does the same when Prometheus is out of order on some days, but for those days', async () => {
    const days = { days: SHORT, silentDays: SILENT_DAYS };
    const expected = expectedCommits(days);
    assert.notDeepEqual(expected, expectedCommits({ days: SHORT }));
    assert.deepEqual(await play(SHORT, SILENT_DAYS), expected);
  });
});

function replaceOnce(text: string, from: string, to: string): string {
  assert.equal(text.split(from).length, 2, `${from} stands there once`);
  return text.replace(from, to);
}

/** What a commit changed, and the memory of all containers after it. */
function readCommit(repository: string, commit: string): Omit<DayOfChange, 'day'> {
  const changed = git(repository, ['diff-tree', '-r', '--name-only', '--no-commit-id', commit]).split('\n');
  const all = git(repository, ['ls-tree', '-r', '--name-only', commit, `${PATH}/`]).split('\n');
  const files = all.filter((path) => path.endsWith('.yaml'));
  const containers = files.map((path) => [containerOf(path), readMemory(repository, commit, path)] as const);
  return {
    changed: changed
      .filter((path) => path.endsWith('.yaml'))
      .map(containerOf)
      .sort(),
    containers: Object.fromEntries(containers),
  };
}

function containerOf(path: string): string {
  return /^.*-kustomization-([a-z]+)\.yaml$/.exec(path)?.[1] ?? assert.fail(`what is ${path}?`);
}

function readMemory(repository: string, commit: string, path: string): Memory {
  const text = git(repository, ['show', `${commit}:${path}`]);
  const values = [...text.matchAll(/memory: (\d+)(Mi|Gi)$/gm)].map(([, number, unit]) => {
    return Number(number) * (unit === 'Gi' ? 1024 : 1);
  });
  const [limit = Number.NaN, request = Number.NaN, ...more] = values;
  assert.deepEqual(more, [], text);
  return { limit, request };
}
