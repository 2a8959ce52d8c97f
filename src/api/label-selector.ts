import type { FromSchema, JSONSchema } from 'json-schema-to-ts';
import { isObject, type JsonValue, ownValue } from '../lib/json.ts';
import type { Path } from './source.ts';

/** A label selector, as everywhere in Kubernetes. */
export const labelSelectorSchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    matchLabels: {
      type: 'object',
      description: 'Labels that an object must have, with their values.',
      maxProperties: 50,
      additionalProperties: { type: 'string', maxLength: 63 },
    },
    matchExpressions: {
      type: 'array',
      description: 'Further conditions, all of which must hold.',
      maxItems: 50,
      items: {
        type: 'object',
        required: ['key', 'operator'],
        additionalProperties: false,
        properties: {
          key: { type: 'string', minLength: 1, maxLength: 317, description: "The label's name." },
          operator: {
            type: 'string',
            enum: ['In', 'NotIn', 'Exists', 'DoesNotExist'],
            description: 'How the label is compared; NotIn takes objects without the label too.',
          },
          values: {
            type: 'array',
            description: 'The values of In and NotIn; the others have none.',
            maxItems: 100,
            items: { type: 'string', maxLength: 63 },
          },
        },
      },
    },
  },
} as const satisfies JSONSchema;

/** A valid label selector; without conditions it takes every object. */
export type LabelSelector = FromSchema<typeof labelSelectorSchema>;

type Expression = NonNullable<LabelSelector['matchExpressions']>[number];

// https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set
const LABEL_NAME =
  /^(?:[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const LABEL_VALUE = /^(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;

/** A mistake in a selector: from the selector to the field, and what is wrong there. */
interface SelectorMistake {
  readonly path: Path;
  readonly message: string;
}

/** What the schema cannot say: names and values that no label has, and values where none or some are needed. */
export function checkLabelSelector(selector: LabelSelector): SelectorMistake[] {
  const labels = Object.entries(selector.matchLabels ?? {});
  return [
    ...labels.flatMap(([name, value]) => checkLabel(['matchLabels', name], name, [value])),
    ...(selector.matchExpressions ?? []).flatMap(checkExpression),
  ];
}

function checkExpression({ key, operator, values = [] }: Expression, index: number): SelectorMistake[] {
  const path = ['matchExpressions', index];
  const needsValues = operator === 'In' || operator === 'NotIn';
  const problems = checkLabel(path, key, values);
  if (needsValues && values.length === 0) problems.push({ path, message: `${operator} needs values` });
  if (!needsValues && values.length > 0)
    problems.push({ path: [...path, 'values'], message: `${operator} has no values` });
  return problems;
}

function checkLabel(path: Path, name: string, values: readonly string[]): SelectorMistake[] {
  const problems: SelectorMistake[] = [];
  if (!LABEL_NAME.test(name)) problems.push({ path, message: `${quote(name)} is no name of a label` });
  for (const value of values)
    if (!LABEL_VALUE.test(value)) problems.push({ path, message: `${quote(value)} is no value of a label` });
  return problems;
}

function quote(text: string): string {
  return JSON.stringify(text.slice(0, 80));
}

/**
 * The selector as the API server reads it in `labelSelector`; empty when it takes every object. Throws where it has a
 * mistake, which could mean another selector than was written.
 */
export function formatLabelSelector(selector: LabelSelector): string {
  const [problem] = checkLabelSelector(selector);
  if (problem) throw new Error(`label selector: ${problem.message}`);
  const labels = Object.entries(selector.matchLabels ?? {}).map(([name, value]) => `${name}=${value}`);
  const expressions = (selector.matchExpressions ?? []).map(formatExpression);
  return [...labels, ...expressions].sort().join(',');
}

function formatExpression({ key, operator, values = [] }: Expression): string {
  if (operator === 'Exists') return key;
  if (operator === 'DoesNotExist') return `!${key}`;
  return `${key} ${operator === 'In' ? 'in' : 'notin'} (${values.toSorted().join(',')})`;
}

/** Whether the selector takes an object with these labels; what are no labels is none. */
export function matchesLabels(selector: LabelSelector, labels: JsonValue | undefined): boolean {
  const labelOf = (name: string) => (isObject(labels) ? ownValue(labels, name) : undefined);
  const required = Object.entries(selector.matchLabels ?? {});
  return (
    required.every(([name, value]) => labelOf(name) === value) &&
    (selector.matchExpressions ?? []).every((expression) => meets(expression, labelOf(expression.key)))
  );
}

function meets({ operator, values = [] }: Expression, value: JsonValue | undefined): boolean {
  if (operator === 'Exists') return value !== undefined;
  if (operator === 'DoesNotExist') return value === undefined;
  return values.some((one) => one === value) === (operator === 'In');
}
