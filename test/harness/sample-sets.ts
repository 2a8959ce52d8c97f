import type { GeneratorSchemas } from '../../src/api/generatorset-schema.ts';
import { readGeneratorSets } from '../../src/api/read-sets.ts';
import { createSetValidator } from '../../src/api/validate-set.ts';
import { DURATION_PATTERN } from '../../src/lib/duration.ts';

/** Schemas of three generators in the forms that real ones have: alternatives, defaults, nested lists. */
export const sampleSchemas: GeneratorSchemas = {
  list: {
    type: 'object',
    description: 'Elements as they stand here.',
    required: ['elements'],
    additionalProperties: false,
    properties: {
      elements: {
        type: 'array',
        description: 'The elements.',
        items: { type: 'object', additionalProperties: true },
      },
    },
  },
  apiClient: {
    type: 'object',
    description: 'Asks an HTTP API.',
    required: ['interval', 'endpoint'],
    additionalProperties: false,
    properties: {
      interval: { type: 'string', description: 'How often.', pattern: DURATION_PATTERN },
      endpoint: { type: 'string', description: 'The URL.', pattern: '^https?://' },
      method: { type: 'string', description: 'The method.', enum: ['GET', 'POST'], default: 'GET' },
      retries: { type: 'integer', description: 'How many.', minimum: 0, maximum: 5 },
      label: { type: 'string', description: 'Two letters. And more.', pattern: '^[a-z]{2}$' },
    },
  },
  gitDirectory: {
    type: 'object',
    description: 'Directories of a repository.',
    required: ['url'],
    additionalProperties: false,
    properties: {
      url: { type: 'string', description: 'The repository.' },
      ref: {
        type: 'object',
        description: 'One of these.',
        additionalProperties: false,
        minProperties: 1,
        maxProperties: 1,
        properties: {
          branch: { type: 'string', description: 'A branch.' },
          tag: { type: 'string', description: 'A tag.' },
        },
      },
      exclude: {
        description: 'Globs.',
        anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' }, minItems: 1 }],
      },
      directories: { type: 'array', description: 'Globs.', items: { type: 'string' }, uniqueItems: true },
      files: { type: 'array', description: 'Globs.', items: { type: 'string' }, maxItems: 2 },
    },
    anyOf: [{ required: ['directories'] }, { required: ['files'] }],
  },
};

/** Validates sets with the sample generators. */
export const validateSample = createSetValidator(sampleSchemas);

/** The text of a GeneratorSet whose spec has these lines, and what else it needs; the spec begins in line 5. */
export function sampleSet(spec: string): string {
  const lines = [
    'apiVersion: generatorset.dev/v1alpha1',
    'kind: GeneratorSet',
    'metadata: {name: test}',
    'spec:',
  ];
  lines.push(...spec.split('\n').map((line) => `  ${line}`));
  if (!/^generators?:/m.test(spec)) lines.push('  generators: [{list: {elements: []}}]');
  if (!/^templates?:/m.test(spec)) lines.push('  templates: [{text: x}]');
  return `${lines.join('\n')}\n`;
}

/** Reads a text as the file `set.yaml`, and gives the sets and the lines of all errors. */
export function readSample(text: string) {
  const { sets, errors } = readGeneratorSets(text, 'set.yaml', { validate: validateSample });
  return { sets, lines: errors.flatMap((error) => error.message.split('\n')) };
}
