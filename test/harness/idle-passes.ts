import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { generators } from '../../generators/index.ts';
import { type LoadedSet, readGeneratorSets } from '../../src/api/read-sets.ts';
import { createSetValidator } from '../../src/api/validate-set.ts';
import { createArtifactReader } from '../../src/clients/artifact/artifact-reader.ts';
import { emptyObjectReader } from '../../src/clients/files/object-reader.ts';
import { createTreeReader } from '../../src/clients/git/tree-reader.ts';
import { createHttpReader } from '../../src/clients/http/http-reader.ts';
import { ElementMemory } from '../../src/generate/element-memory.ts';
import { silentLogger } from '../../src/lib/logger.ts';
import { openTarget } from '../../src/reconcile/open-target.ts';
import { reconcile } from '../../src/reconcile/reconcile.ts';
import type { World } from '../../src/reconcile/world.ts';
import { fixedAmbient } from './ambient.ts';
import { branchHead, countCommits, makeRepository } from './git.ts';
import { startHttpServer, type TestServer } from './http-server.ts';
import { seededRandom } from './seeded-random.ts';

/** What each pass finds again in another form: bytes by container. */
const USAGE = Object.fromEntries(
  Array.from({ length: 20 }, (_, index) => [`container-${index}`, 50_000_000.5 + 17_000_001 * index]),
);

const HOUR = 3_600_000;

/** The same through the generator for any HTTP API: a resource for each series, in whatever order they come. */
export const API_CLIENT_SET = `apiVersion: generatorset.dev/v1alpha1
kind: GeneratorSet
metadata:
  name: any-api
spec:
  elementKey: "{{ .Element.metric.container }}"
  generators:
    - apiClient:
        interval: 1h
        endpoint: http://prometheus.monitoring:9090/api/v1/query?query=memory
        jsonPath: "{ .data.result }"
  tune:
    - {name: limit, from: "{{ index .Element.value 1 }}", margin: 20%, roundUp: 16Mi}
  templates:
    - content:
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: "{{ .Element.metric.container }}"
        data:
          limit: "{{ .Element.limit }}"
          labels: "{{ .Element.metric | toJson }}"
`;

interface IdleOptions {
  readonly folder: string;
  /** Texts of sets that ask http://prometheus.monitoring:9090 for the memory of containers. */
  readonly sets: readonly string[];
  readonly passes: number;
  readonly seed: number;
  onProgress?(passes: number): void;
}

/** What came of all passes after the first of each set. */
interface IdleResult {
  readonly deliveries: number;
  readonly commits: number;
  /** Different answers that were given, so that it is known that they did vary. */
  readonly answers: number;
  readonly hasMoved: boolean;
}

/**
 * Delivers each set once into a real repository, then makes passes over them while the answers change only in their
 * times, in the order of series, labels and fields, and in their whitespace. An hour goes by from pass to pass.
 */
export async function makeIdlePasses({
  folder,
  sets,
  passes,
  seed,
  onProgress,
}: IdleOptions): Promise<IdleResult> {
  const random = seededRandom(seed);
  const prometheus = await startVaryingPrometheus(random);
  const repository = makeRepository(join(folder, 'fleet.git'), { 'README.md': 'fleet\n' });
  const { world, close } = createWorld(folder, random);
  const loaded = sets.map((yaml) => loadSet(yaml, { origin: prometheus.origin, repository }));
  const makePass = (index: number) => {
    const memory = new ElementMemory(() => performance.now());
    const set = loaded[index % loaded.length] as LoadedSet;
    return reconcile(set, world, { memory, all: true, signal: AbortSignal.timeout(60_000) });
  };
  try {
    for (const index of loaded.keys()) await makePass(index);
    const [head, commits] = [branchHead(repository), countCommits(repository)];
    prometheus.answers.clear();
    let deliveries = 0;
    for (let index = 0; index < passes; index++) {
      if ((await makePass(index)).delivered) deliveries++;
      if (index % 1000 === 999) onProgress?.(index + 1);
    }
    return {
      deliveries,
      commits: countCommits(repository) - commits,
      answers: prometheus.answers.size,
      hasMoved: branchHead(repository) !== head,
    };
  } finally {
    await close();
    await prometheus.close();
  }
}

/** A server that answers all queries as Prometheus does, no two answers alike and all of one meaning. */
async function startVaryingPrometheus(
  random: () => number,
): Promise<TestServer & { readonly answers: Set<string> }> {
  const answers = new Set<string>();
  const server = await startHttpServer(async (request, response) => {
    const query = new URLSearchParams(await text(request)).get('query') ?? '';
    const body = varyAnswer(query.includes('timestamp('), random);
    answers.add(body);
    response.writeHead(200, { 'content-type': 'application/json' }).end(body);
  });
  return { ...server, answers };
}

/** The real clients, and a clock that goes on by an hour whenever it is asked. */
function createWorld(folder: string, random: () => number): { world: World; close(): Promise<void> } {
  const http = createHttpReader({ allowLoopback: true, userAgent: 'test', log: silentLogger });
  const gitOptions = { cacheFolder: join(folder, 'cache'), allowFile: true, log: silentLogger };
  const objects = emptyObjectReader;
  let now = Date.parse('2026-01-05T06:00:00Z');
  const world: World = {
    generators,
    readers: {
      objects,
      http,
      git: createTreeReader(gitOptions),
      artifacts: createArtifactReader({ download: http.download, log: silentLogger }),
      log: silentLogger,
    },
    openTarget: (set, signal) => openTarget(set, { objects, gitOptions }, signal),
    now() {
      now += HOUR;
      return new Date(now);
    },
    random,
    ambient: fixedAmbient(),
  };
  return { world, close: () => http.close() };
}

/** The one set of a text, with its Prometheus and its repository. */
function loadSet(
  yaml: string,
  { origin, repository }: { readonly origin: string; readonly repository: string },
): LoadedSet {
  const loaded = readSet(yaml.replaceAll('http://prometheus.monitoring:9090', origin));
  const git = { url: pathToFileURL(repository).href, branch: 'main', path: 'apps' };
  return { ...loaded, set: { ...loaded.set, spec: { ...loaded.set.spec, target: { git } } } };
}

function readSet(yaml: string): LoadedSet {
  const schemas = Object.fromEntries(generators.map(({ name, schema }) => [name, schema]));
  const { sets, errors } = readGeneratorSets(yaml, 'set.yaml', { validate: createSetValidator(schemas) });
  const [set] = sets;
  if (!set) throw errors[0] ?? new Error('no set');
  return set;
}

/** One answer of Prometheus with the same meaning as every other; `times`: the newest sample, a minute ago. */
function varyAnswer(times: boolean, random: () => number): string {
  const time = 1_767_592_800 + Math.floor(random() * 1e8) / 100;
  const series: [string, number][] = times ? [['', time - 60]] : Object.entries(USAGE);
  const result = shuffle(series, random).map(([container, value]) => {
    const metric =
      container === '' ? {} : reorder({ container, namespace: 'shop', pod: `${container}-0` }, random);
    return reorder({ metric, value: [time, String(value)] }, random);
  });
  const data = reorder({ resultType: 'vector', result }, random);
  const indent = [undefined, 1, 2, '\t'][Math.floor(random() * 4)];
  const space = ' \n'.repeat(Math.floor(random() * 3));
  return `${space}${JSON.stringify(reorder({ status: 'success', data }, random), undefined, indent)}${space}`;
}

function reorder(object: Readonly<Record<string, unknown>>, random: () => number): object {
  return Object.fromEntries(shuffle(Object.entries(object), random));
}

function shuffle<T>(items: readonly T[], random: () => number): T[] {
  return items
    .map((item) => ({ item, at: random() }))
    .sort((one, other) => one.at - other.at)
    .map(({ item }) => item);
}
