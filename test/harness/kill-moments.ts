import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { branchFiles, countCommits, makeRepository, startGitServer } from './git.ts';
import { recordAnswers, vector } from './recorded-answers.ts';
import { type ProgramResult, runProgram } from './run-program.ts';

const URL = 'http://prometheus.monitoring:9090/api/v1/query?query=memory';

const SET = `apiVersion: generatorset.dev/v1alpha1
kind: GeneratorSet
metadata: {name: killed}
spec:
  elementKey: "{{ .Element.metric.service }}"
  generators:
    - apiClient: {interval: 24h, endpoint: "${URL}", jsonPath: "{ .data.result }"}
  templates:
    - content:
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: "{{ .Element.metric.service }}"}
        data: {memory: "{{ index .Element.value 1 }}Ki"}
`;

/** Parts of a pass's life in which one after another is killed; odd, so that `both` comes to each part in both ways. */
export const PARTS = 13;

const SERVICES = ['cart', 'frontend', 'search', 'stock', 'users'];

/** How long a pass takes here, start of the process included. */
async function measure(run: () => Promise<ProgramResult>): Promise<number> {
  const start = performance.now();
  const { code, stderr } = await run();
  assert.equal(code, 0, stderr);
  return performance.now() - start;
}

/** What is killed how often. */
interface Kills {
  readonly kills: number;
  /** Whom: the process alone, with all its children, or one after the other. */
  readonly whom: 'alone' | 'with children' | 'both';
  readonly random: () => number;
}

/**
 * For each of `kills` new answers: kills a pass at a random moment of the next part of its life, alone or with all its
 * children, then lets another pass finish. Each time the branch must hold exactly the answer's files, with one commit
 * more. The repository is behind a server of its own, which the kill does not reach, as it is in life.
 */
export async function killAtRandomMoments(folder: string, kills: Kills): Promise<{ committed: number }> {
  const repository = makeRepository(join(folder, 'fleet.git'));
  const server = await startGitServer(folder);
  try {
    const file = join(folder, 'set.yaml');
    await writeFile(file, SET);
    const answers = join(folder, 'answers');
    const target = ['--git-url', `${server.url}/fleet.git`, '--path', 'apps'];
    const args = ['run', '--once', '--replay', answers, ...target, file];
    const env = { XDG_CACHE_HOME: join(folder, 'cache') };
    return await killAgainAndAgain({ repository, answers, args, env }, kills);
  } finally {
    await server.close();
  }
}

/** The program under test, and what it works on. */
interface Trial {
  readonly repository: string;
  readonly answers: string;
  readonly args: readonly string[];
  readonly env: Record<string, string>;
}

async function killAgainAndAgain(
  { repository, answers, args, env }: Trial,
  { kills, whom, random }: Kills,
): Promise<{ committed: number }> {
  await answer(answers, 0);
  // The measured pass is like those to come: the code is compiled by now, and a state is there.
  await runProgram(args, { env });
  await answer(answers, 1);
  const runWhole = () => measure(() => runProgram(args, { env }));
  let lifetime = await runWhole();
  let committed = 0;
  for (let round = 2; round < kills + 2; round++) {
    await answer(answers, round);
    const group = whom === 'both' ? round % 2 === 0 : whom === 'with children';
    await runKilled(args, env, { after: ((round % PARTS) + random()) * (lifetime / PARTS) * 1.2, group });
    const isCommitted = countCommits(repository) === round + 1;
    const took = await runWhole();
    checkBranch(repository, round);
    // A machine is not always as fast: the moments follow the passes that had all to do.
    if (isCommitted) committed++;
    else lifetime = (lifetime + took) / 2;
  }
  return { committed };
}

async function answer(folder: string, round: number): Promise<void> {
  const samples = Object.fromEntries(SERVICES.map((service, index) => [service, round * 100 + index]));
  await recordAnswers(folder, URL, [vector(samples)]);
}

async function runKilled(
  args: readonly string[],
  env: Record<string, string>,
  { after, group }: { after: number; group: boolean },
): Promise<void> {
  await runProgram(args, {
    env,
    detached: true,
    started(child) {
      const pid = child.pid as number;
      setTimeout(() => killProcess(group ? -pid : pid), after);
    },
  });
}

function killProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself before its moment came.
  }
}

function checkBranch(repository: string, round: number): void {
  assert.equal(countCommits(repository), round + 1, 'one commit for each answer');
  const files = branchFiles(repository);
  const expected = SERVICES.map((service) => `apps/flux-system-configmap-${service}.yaml`);
  assert.deepEqual(
    Object.keys(files).sort(),
    ['apps/.generatorset/flux-system/killed.state', ...expected].sort(),
  );
  for (const [index, path] of expected.entries())
    assert.ok(files[path]?.includes(`memory: ${round * 100 + index}Ki`), path);
}
