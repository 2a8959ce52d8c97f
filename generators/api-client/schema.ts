import type { FromSchema, JSONSchema } from 'json-schema-to-ts';
import { secretReference } from '../../src/api/reference-schema.ts';
import { DURATION_PATTERN } from '../../src/lib/duration.ts';

/** The spec of `apiClient`: GitOpsSets' fields, and certSecretRef, timeout and onEmpty. */
export const apiClientSchema = {
  type: 'object',
  description: 'Elements from the JSON that an HTTP API answers, such as a Prometheus query.',
  required: ['interval', 'endpoint'],
  additionalProperties: false,
  properties: {
    interval: {
      type: 'string',
      pattern: DURATION_PATTERN,
      description: 'Time between two queries, such as 24h or 5m30s.',
    },
    endpoint: {
      type: 'string',
      pattern: '^https?://',
      maxLength: 16384,
      description: 'The URL to ask, with its query. It must not carry user information; use headersRef.',
    },
    method: {
      type: 'string',
      enum: ['GET', 'POST'],
      description: 'The HTTP method; GET by default, and always POST with a body.',
    },
    body: {
      description:
        'Any JSON value, sent as the body with content-type application/json. Makes the method POST.',
    },
    headersRef: {
      type: 'object',
      description: "A Secret or ConfigMap in the set's namespace; each of its keys is sent as a header.",
      required: ['kind', 'name'],
      additionalProperties: false,
      properties: {
        kind: { type: 'string', enum: ['Secret', 'ConfigMap'], description: 'Secret or ConfigMap.' },
        name: { type: 'string', minLength: 1, maxLength: 253, description: "The object's name." },
      },
    },
    secretRef: {
      ...secretReference,
      description:
        "A Secret in the set's namespace with the server's CA in PEM under caFile or ca.crt. It replaces the system's roots.",
    },
    certSecretRef: {
      ...secretReference,
      description:
        "A Secret in the set's namespace with the client's certificate and key under tls.crt and tls.key, and optionally the server's CA under ca.crt.",
    },
    jsonPath: {
      type: 'string',
      minLength: 1,
      maxLength: 1024,
      description:
        "Where the elements are in the answer: a JSONPath in kubectl's dialect that finds one list of objects, such as {.items}. With it singleElement is ignored.",
    },
    singleElement: {
      type: 'boolean',
      description:
        'Whether the whole answer, an object, is the one element. Otherwise it must be a list of objects.',
    },
    timeout: {
      type: 'string',
      pattern: DURATION_PATTERN,
      description: 'Time for the whole query, retries included; 30s by default.',
    },
    onEmpty: {
      type: 'string',
      enum: ['fail', 'accept'],
      description:
        'What an empty Prometheus result is: fail (the default) makes it an error, which changes nothing; accept makes it an answer.',
    },
  },
} as const satisfies JSONSchema;

/** A valid spec. */
export type ApiClientSpec = FromSchema<typeof apiClientSchema>;
