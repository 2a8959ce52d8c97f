import type { FromSchema, JSONSchema } from 'json-schema-to-ts';
import { repositoryProperties } from '../../src/api/repository-schema.ts';

/** The spec of `ociRepository`, field by field that of GitOpsSets. */
export const ociRepositorySchema = {
  type: 'object',
  description: 'Elements from the files or directories that a Flux OCIRepository has fetched.',
  required: ['repositoryRef'],
  additionalProperties: false,
  anyOf: [{ required: ['files'] }, { required: ['directories'] }],
  properties: repositoryProperties,
} as const satisfies JSONSchema;

export type OciRepositorySpec = FromSchema<typeof ociRepositorySchema>;
