import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generators } from '../generators/index.ts';
import type { LoadedSet } from '../src/api/read-sets.ts';
import { createArtifactReader } from '../src/clients/artifact/artifact-reader.ts';
import { emptyObjectReader } from '../src/clients/files/object-reader.ts';
import { createTreeReader } from '../src/clients/git/tree-reader.ts';
import { createHttpReader } from '../src/clients/http/http-reader.ts';
import { ElementMemory } from '../src/generate/element-memory.ts';
import { silentLogger } from '../src/lib/logger.ts';
import { openTarget } from '../src/reconcile/open-target.ts';
import { reconcile } from '../src/reconcile/reconcile.ts';
import { systemAmbient } from '../src/reconcile/system-ambient.ts';
import type { World } from '../src/reconcile/world.ts';
import { blankSource } from '../test/harness/sets.ts';
import { measureInTurn, report } from './measure.ts';

const URL = 'http://prometheus.monitoring:9090/api/v1/query?query=memory';
const ROUNDS = 21;

const environment = {
  ...process.env,
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_AUTHOR_NAME: 'bench',
  GIT_AUTHOR_EMAIL: 'bench@example.com',
  GIT_COMMITTER_NAME: 'bench',
  GIT_COMMITTER_EMAIL: 'bench@example.com',
};

function git(folder: string, args: string[], extra: Record<string, string> = {}): string {
  return execFileSync('git', args, {
    cwd: folder,
    encoding: 'utf8',
    env: { ...environment, ...extra },
    stdio: 'pipe',
  }).trim();
}

function makeRepository(path: string): string {
  execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch', 'main', path], { env: environment });
  return path;
}

/** The set that is delivered: a ConfigMap that holds the answer. */
function makeSet(url: string): LoadedSet {
  const content = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'memory' },
    data: { memory: '{{ index (index .Element.data.result 0).value 1 }}Ki' },
  };
  return {
    source: blankSource,
    set: {
      apiVersion: 'generatorset.dev/v1alpha1',
      kind: 'GeneratorSet',
      metadata: { name: 'bench', namespace: 'default' },
      spec: {
        suspend: false,
        deletionPolicy: 'Prune',
        numbers: 'exact',
        dialect: 'go',
        allowNonDeterministic: false,
        generators: [{ apiClient: { interval: '24h', endpoint: URL, method: 'GET', singleElement: true } }],
        templates: [{ content }],
        guard: { onEmpty: 'hold', maxPrune: '20%' },
        target: { git: { url, branch: 'main', path: 'apps' } },
      },
    },
  };
}

/** Answers the query with another value each time. */
function answer(folder: string, value: number): void {
  const result = [{ metric: {}, value: [1687950455, String(value)] }];
  const body = JSON.stringify({ status: 'success', data: { resultType: 'vector', result } });
  const recording = { request: { method: 'GET', url: URL }, response: { status: 200, headers: {}, body } };
  writeFileSync(join(folder, '001.json'), JSON.stringify(recording));
}

async function runPass(set: LoadedSet, folder: string): Promise<void> {
  const http = createHttpReader({
    allowLoopback: true,
    replay: folder,
    userAgent: 'bench',
    log: silentLogger,
  });
  const gitOptions = { cacheFolder: join(folder, 'cache'), allowFile: true, log: silentLogger };
  const world: World = {
    generators,
    readers: {
      objects: emptyObjectReader,
      http,
      git: createTreeReader(gitOptions),
      artifacts: createArtifactReader({ download: http.download, log: silentLogger }),
      log: silentLogger,
    },
    openTarget: (target, signal) => openTarget(target, { objects: emptyObjectReader, gitOptions }, signal),
    now: () => new Date(),
    random: Math.random,
    ambient: systemAmbient,
  };
  const memory = new ElementMemory(() => performance.now());
  const outcome = await reconcile(set, world, { memory, all: true, signal: new AbortController().signal });
  if (!outcome.delivered) throw new Error('nothing was delivered');
  await http.close();
}

/** The same delivery by hand: one ls-remote, a commit of two files on the known head, one push. */
function deliverByHand(cache: string, repository: string, folder: string, value: number): void {
  const head = git(cache, ['ls-remote', repository, 'refs/heads/main']).split('\t')[0] ?? '';
  const index = { GIT_INDEX_FILE: join(folder, 'index') };
  writeFileSync(join(folder, 'one'), `apiVersion: v1\nkind: ConfigMap\ndata:\n  memory: ${value}Ki\n`);
  writeFileSync(join(folder, 'two'), `{"delivered": ${value}}\n`);
  const [one, two] = git(cache, ['hash-object', '-w', '--', join(folder, 'one'), join(folder, 'two')]).split(
    '\n',
  );
  git(cache, head ? ['read-tree', head] : ['read-tree', '--empty'], index);
  git(
    cache,
    [
      'update-index',
      '--add',
      '--cacheinfo',
      `100644,${one},apps/one.yaml`,
      '--cacheinfo',
      `100644,${two},apps/state`,
    ],
    index,
  );
  const tree = git(cache, ['write-tree'], index);
  const commit = git(cache, ['commit-tree', tree, ...(head ? ['-p', head] : []), '-m', 'bench']);
  git(cache, ['push', '--quiet', '--porcelain', repository, `${commit}:refs/heads/main`]);
}

/** From the answer to the pushed commit, beside git plumbing done by hand. */
export async function benchDeliver(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'generatorset-bench-'));
  try {
    const [ours, theirs, cache] = ['ours.git', 'theirs.git', 'cache.git'].map((name) =>
      makeRepository(join(folder, name)),
    ) as [string, string, string];
    let value = 0;
    const set = makeSet(ours);
    const times = await measureInTurn(
      {
        ours: async () => {
          answer(folder, ++value);
          await runPass(set, folder);
        },
        byHand: () => deliverByHand(cache, theirs, folder, ++value),
      },
      ROUNDS,
    );
    report('answer to pushed commit', ['a pass', times.ours], ['git plumbing by hand', times.byHand]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
