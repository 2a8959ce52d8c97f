import type { FromSchema, JSONSchema } from 'json-schema-to-ts';
import { labelSelectorSchema } from '../../src/api/label-selector.ts';

/** The spec of `object`. */
export const objectSchema = {
  type: 'object',
  description: 'Elements from objects of any kind: one by its name, or those that a label selector takes.',
  required: ['apiVersion', 'kind'],
  additionalProperties: false,
  oneOf: [{ required: ['name'] }, { required: ['selector'] }],
  properties: {
    apiVersion: {
      type: 'string',
      minLength: 1,
      maxLength: 317,
      description: 'The group and version of the kind, such as apps/v1.',
    },
    kind: { type: 'string', minLength: 1, maxLength: 63, description: 'The kind, such as Deployment.' },
    name: {
      type: 'string',
      minLength: 1,
      maxLength: 253,
      description: "The object's name. An object that is missing is an error.",
    },
    selector: {
      ...labelSelectorSchema,
      description: 'Takes objects by their labels; {} takes all of the kind.',
    },
    jsonPath: {
      type: 'string',
      minLength: 1,
      maxLength: 1024,
      description:
        "What of each object the elements are: a JSONPath in kubectl's dialect that finds objects or lists of objects, such as {.spec.teams}. Absent: the whole object.",
    },
  },
} as const satisfies JSONSchema;

/** A valid spec. */
export type ObjectSpec = FromSchema<typeof objectSchema>;
