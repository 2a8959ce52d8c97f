import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ErrorList } from '../../api/errors.ts';
import { type LoadedSet, readGeneratorSets, refuseDuplicateSets } from '../../api/read-sets.ts';
import { VALIDATION_FAILED } from '../../api/reasons.ts';
import type { Resource } from '../../api/resource.ts';
import { readTextFile } from '../../clients/files/read-text.ts';
import { ElementMemory } from '../../generate/element-memory.ts';
import type { Logger } from '../../lib/logger.ts';
import { stringifyYamlDocuments } from '../../lib/yaml.ts';
import { renderSet } from '../../reconcile/render-set.ts';
import type { World } from '../../reconcile/world.ts';
import type { CommandContext } from '../command-context.ts';
import { openWorld } from '../open-world.ts';
import { createValidator } from '../set-reader.ts';
import { compareResources } from './compare-resources.ts';
import { readTemplateCase } from './read-template-case.ts';
import { recordCase } from './record-case.ts';
import { type CaseResult, EXPECTED_FILE, OBJECTS_FOLDER, REPLAY_FOLDER, type TestCase } from './test-case.ts';

/** How cases are run. */
export interface RunCaseOptions {
  readonly context: CommandContext;
  /** Namespace of sets that name none. */
  readonly namespace: string;
  /** Whether answers are fetched anew, and written for later runs. */
  readonly record: boolean;
  /** Whether what was rendered becomes what is expected. */
  readonly update: boolean;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

/** Renders one case without any network, and compares. What fails is in the result; rejects only when interrupted. */
export async function runCase(testCase: TestCase, options: RunCaseOptions): Promise<CaseResult> {
  const start = performance.now();
  const verdict = await judge(testCase, options).catch((error: Error) => {
    options.signal.throwIfAborted();
    return { passed: false, resources: 0, updated: false, message: error.message };
  });
  const { folder, kind } = testCase;
  return { folder, kind, ...verdict, seconds: (performance.now() - start) / 1000 };
}

type Verdict = Omit<CaseResult, 'folder' | 'kind' | 'seconds'>;

async function judge(testCase: TestCase, options: RunCaseOptions): Promise<Verdict> {
  const { folder, kind } = testCase;
  const isRecorded = options.record && kind === 'set';
  const rendered = isRecorded
    ? await recordCase(folder, (record) => renderCase(testCase, { ...options, answers: { record } }))
    : await renderCase(testCase, { ...options, answers: replayOf(folder) });
  const file = join(folder, EXPECTED_FILE);
  const resources = rendered.length;
  if (options.update) return { passed: true, resources, updated: await update(file, rendered, options) };
  const { differing, diff } = compareResources(await readTextFile(file, options.signal), rendered, file);
  if (differing === 0) return { passed: true, resources, updated: false };
  const message = `${differing} of ${Math.max(resources, differing)} resources are not as expected`;
  return { passed: false, resources, updated: false, message, diff };
}

/** Where answers come from: recordings, or nowhere. */
type Answers = { readonly replay?: string } | { readonly record: string };

function replayOf(folder: string): Answers {
  const replay = join(folder, REPLAY_FOLDER);
  return existsSync(replay) ? { replay } : {};
}

async function renderCase(
  testCase: TestCase,
  options: RunCaseOptions & { readonly answers: Answers },
): Promise<Resource[]> {
  const { context, namespace, answers, log, signal } = options;
  const loaded = await loadSets(testCase, options);
  const objects = join(testCase.folder, OBJECTS_FOLDER);
  const worldOptions = { namespace, ...answers, ...(existsSync(objects) && { objects }) };
  const { world, close } = await openWorld(context, worldOptions, { log, signal });
  try {
    const isOnline = Object.keys(answers).length > 0;
    return await renderSets(loaded, isOnline ? world : withoutNetwork(world), signal);
  } finally {
    await close();
  }
}

async function renderSets(
  sets: readonly LoadedSet[],
  world: World,
  signal: AbortSignal,
): Promise<Resource[]> {
  const resources: Resource[] = [];
  for (const loaded of sets) {
    const memory = new ElementMemory(() => performance.now());
    const rendered = await renderSet(loaded, world, { memory, all: true, signal });
    resources.push(...rendered.map(({ resource }) => resource));
  }
  return resources;
}

async function loadSets(
  { folder, kind, files }: TestCase,
  { context, namespace, signal }: RunCaseOptions,
): Promise<readonly LoadedSet[]> {
  if (kind === 'template') return [await readTemplateCase(folder, { context, namespace, signal })];
  const validate = createValidator(context, { namespace });
  const reads = [];
  for (const file of files)
    reads.push(readGeneratorSets(await readTextFile(file, signal), file, { validate }));
  const unique = refuseDuplicateSets(reads.flatMap(({ sets }) => sets));
  const errors = [...reads.flatMap((read) => read.errors), ...unique.errors];
  if (errors.length > 0) throw new ErrorList(VALIDATION_FAILED, errors);
  return unique.sets;
}

/** A case without recordings must not reach anybody. */
function withoutNetwork(world: World): World {
  const refuse = async (): Promise<never> => {
    throw new Error(`nothing is recorded in ${REPLAY_FOLDER}/; record answers with --record`);
  };
  return {
    ...world,
    readers: {
      ...world.readers,
      http: { request: refuse },
      git: { open: refuse },
      artifacts: { open: refuse },
    },
  };
}

/** Writes only what differs: equal files keep their time. */
async function update(
  file: string,
  rendered: readonly Resource[],
  { signal }: RunCaseOptions,
): Promise<boolean> {
  const text = stringifyYamlDocuments(rendered);
  if (existsSync(file) && (await readTextFile(file, signal)) === text) return false;
  await writeFile(file, text);
  return true;
}
