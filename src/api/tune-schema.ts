import type { JSONSchema } from 'json-schema-to-ts';
import { DURATION_PATTERN, MAX_DURATION_LENGTH } from '../lib/duration.ts';
import { FIELD_PATTERN, QUANTITY_PATTERN, SHARE_OR_QUANTITY_PATTERN, SHARE_PATTERN } from './patterns.ts';

const quantity = { type: ['integer', 'string'], minimum: 0, pattern: QUANTITY_PATTERN } as const;

/** `spec.tune`: decisions, each of which sets one field of the element. */
export const tuneSchema = {
  type: 'array',
  description:
    'Decisions: each turns a number into a value of the element, by rules that know the value before. They need elements with keys, or exactly one element.',
  maxItems: 20,
  items: {
    type: 'object',
    description: 'One decision. Its rules are applied in the order in which they stand here.',
    required: ['name', 'from'],
    additionalProperties: false,
    properties: {
      name: {
        type: 'string',
        description: 'The field of .Element that gets the value, unique in the set.',
        pattern: FIELD_PATTERN,
        maxLength: 63,
      },
      from: {
        type: 'string',
        description: 'Template of the input: bytes, cores or a number, such as "{{ .Element.value }}".',
        minLength: 1,
        maxLength: 4096,
      },
      usage: {
        type: 'string',
        description:
          'Template of the PromQL that gives the real usage of one element over time. Only backtest asks it.',
        minLength: 1,
        maxLength: 16384,
      },
      unit: {
        type: 'string',
        description:
          'What is decided: memory (bytes, written with Ki, Mi ...), cpu (cores, written with m), a number or an integer without a suffix. Absent: memory or cpu, by the suffixes of roundUp, min and max.',
        enum: ['memory', 'cpu', 'number', 'integer'],
      },
      margin: {
        type: 'string',
        description: 'Added to the input, such as 20%.',
        pattern: SHARE_PATTERN,
        default: '0%',
      },
      increaseOnly: {
        type: 'boolean',
        description: 'Never gives less than the value before.',
        default: false,
      },
      minChange: {
        type: ['integer', 'string'],
        description:
          'Smaller changes are not made: a share of the value before such as 10%, or a quantity such as 32Mi.',
        minimum: 0,
        pattern: SHARE_OR_QUANTITY_PATTERN,
      },
      cooldown: {
        type: 'string',
        description: 'The value is not decreased so soon after it changed; increases are made at once.',
        pattern: DURATION_PATTERN,
        maxLength: MAX_DURATION_LENGTH,
      },
      maxDecrease: {
        type: 'string',
        description: 'The largest decrease at a time, as a share of the value before such as 20%.',
        pattern: SHARE_PATTERN,
      },
      roundUp: {
        ...quantity,
        description:
          'The value is a multiple of this, rounded up: 16Mi, 10m. Absent: 1Mi for memory, 1m for cpu, 1 for an integer.',
      },
      min: { ...quantity, description: 'The least value; rounded up to a multiple of roundUp.' },
      max: { ...quantity, description: 'The largest value; rounded down to a multiple of roundUp.' },
    },
  },
} as const satisfies JSONSchema;
