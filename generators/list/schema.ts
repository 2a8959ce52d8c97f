import type { FromSchema, JSONSchema } from 'json-schema-to-ts';

/** The spec of `list`, as GitOpsSets has it. */
export const listSchema = {
  type: 'object',
  description: 'Elements written in the spec itself.',
  required: ['elements'],
  additionalProperties: false,
  properties: {
    elements: {
      type: 'array',
      description: 'The elements, in this order. Each is an object of any fields.',
      items: {
        type: 'object',
        description: 'One element; templates see it as .Element.',
        additionalProperties: true,
      },
    },
  },
} as const satisfies JSONSchema;

/** A valid spec. */
export type ListSpec = FromSchema<typeof listSchema>;
