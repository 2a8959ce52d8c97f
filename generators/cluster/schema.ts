import type { FromSchema, JSONSchema } from 'json-schema-to-ts';
import { labelSelectorSchema } from '../../src/api/label-selector.ts';

/** The spec of `cluster`. */
export const clusterSchema = {
  type: 'object',
  description:
    'One element for each cluster that is registered as a GitopsCluster or by the Secret of its kubeconfig.',
  additionalProperties: false,
  properties: {
    selector: {
      ...labelSelectorSchema,
      description: 'Takes GitopsClusters by their labels, of all namespaces; absent or {} takes all of them.',
    },
    secretSelector: {
      ...labelSelectorSchema,
      description:
        "Takes Secrets with kubeconfigs by their labels, in the set's namespace; it must name a label.",
    },
  },
} as const satisfies JSONSchema;

/** A valid spec. */
export type ClusterSpec = FromSchema<typeof clusterSchema>;
