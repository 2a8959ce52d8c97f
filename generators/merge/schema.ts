import type { JSONSchema } from 'json-schema-to-ts';
import { childrenSchema } from '../composition.ts';
import type { Generator, GeneratorEntry } from '../generator.ts';

/** A valid spec of `merge`. */
export interface MergeSpec {
  readonly generators: readonly GeneratorEntry[];
  readonly keys: readonly string[];
}

/** The schema of `merge` over these generators. */
export function mergeSchema(children: readonly Generator[]): JSONSchema & object {
  return {
    type: 'object',
    description: 'The elements of one generator, with what others know of the same ones.',
    required: ['generators', 'keys'],
    additionalProperties: false,
    properties: {
      generators: childrenSchema(children, {
        description:
          'The first gives the elements; the others, in this order, add their fields to those with equal keys, and theirs win.',
        name: 'The field of the element that gets what this generator gives. Absent: its fields are those of the element.',
      }),
      keys: {
        type: 'array',
        description: 'What tells elements apart, in all of these generators.',
        minItems: 1,
        maxItems: 20,
        items: {
          type: 'string',
          description: 'A field of the elements, or a JSONPath to one value, such as {.metric.pod}.',
          minLength: 1,
          maxLength: 1024,
        },
      },
    },
  };
}
