import type { JSONSchema } from 'json-schema-to-ts';
import type { Element, Origin } from '../src/api/element.ts';
import { StalledError, WaitingError } from '../src/api/errors.ts';
import { type GeneratorSchemas, generatorEntrySchema } from '../src/api/generatorset-schema.ts';
import { isObject, type JsonObject, type JsonValue, ownValue } from '../src/lib/json.ts';
import type { GenerateContext, Generator, GeneratorEntry, IsTemplate, SpecMistake } from './generator.ts';

/** More children would multiply, or add, more than anybody can follow. */
const MAX_CHILDREN = 20;

/** One of the generators that another one runs. */
export interface Child {
  readonly position: number;
  readonly name: string | undefined;
  readonly generator: Generator;
  readonly spec: JsonObject;
}

/** An element that a child gave, with what is known of it. */
export interface ChildElement {
  readonly element: Element;
  readonly origin: Origin;
}

/** The schema of `generators` in the spec of a generator that runs others. */
export function childrenSchema(
  generators: readonly Generator[],
  { description, name }: { description: string; name: string },
): JSONSchema & object {
  const schemas: GeneratorSchemas = Object.fromEntries(generators.map((it) => [it.name, it.schema]));
  const items = generatorEntrySchema(schemas, name);
  return { type: 'array', description, minItems: 1, maxItems: MAX_CHILDREN, items };
}

/** The children that the entries of a spec name. Throws a StalledError for a generator that nobody knows. */
export function readChildren(entries: readonly GeneratorEntry[], generators: readonly Generator[]): Child[] {
  return entries.map((entry, position) => {
    const generator = generators.find(({ name }) => Object.hasOwn(entry, name));
    if (!generator) {
      throw new StalledError('UnknownGenerator', `generators[${position}]: none of the known generators`);
    }
    const name = typeof entry['name'] === 'string' ? entry['name'] : undefined;
    return { position, name, generator, spec: entry[generator.name] as JsonObject };
  });
}

/** The mistakes that children find in their specs; what is a template is known only once it is rendered. */
export function checkChildren(
  children: readonly Child[],
  isTemplate: IsTemplate = () => false,
): SpecMistake[] {
  return children.flatMap(({ position, generator, spec }) => {
    const mistakes = generator.check?.(spec, isTemplate) ?? [];
    return mistakes
      .filter(({ path }) => !isTemplate(nearestValue(spec, path)))
      .map((mistake) => ({ ...mistake, path: ['generators', position, generator.name, ...mistake.path] }));
  });
}

/** Milliseconds: the least of the children's intervals; undefined where none has one. */
export function leastInterval(children: readonly Child[]): number | undefined {
  const intervals = children
    .map(({ generator, spec }) => generator.interval?.(spec))
    .filter((interval) => interval !== undefined);
  return intervals.length === 0 ? undefined : Math.min(...intervals);
}

/** What all children ask, each once; undefined where none asks anything. */
export function joinQueries(children: readonly Child[]): string | undefined {
  const queries = children
    .map(({ generator, spec }) => generator.query?.(spec))
    .filter((query) => query !== undefined);
  return queries.length === 0 ? undefined : [...new Set(queries)].join('; ');
}

/** The elements of each child. All are asked at once; the first that fails, in the order of the spec, fails them all. */
export async function askChildren(
  children: readonly Child[],
  context: GenerateContext,
): Promise<ChildElement[][]> {
  const answers = await Promise.allSettled(
    children.map((child) =>
      askChild(child, context).catch((error: unknown) => {
        throw placeError(error as Error, child);
      }),
    ),
  );
  return answers.map((answer) => {
    if (answer.status === 'rejected') throw answer.reason as Error;
    return answer.value;
  });
}

/** The elements of one child; what it asks is what they come from. */
export async function askChild(
  { generator, spec }: Pick<Child, 'generator' | 'spec'>,
  context: GenerateContext,
): Promise<ChildElement[]> {
  const elements = await context.generate({ [generator.name]: spec });
  const query = generator.query?.(spec);
  return elements.map((element) => ({
    element,
    origin: { ...(query !== undefined && { query }), ...context.originOf(element) },
  }));
}

/** The error with its child first: `generators[1].apiClient: ...`, and with `where` in the end. */
export function placeError(error: Error, { position, name, generator }: Child, where?: string): Error {
  const label = name === undefined ? '' : ` ${JSON.stringify(name)}`;
  const reason = error.message.replaceAll('\n', '; ');
  const end = where === undefined ? '' : ` (${where})`;
  const message = `generators[${position}].${generator.name}${label}: ${reason}${end}`;
  const options = { cause: error };
  if (error instanceof StalledError) return new StalledError(error.reason, message, options);
  if (error instanceof WaitingError)
    return new WaitingError(error.reason, error.retryAfter, message, options);
  return new Error(message, options);
}

/** An element as the others see it: below the name of its child, where that has one. */
export function nameElement(element: Element, name: string | undefined): Element {
  return name === undefined ? element : { [name]: element };
}

/** The value of a field, or what is left of the way to it. */
function nearestValue(value: JsonValue, path: readonly (string | number)[]): JsonValue {
  let at = value;
  for (const part of path) {
    const next = Array.isArray(at) ? at[Number(part)] : isObject(at) ? ownValue(at, String(part)) : undefined;
    if (next === undefined) return at;
    at = next;
  }
  return at;
}
