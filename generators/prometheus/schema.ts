import type { FromSchema, JSONSchema } from 'json-schema-to-ts';
import { FIELD_PATTERN } from '../../src/api/patterns.ts';
import { secretReference } from '../../src/api/reference-schema.ts';
import { DURATION_PATTERN, MAX_DURATION_LENGTH } from '../../src/lib/duration.ts';

const duration = { type: 'string', pattern: DURATION_PATTERN, maxLength: MAX_DURATION_LENGTH } as const;
const promql = { type: 'string', minLength: 1, maxLength: 16384 } as const;
const count = { type: 'integer', minimum: 0, maximum: 10000 } as const;

/** The spec of `prometheus`. */
export const prometheusSchema = {
  type: 'object',
  description: 'Elements from the series that PromQL queries give, with numbers as numbers.',
  required: ['interval', 'url'],
  additionalProperties: false,
  oneOf: [{ required: ['query'] }, { required: ['queries'] }],
  properties: {
    interval: { ...duration, description: 'Time between two queries, such as 24h or 5m30s.' },
    url: {
      type: 'string',
      pattern: '^https?://',
      maxLength: 2048,
      description:
        'Where Prometheus is, such as http://prometheus:9090; a path before /api/v1 is kept. It must not carry user information; use secretRef.',
    },
    query: { ...promql, description: 'PromQL: one element for each series that it gives.' },
    queries: {
      type: 'object',
      description:
        'Several PromQL queries by the name of the field that gets the value: one element for each set of the labels in joinOn.',
      minProperties: 1,
      maxProperties: 20,
      additionalProperties: promql,
    },
    joinOn: {
      type: 'array',
      description:
        'The labels that join the series of queries to elements. Absent: none, each query gives one series and all are one element.',
      maxItems: 20,
      items: { type: 'string', pattern: FIELD_PATTERN, maxLength: 128 },
    },
    range: {
      type: 'object',
      description: 'Asks for values over time: each element has a list of values, oldest first.',
      required: ['last', 'step'],
      additionalProperties: false,
      properties: {
        last: { ...duration, description: 'How far back, such as 24h.' },
        step: { ...duration, description: 'Time between two values, such as 5m.' },
      },
    },
    timeout: { ...duration, description: 'Time for each query, retries included; 30s by default.' },
    secretRef: {
      ...secretReference,
      description:
        "A Secret in the set's namespace with a bearer token under token, or with username and password.",
    },
    certSecretRef: {
      ...secretReference,
      description:
        "A Secret in the set's namespace with the server's CA under ca.crt, the client's certificate and key under tls.crt and tls.key, or all of them.",
    },
    headers: {
      type: 'object',
      description: 'Headers to send, such as X-Scope-OrgID. Credentials belong in secretRef.',
      maxProperties: 32,
      additionalProperties: { type: 'string', minLength: 1, maxLength: 4096 },
    },
    expect: {
      type: 'object',
      description: 'How many series each query must give; otherwise nothing changes.',
      additionalProperties: false,
      properties: {
        min: { ...count, description: 'At least so many.' },
        max: { ...count, description: 'At most so many.' },
      },
    },
    maxSampleAge: {
      ...duration,
      description:
        'How old the newest sample of each selector in the queries may be; otherwise nothing changes.',
    },
    freshness: {
      ...promql,
      description:
        'PromQL that gives the time of the newest sample in seconds, such as max(timestamp(up)), in place of asking for each selector.',
    },
    onWarnings: {
      type: 'string',
      enum: ['hold', 'accept'],
      description:
        'What an answer with warnings is, which may be partial: hold (the default) makes it an error, which changes nothing; accept makes it an answer.',
    },
    onEmpty: {
      type: 'string',
      enum: ['fail', 'accept'],
      description:
        'What an empty result is: fail (the default) makes it an error, which changes nothing; accept makes it an answer.',
    },
  },
} as const satisfies JSONSchema;

/** A valid spec. */
export type PrometheusSpec = FromSchema<typeof prometheusSchema>;
