import type { Element } from '../../src/api/element.ts';
import { checkLabelSelector } from '../../src/api/label-selector.ts';
import type { Resource } from '../../src/api/resource.ts';
import type { JsonObject } from '../../src/lib/json.ts';
import { parseJsonPath } from '../../src/lib/json-path-parser.ts';
import type { GenerateContext, Generator, SpecMistake } from '../generator.ts';
import { findElements } from './elements.ts';
import { type ObjectSpec, objectSchema } from './schema.ts';

/** Objects of any kind, or what a JSONPath finds in them. */
export const object: Generator<ObjectSpec> = {
  name: 'object',
  schema: objectSchema,
  check({ selector, jsonPath }, isTemplate = () => false) {
    const isKnown = selector !== undefined && !isTemplate(selector as JsonObject);
    const inSelector = isKnown ? checkLabelSelector(selector) : [];
    return [
      ...inSelector.map(({ path, message }) => ({ path: ['selector', ...path], message })),
      ...(jsonPath === undefined || isTemplate(jsonPath) ? [] : checkJsonPath(jsonPath)),
    ];
  },
  async generate(spec, context) {
    context.signal.throwIfAborted();
    const objects = await readObjects(spec, context);
    return objects.flatMap((it) =>
      findElements(it, spec.jsonPath).map((found) => noted(found, it, { spec, context })),
    );
  },
  query: describeQuery,
};

function checkJsonPath(jsonPath: string): SpecMistake[] {
  try {
    parseJsonPath(jsonPath);
    return [];
  } catch (error) {
    return [{ path: ['jsonPath'], message: (error as Error).message }];
  }
}

/** The object of the name, or those of the selector; only of the set's namespace where the kind has namespaces. */
async function readObjects(
  { apiVersion, kind, name, selector = {} }: ObjectSpec,
  { namespace, objects, signal }: GenerateContext,
): Promise<readonly Resource[]> {
  if (name === undefined) {
    return objects.list({ apiVersion, kind, namespace, labelSelector: selector }, signal);
  }
  const found = await objects.get({ apiVersion, kind, namespace, name }, signal);
  if (found) return [found];
  throw new Error(`${kind} ${name} does not exist (in namespace ${namespace}, if ${kind} has namespaces)`);
}

/** A whole object is known by its name; of what is found in objects only the user can say what tells it apart. */
function noted(
  element: Element,
  { metadata }: Resource,
  { spec, context }: { spec: ObjectSpec; context: GenerateContext },
): Element {
  const isSecret = spec.kind === 'Secret' && { isSecret: true };
  context.note(element, { ...(spec.jsonPath === undefined && { key: metadata.name }), ...isSecret });
  return element;
}

function describeQuery({ kind, name, selector, jsonPath }: ObjectSpec): string {
  const labels = selector && Object.keys(selector).length > 0 ? ' by labels' : '';
  const path = jsonPath === undefined ? '' : ` ${jsonPath}`;
  return `${kind} ${name ?? `objects${labels}`}${path}`;
}
