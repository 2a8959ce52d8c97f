import type { FromSchema, JSONSchema } from 'json-schema-to-ts';

/** The spec of `config`. */
export const configSchema = {
  type: 'object',
  description: "One element from the data of a ConfigMap or Secret in the set's namespace.",
  required: ['kind', 'name'],
  additionalProperties: false,
  properties: {
    kind: { type: 'string', enum: ['ConfigMap', 'Secret'], description: 'What is read.' },
    name: { type: 'string', minLength: 1, maxLength: 253, description: "The object's name." },
  },
} as const satisfies JSONSchema;

/** A valid spec. */
export type ConfigSpec = FromSchema<typeof configSchema>;
