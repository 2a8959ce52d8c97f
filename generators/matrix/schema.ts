import type { JSONSchema } from 'json-schema-to-ts';
import { childrenSchema } from '../composition.ts';
import type { Generator, GeneratorEntry } from '../generator.ts';

/** A valid spec of `matrix`. */
export interface MatrixSpec {
  readonly generators: readonly GeneratorEntry[];
  readonly singleElement?: boolean;
}

/** The schema of `matrix` over these generators: GitOpsSets' fields. */
export function matrixSchema(children: readonly Generator[]): JSONSchema & object {
  return {
    type: 'object',
    description: 'Every combination of the elements of several generators.',
    required: ['generators'],
    additionalProperties: false,
    properties: {
      generators: childrenSchema(children, {
        description:
          'What is combined, in this order; the last varies fastest. One with templates runs once for each element before it, which it sees as .Element.',
        name: 'The field of the element that gets what this generator gives. Absent: its fields are those of the element.',
      }),
      singleElement: {
        type: 'boolean',
        description:
          'Whether there is one element, with the elements of each generator as a list: below its name, or below Matrix for those without a name.',
      },
    },
  };
}
