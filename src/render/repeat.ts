import type { Element } from '../api/element.ts';
import type { JsonValue } from '../lib/json.ts';
import { queryJsonPath } from '../lib/json-path.ts';

/**
 * The values that a template is repeated for: the results of its JSONPath over the element, lists spread, null
 * left out. Throws when a key of the path is missing.
 */
export function findRepeats(expression: string, element: Element): JsonValue[] {
  const results = queryJsonPath(expression, element);
  return results.flat().filter((result) => result !== null);
}
