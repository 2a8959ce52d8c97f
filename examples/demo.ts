// Plays four days of the podinfo-memory example against a Git repository in a temporary folder: no cluster, no
// Prometheus, no network. Each day is one run of the program, as a person would start it.

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const example = 'examples/podinfo-memory';
const folder = mkdtempSync(join(tmpdir(), 'generatorset-demo-'));
const repository = join(folder, 'fleet.git');
const environment = { ...process.env, XDG_CACHE_HOME: join(folder, 'cache'), GIT_CONFIG_GLOBAL: '/dev/null' };

function say(text = ''): void {
  process.stdout.write(`${text}\n`);
}

function heading(text: string): void {
  say(`\n${'='.repeat(3)} ${text}\n`);
}

function git(...args: string[]): string {
  return execFileSync('git', ['--git-dir', repository, ...args], { encoding: 'utf8', env: environment });
}

function head(): string {
  return git('rev-parse', 'main').trim();
}

/** Runs one pass over the example against a recorded answer, and shows the command and what it prints. */
function runPass(replay: string, expectedCode: number): void {
  const options = [
    '--once',
    '--replay',
    `${example}/${replay}`,
    '--git-url',
    pathToFileURL(repository).href,
    '--path',
    'apps',
  ];
  say(`$ npx generatorset run ${options.join(' ')} ${example}/generatorset.yaml`);
  const args = ['bin/generatorset.cjs', 'run', ...options, `${example}/generatorset.yaml`];
  const { status } = spawnSync(process.execPath, args, { cwd: root, env: environment, stdio: 'inherit' });
  if (status !== expectedCode)
    throw new Error(`the pass ended with exit code ${status}, not ${expectedCode}`);
}

/** Runs a pass that must leave the repository as it is. */
function runIdlePass(replay: string, expectedCode: number): void {
  const before = head();
  runPass(replay, expectedCode);
  if (head() !== before) throw new Error('the repository has changed');
  say(
    `\nThe repository is as it was: main is at ${before.slice(0, 12)}, ${git('rev-list', '--count', 'main').trim()} commit(s).`,
  );
}

function showCommit(): void {
  say(`\n$ git show\n${git('show', '--no-color', 'main', '--', ':!*.state').trimEnd()}`);
}

function answerOf(replay: string): string {
  const file = join(root, example, replay, '001-query.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { response: { body: string } }).response.body;
}

try {
  execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch', 'main', repository], {
    env: environment,
  });
  say(`A new, empty Git repository: ${repository}`);
  say(`The set: ${example}/generatorset.yaml. Its queries are answered from recorded files.`);

  heading('Day 1: Prometheus says that podinfo used 300 KiB at most. The first commit.');
  say(`Answer: ${answerOf('replay')}\n`);
  runPass('replay', 0);
  showCommit();

  heading('Day 2: the same answer. Nothing is committed.');
  runIdlePass('replay', 0);

  heading('Day 3: podinfo used 360 KiB. One commit, which says what changed and why.');
  say(`Answer: ${answerOf('replay-grown')}\n`);
  runPass('replay-grown', 0);
  showCommit();

  heading('Day 4: the metric is gone, the answer is empty. That is an outage, not a zero: nothing changes.');
  say(`Answer: ${answerOf('replay-empty')}\n`);
  runIdlePass('replay-empty', 1);

  heading('Where to look next');
  say(`  ${example}/generatorset.yaml   the set that you just saw; README.md beside it explains it`);
  say('  README.md                                  point it at your own Prometheus and repository');
  say(
    '  examples/                                  autoscalers from a list, Kustomizations from directories',
  );
  say('  docs/spec/v1alpha1/generatorset.md         every field');
} finally {
  rmSync(folder, { recursive: true, force: true });
  say(`\nRemoved ${relative(tmpdir(), folder)} from ${tmpdir()}.`);
}
