import type { JSONSchema } from 'json-schema-to-ts';
import { DURATION_PATTERN, MAX_DURATION_LENGTH } from '../lib/duration.ts';
import { NAME_PATTERN, PRINTABLE_PATTERN } from './patterns.ts';

/** `spec.schedule`: when passes may begin by the clock. */
export const scheduleSchema = {
  type: 'array',
  description:
    'Times at which passes begin. With a schedule, intervals count only within the windows; changes of the set and requests are followed at once.',
  minItems: 1,
  maxItems: 20,
  items: {
    type: 'object',
    description: 'One recurring time.',
    required: ['cron'],
    additionalProperties: false,
    properties: {
      cron: {
        type: 'string',
        description:
          'Minute, hour, day of month, month, day of week: "0 6 * * 1-5"; or @hourly, @daily, @weekly.',
        minLength: 1,
        maxLength: 128,
        pattern: PRINTABLE_PATTERN,
      },
      timeZone: {
        type: 'string',
        description: 'IANA name of the time zone that cron is read in, such as Europe/Berlin.',
        default: 'UTC',
        minLength: 1,
        maxLength: 64,
        pattern: PRINTABLE_PATTERN,
      },
      window: {
        type: 'string',
        description:
          'How long after the time passes may still begin, on intervals or late. 0s: one pass, as soon as it can be.',
        default: '0s',
        pattern: DURATION_PATTERN,
        maxLength: MAX_DURATION_LENGTH,
      },
    },
  },
} as const satisfies JSONSchema;

/** `spec.dependsOn`: what must be ready before a pass begins. */
export const dependsOnSchema = {
  type: 'array',
  description: 'Objects that must be ready before a pass begins. Needs the controller.',
  maxItems: 100,
  items: {
    type: 'object',
    description: 'One object.',
    required: ['name'],
    additionalProperties: false,
    properties: {
      apiVersion: {
        type: 'string',
        description: 'API of the object.',
        default: 'generatorset.dev/v1alpha1',
        minLength: 1,
        maxLength: 317,
        pattern: PRINTABLE_PATTERN,
      },
      kind: {
        type: 'string',
        description: 'Kind of the object.',
        default: 'GeneratorSet',
        minLength: 1,
        maxLength: 63,
        pattern: PRINTABLE_PATTERN,
      },
      name: { type: 'string', description: 'Name of the object.', pattern: NAME_PATTERN, maxLength: 253 },
      namespace: {
        type: 'string',
        description: 'Namespace of the object; default: that of the set.',
        pattern: NAME_PATTERN,
        maxLength: 63,
      },
      readyExpr: {
        type: 'string',
        description:
          'CEL expression over self and dep that says whether the object is ready: "dep.status.ready >= 1". Default: its Ready condition.',
        minLength: 1,
        maxLength: 4096,
      },
    },
  },
} as const satisfies JSONSchema;
