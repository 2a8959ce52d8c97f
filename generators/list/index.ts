import type { Element } from '../../src/api/element.ts';
import { isObject } from '../../src/lib/json.ts';
import type { Generator } from '../generator.ts';
import { type ListSpec, listSchema } from './schema.ts';

/** The elements are written in the spec itself. */
export const list: Generator<ListSpec> = {
  name: 'list',
  schema: listSchema,
  known: ({ elements }) => elements.map(copyElement),
  async generate(spec, { signal }) {
    signal.throwIfAborted();
    return spec.elements.map(copyElement);
  },
};

/** A copy, so that nothing that happens to an element reaches the spec. */
function copyElement(element: unknown, position: number): Element {
  if (isObject(element)) return structuredClone(element);
  throw new Error(`elements[${position}] is not an object`);
}
