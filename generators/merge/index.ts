import { askChildren, checkChildren, joinQueries, leastInterval, readChildren } from '../composition.ts';
import type { Generator } from '../generator.ts';
import { mergeElements } from './merge-elements.ts';
import { checkKeys } from './read-keys.ts';
import { type MergeSpec, mergeSchema } from './schema.ts';

/** Adds the elements of these generators to each other, by keys. */
export function createMerge(generators: readonly Generator<never>[]): Generator<MergeSpec> {
  const known = generators as unknown as readonly Generator[];
  const childrenOf = (spec: MergeSpec) => readChildren(spec.generators, known);
  return {
    name: 'merge',
    schema: mergeSchema(known),
    check: (spec, isTemplate) => [...checkChildren(childrenOf(spec), isTemplate), ...checkKeys(spec.keys)],
    children: (spec) => spec.generators,
    async generate(spec, context) {
      context.signal.throwIfAborted();
      const children = childrenOf(spec);
      const answers = await askChildren(children, context);
      const merged = mergeElements(
        children.map((child, index) => ({ child, elements: answers[index] ?? [] })),
        spec.keys,
      );
      return merged.map(({ element, origin }) => {
        context.note(element, origin);
        return element;
      });
    },
    interval: (spec) => leastInterval(childrenOf(spec)),
    query: (spec) => joinQueries(childrenOf(spec)),
  };
}
