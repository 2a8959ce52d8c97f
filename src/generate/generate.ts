import type { GenerateContext, Generator, GeneratorEntry } from '../../generators/generator.ts';
import type { Element, GeneratedElement, Origin } from '../api/element.ts';
import { createElementBounds, type ElementBounds } from '../api/element-bounds.ts';
import { ErrorList, StalledError, WaitingError } from '../api/errors.ts';
import { formatPosition, type Source } from '../api/source.ts';
import { createLimiter, type Limiter } from '../lib/limiter.ts';
import type { Answer, ElementMemory } from './element-memory.ts';

/** Generators of one set that are asked at a time: what each is given may be in memory whole. */
const AT_ONCE = 8;

/** What the generate step needs: the plugins, what they may use, and what is remembered of earlier passes. */
interface GenerateOptions {
  readonly generators: readonly Generator[];
  readonly context: Omit<GenerateContext, 'generate' | 'note' | 'originOf'>;
  readonly memory: ElementMemory;
  /** Milliseconds, for generators that have no interval of their own; undefined: they run only on change. */
  readonly interval?: number;
  /** Whether every generator runs, due or not. */
  readonly all: boolean;
  readonly source?: Source;
  /** The present time, to note when a generator is asked. */
  now?(): Date;
  /** Told of each generator that was asked; not of one that answers from memory, nor of what was aborted. */
  onRun?(run: GeneratorRun): void;
}

/** The same, with what all generators of a pass share. */
interface PassOptions extends GenerateOptions {
  /** What they have given so far. */
  readonly bounds: ElementBounds;
  /** Lets few of them ask at a time. */
  readonly limit: Limiter;
}

/** What one generator came to that was asked. */
export interface GeneratorRun {
  /** Its place under `spec.generators`. */
  readonly position: number;
  readonly isAnswered: boolean;
  /** Milliseconds. */
  readonly duration: number;
}

/**
 * Step 1: the elements of all generators of a set, in the order of the spec. One generator that fails fails the
 * set, with every failing generator named: an answer that is missing is not an empty answer.
 */
export async function generate(
  entries: readonly GeneratorEntry[],
  options: GenerateOptions,
): Promise<GeneratedElement[]> {
  const { memory } = options;
  memory.forget(entries.length);
  const bounds = createElementBounds();
  const pass = { ...options, bounds, limit: createLimiter(AT_ONCE) };
  const runs = entries.map((entry, position) => runEntry(entry, position, pass));
  const results = await Promise.allSettled(runs);
  // Else those of this pass would be kept beside those of the next one.
  if (bounds.isExceeded) memory.forget(0);
  const failed = results
    .filter((result) => result.status === 'rejected')
    .map(({ reason }) => reason as Error);
  if (failed.length === 1) throw failed[0];
  if (failed.length > 1) throw joinErrors(failed);

  const lists = results.map((result) => (result.status === 'fulfilled' ? result.value : []));
  return lists.flat().map((generated, index) => ({ ...generated, index }));
}

/** The generator that an entry of `spec.generators` names, with its spec. */
function findGenerator(
  entry: GeneratorEntry,
  generators: readonly Generator[],
): { generator: Generator; spec: unknown } {
  const generator = generators.find(({ name }) => Object.hasOwn(entry, name));
  if (generator) return { generator, spec: entry[generator.name] };
  throw new StalledError(
    'UnknownGenerator',
    `no generator named ${Object.keys(entry).join(', ') || '(none)'}`,
  );
}

/** Milliseconds after which the entry's elements may have changed; undefined when nothing but the spec changes them. */
export function entryInterval(
  entry: GeneratorEntry,
  options: { generators: readonly Generator[]; interval?: number },
): number | undefined {
  const { generator, spec } = findGenerator(entry, options.generators);
  return generator.interval?.(spec) ?? options.interval;
}

async function runEntry(
  entry: GeneratorEntry,
  position: number,
  options: PassOptions,
): Promise<Omit<GeneratedElement, 'index'>[]> {
  const { generator, spec } = findGenerator(entry, options.generators);
  const { elements, origins, asked } = await recall(entry, position, options).catch((error: unknown) => {
    throw located(error as Error, { entry, position, name: generator.name, source: options.source });
  });
  const query = generator.query?.(spec);
  const from = { generator: position, generatorName: generator.name, ...(query !== undefined && { query }) };
  const at = asked === undefined ? {} : { asked };
  return elements.map((element, index) => ({ ...from, ...origins[index], ...at, element }));
}

async function recall(entry: GeneratorEntry, position: number, options: PassOptions): Promise<Answer> {
  const { memory, bounds } = options;
  const remembered = options.all ? undefined : memory.recall(position, entry, entryInterval(entry, options));
  if (remembered) {
    bounds.add(remembered.elements);
    return remembered;
  }
  return inTurn(entry, options, () => ask(entry, position, options));
}

/** Those that run others ask nobody themselves: they would hold the places that the others wait for. */
function inTurn<T>(entry: GeneratorEntry, options: PassOptions, action: () => Promise<T>): Promise<T> {
  const { generator } = findGenerator(entry, options.generators);
  return generator.children ? action() : options.limit(action, options.context.signal);
}

async function ask(entry: GeneratorEntry, position: number, options: PassOptions): Promise<Answer> {
  const { memory, bounds } = options;
  const begun = memory.now();
  const asked = options.now?.().toISOString();
  const origins = new Map<Element, Origin>();
  // Counted before they are remembered, which copies them.
  const elements = await observed(
    async () => bounds.add(await runGenerator(entry, options, origins)),
    position,
    options,
  );
  // What one of several generators read may stand in any element that was made of theirs.
  const secret = [...origins.values()].some(({ isSecret }) => isSecret) && { isSecret: true };
  const answer = {
    elements,
    origins: elements.map((element) => ({ ...origins.get(element), ...secret })),
    ...(asked !== undefined && { asked }),
  };
  return memory.remember(position, entry, answer, begun);
}

/** Tells what the action comes to. */
async function observed<T>(
  action: () => Promise<T>,
  position: number,
  { memory, context, onRun }: GenerateOptions,
): Promise<T> {
  const begun = memory.now();
  let isAnswered = false;
  try {
    const answer = await action();
    isAnswered = true;
    return answer;
  } finally {
    if (isAnswered || !context.signal.aborted)
      onRun?.({ position, isAnswered, duration: memory.now() - begun });
  }
}

async function runGenerator(
  entry: GeneratorEntry,
  options: PassOptions,
  origins: Map<Element, Origin>,
): Promise<Element[]> {
  const { generator, spec } = findGenerator(entry, options.generators);
  options.context.signal.throwIfAborted();
  const bounds = createElementBounds({ maxElements: Number.POSITIVE_INFINITY });
  return generator.generate(spec, {
    ...options.context,
    note: (element, origin) => origins.set(element, origin),
    generate: async (child) =>
      bounds.add(await inTurn(child, options, () => runGenerator(child, options, origins))),
    originOf: (element) => origins.get(element) ?? {},
  });
}

/** The error with its place first: `file:line:column: spec.generators[1].apiClient: ...`. */
function located(
  error: Error,
  place: { entry: GeneratorEntry; position: number; name: string; source: Source | undefined },
): Error {
  const { entry, position, name, source } = place;
  const key = source?.locateKey(['spec', 'generators', position, name]);
  const label = typeof entry['name'] === 'string' ? ` "${entry['name']}"` : '';
  const prefix = `${key ? `${formatPosition(key)}: ` : ''}spec.generators[${position}].${name}${label}`;
  const message = `${prefix}: ${error.message}`;
  const options = { cause: error };
  if (error instanceof StalledError) return new StalledError(error.reason, message, options);
  if (error instanceof WaitingError)
    return new WaitingError(error.reason, error.retryAfter, message, options);
  return new Error(message, options);
}

/** Several generators failed: the set is stalled only when a changed spec alone can help. */
function joinErrors(errors: readonly Error[]): Error {
  if (errors.every((error) => error instanceof StalledError)) return new ErrorList('GeneratorFailed', errors);
  return new Error(errors.map((error) => error.message).join('\n'), { cause: new AggregateError(errors) });
}
