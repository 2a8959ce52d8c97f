import assert from 'node:assert/strict';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { stringify } from 'yaml';
import { generators } from '../../generators/index.ts';
import { readGeneratorSets } from '../../src/api/read-sets.ts';
import { createSetValidator } from '../../src/api/validate-set.ts';
import { createRereadingObjectReader } from '../../src/clients/files/object-reader.ts';
import type { Resolve } from '../../src/clients/http/guarded-connector.ts';
import { createHttpReader } from '../../src/clients/http/http-reader.ts';
import { ElementMemory } from '../../src/generate/element-memory.ts';
import { silentLogger } from '../../src/lib/logger.ts';
import { openTarget } from '../../src/reconcile/open-target.ts';
import { type Outcome, reconcile } from '../../src/reconcile/reconcile.ts';
import type { World } from '../../src/reconcile/world.ts';
import { fixedAmbient } from './ambient.ts';
import type { FaultyWorld, Told } from './fault-proof.ts';
import { createNames } from './faulty-names.ts';
import { startFaultyPrometheus } from './faulty-prometheus.ts';
import { ELEMENTS, faultySet, RESOURCES, secretData } from './faulty-set.ts';
import { countCommits, git, makeRepository } from './git.ts';

/** A set in a Git repository, with passes as `generatorset run` makes them. */
export interface FaultyGitWorld extends FaultyWorld {
  readonly repository: string;
  /** One pass, in whatever way it ends, with approvals of these digests. */
  run(approved?: readonly string[]): Promise<Outcome>;
}

/** Delivers the set to a new repository below the folder; it asks the Prometheus of this origin. */
export async function openFaultyGitWorld(folder: string, origin: string): Promise<FaultyGitWorld> {
  const prometheus = await startFaultyPrometheus(origin);
  const repository = makeRepository(join(folder, 'fleet.git'), {
    'README.md': 'fleet\n',
    'apps/other.yaml': 'o: 1\n',
  });
  const secrets = join(folder, 'objects');
  await mkdir(secrets);
  const writeSecret: FaultyWorld['writeSecret'] = async (name, data) => {
    const file = join(secrets, `${name}.yaml`);
    if (data === null) await rm(file);
    else
      await writeFile(
        file,
        stringify({ apiVersion: 'v1', kind: 'Secret', metadata: { name }, stringData: data }),
      );
  };
  for (const [name, data] of Object.entries(secretData(prometheus.certificates.ca.cert))) {
    await writeSecret(name, data);
  }
  const names = createNames();
  const run = await createRun({ folder, repository, secrets, port: prometheus.port, resolve: names.resolve });
  const first = await run.pass();
  assert.deepEqual(
    [first.delivered, first.plan.changes.length, first.elements.length],
    [true, RESOURCES, ELEMENTS],
  );

  const tell = (): Promise<Told> =>
    run.pass().then(describe, ({ message }: Error) => ({ word: 'Failed', message }));
  return {
    prometheus,
    repository,
    run: run.pass,
    writeSecret,
    resolve: async (addresses) => names.lead(addresses),
    async pass({ isLate }) {
      const told = await tell();
      // What was asked before it went, may be used.
      return isLate && told.word === 'Same' ? tell() : told;
    },
    async recover() {
      const { word, message } = await tell();
      assert.equal(word, 'Same', message);
    },
    snapshot: async () => snapshotOf(repository),
    async close() {
      await run.close();
      await prometheus.close();
    },
  };
}

/** The commit, with all files and their bytes by their ids, and all refs. */
function snapshotOf(repository: string): string {
  const files = git(repository, ['ls-tree', '-r', 'refs/heads/main']);
  return [countCommits(repository), git(repository, ['for-each-ref']), files].join('\n');
}

function describe({ plan, delivered, elements }: Outcome): Told {
  if (plan.held) return { word: 'PlanHeld', message: plan.held.message };
  const changed = plan.changes.filter(({ action }) => !['unchanged', 'skipped'].includes(action));
  assert.equal(delivered, false, changed.map(({ action, path }) => `${action} ${path}`).join('\n'));
  const held = elements.filter(({ phase }) => phase === 'Held');
  const message = held.map(({ key, reason, message: why }) => `${key} (${reason}): ${why}`).join('\n');
  return { word: held.length > 0 ? 'ElementsHeld' : 'Same', message };
}

interface Parts {
  readonly folder: string;
  readonly repository: string;
  readonly secrets: string;
  readonly port: number;
  readonly resolve: Resolve;
}

/** All parts are those of `generatorset run`, but DNS. */
async function createRun({ folder, repository, secrets, port, resolve }: Parts) {
  const signal = new AbortController().signal;
  const objects = await createRereadingObjectReader(secrets, { maxAge: -1, now: () => 0, signal });
  const http = createHttpReader({ allowLoopback: true, userAgent: 'test', log: silentLogger, resolve });
  const gitOptions = { cacheFolder: join(folder, 'cache'), allowFile: true, log: silentLogger };
  const world: World = {
    generators,
    // The set asks Prometheus, and nobody else.
    readers: { objects, http, log: silentLogger } as unknown as World['readers'],
    openTarget: (set, opening) => openTarget(set, { objects, gitOptions }, opening),
    now: () => new Date(),
    random: Math.random,
    ambient: fixedAmbient(),
  };
  const set = faultySet('flux-system', port);
  set.spec.target = { git: { url: pathToFileURL(repository).href, branch: 'main', path: 'apps' } };
  const schemas = Object.fromEntries(generators.map(({ name, schema }) => [name, schema]));
  const read = readGeneratorSets(stringify(set), 'set.yaml', { validate: createSetValidator(schemas) });
  const [loaded] = read.sets;
  if (!loaded) throw read.errors[0] ?? new Error('no set');
  const memory = new ElementMemory(() => performance.now());
  return {
    pass: (approved: readonly string[] = []) =>
      reconcile(loaded, world, { memory, all: true, approved, signal: AbortSignal.timeout(60_000) }),
    close: () => http.close(),
  };
}
