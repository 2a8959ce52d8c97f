import type { JsonObject } from '../lib/json.ts';
import { type GeneratorSchemas, generatorSetSchema, KIND } from './generatorset-schema.ts';
import { statusSchema, UNSEEN } from './status.ts';
import { toStructuralSchema } from './structural-schema.ts';

/** The API's group. */
export const GROUP = 'generatorset.dev';
/** The API's only version. */
export const VERSION = 'v1alpha1';
/** The name of the kind in paths and rules. */
export const PLURAL = 'generatorsets';
/** The name of the CustomResourceDefinition. */
export const CRD_NAME = `${PLURAL}.${GROUP}`;

/** Age, Ready and Status as Flux's kinds have them; the others are for `kubectl get -o wide`. */
const COLUMNS = [
  { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
  { name: 'Ready', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
  { name: 'Status', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].message' },
  { name: 'Revision', type: 'string', jsonPath: '.status.lastAppliedRevision', priority: 1 },
  { name: 'Elements', type: 'integer', jsonPath: '.status.elements', priority: 1 },
  { name: 'Suspended', type: 'boolean', jsonPath: '.spec.suspend', priority: 1 },
] as const;

/** The CustomResourceDefinition of GeneratorSet, for the given generators. Nothing in it changes between versions. */
export function customResourceDefinition(
  generators: GeneratorSchemas,
  labels: Readonly<Record<string, string>> = {},
): JsonObject {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: CRD_NAME, labels: { ...labels } },
    spec: {
      group: GROUP,
      names: {
        kind: KIND,
        listKind: `${KIND}List`,
        plural: PLURAL,
        singular: KIND.toLowerCase(),
        shortNames: ['gset'],
        categories: ['all', 'fluxcd', 'fluxcd-appliers'],
      },
      scope: 'Namespaced',
      versions: [
        {
          name: VERSION,
          served: true,
          storage: true,
          additionalPrinterColumns: COLUMNS.map((column) => ({ ...column })),
          subresources: { status: {} },
          schema: { openAPIV3Schema: objectSchema(generators) },
        },
      ],
    },
  };
}

/** The server itself sees to apiVersion, kind and metadata, of which only the name may be restricted. */
function objectSchema(generators: GeneratorSchemas): JsonObject {
  const schema = generatorSetSchema(generators) as JsonObject;
  const name = propertyOf(propertyOf(schema, 'metadata'), 'name');
  return {
    type: 'object',
    description: schema['description'] as string,
    required: ['spec'],
    properties: {
      apiVersion: describedText(propertyOf(schema, 'apiVersion')),
      kind: describedText(propertyOf(schema, 'kind')),
      metadata: { type: 'object', properties: { name: toStructuralSchema(name, 'metadata.name') } },
      spec: toStructuralSchema(propertyOf(schema, 'spec'), 'spec'),
      status: statusObjectSchema(),
    },
  };
}

/**
 * Each condition is of its own, so that two writers of different types do not collide. A set without a status has the
 * default, so that whoever waits for it by kstatus does not go on before a controller has looked at it.
 */
function statusObjectSchema(): JsonObject {
  const status = toStructuralSchema(structuredClone(statusSchema) as unknown as JsonObject, 'status');
  Object.assign(propertyOf(status, 'conditions'), {
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': ['type'],
  });
  return { ...status, default: { observedGeneration: UNSEEN } };
}

function describedText({ description }: JsonObject): JsonObject {
  return { type: 'string', description: description as string };
}

function propertyOf(schema: JsonObject, name: string): JsonObject {
  return (schema['properties'] as Record<string, JsonObject>)[name] as JsonObject;
}
