import type { FromSchema, JSONSchema } from 'json-schema-to-ts';

/** The spec of `imagePolicy`. */
export const imagePolicySchema = {
  type: 'object',
  description: 'One element with the latest image of an ImagePolicy of Flux.',
  required: ['policyRef'],
  additionalProperties: false,
  properties: {
    policyRef: {
      type: 'string',
      minLength: 1,
      maxLength: 253,
      description: "The name of the ImagePolicy, in the set's namespace.",
    },
  },
} as const satisfies JSONSchema;

/** A valid spec. */
export type ImagePolicySpec = FromSchema<typeof imagePolicySchema>;
