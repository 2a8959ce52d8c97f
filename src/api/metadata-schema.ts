import type { JSONSchema } from 'json-schema-to-ts';
import { LABEL_PATTERN, NAME_PATTERN } from './patterns.ts';

/** Labels and annotations: Kubernetes refuses anything but strings. */
const texts = { type: 'object', additionalProperties: { type: 'string' } } as const;

const written = 'Written by Kubernetes; ignored here.';

/** What a GeneratorSet's `metadata` may hold, whether a person wrote it or kubectl printed it. */
export const metadataSchema = {
  type: 'object',
  description: 'Name, namespace, labels and annotations, as on every Kubernetes object.',
  required: ['name'],
  additionalProperties: false,
  properties: {
    name: {
      type: 'string',
      description:
        'Name of the set, unique in its namespace. It becomes the value of the label generatorset.dev/name.',
      pattern: NAME_PATTERN,
      maxLength: 63,
    },
    namespace: {
      type: 'string',
      description:
        'Namespace of the set, and of each resource that names none. Default without a cluster: flux-system.',
      pattern: LABEL_PATTERN,
      maxLength: 63,
    },
    labels: { ...texts, description: 'Labels of the set itself.' },
    annotations: {
      ...texts,
      description:
        'Annotations of the set. generatorset.dev/delimiters: "L,R" changes the delimiters of all its templates, ' +
        'generatorset.dev/approve releases a held plan by its digest.',
    },
    finalizers: { type: 'array', items: { type: 'string' }, description: written },
    ownerReferences: { type: 'array', description: written },
    managedFields: { type: 'array', description: written },
    uid: { type: 'string', description: written },
    resourceVersion: { type: 'string', description: written },
    selfLink: { type: 'string', description: written },
    generation: { type: 'integer', description: written },
    creationTimestamp: { description: written },
    deletionTimestamp: { description: written },
    deletionGracePeriodSeconds: { type: 'integer', description: written },
  },
} as const satisfies JSONSchema;
