/** A reference to a Secret in the set's own namespace; there is no field for another. */
export const secretReference = {
  type: 'object',
  required: ['name'],
  additionalProperties: false,
  properties: {
    name: { type: 'string', minLength: 1, maxLength: 253, description: "The Secret's name." },
  },
} as const;
