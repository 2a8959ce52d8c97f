import type { ErrorObject } from 'ajv';
import { isObject, type JsonObject } from '../lib/json.ts';
import { suggest } from '../lib/suggest.ts';
import { explainPattern } from './patterns.ts';
import { joinWords, quote } from './problem.ts';

/** The types of JSON Schema as people say them. */
const TYPES = new Map([
  ['string', 'a string'],
  ['integer', 'a whole number'],
  ['number', 'a number'],
  ['boolean', 'true or false'],
  ['array', 'a list'],
  ['object', 'an object'],
  ['null', 'empty'],
]);

/** What one keyword of a schema found wrong, and what to write instead. */
export function explainKeyword(error: ErrorObject): string {
  const schema = isSchemaObject(error.parentSchema) ? error.parentSchema : {};
  const explain = EXPLANATIONS[error.keyword];
  return explain
    ? explain({ data: error.data, limit: error.params['limit'], schema })
    : (error.message ?? 'is not valid');
}

/** The types that a schema allows, as words. */
export function typeNames(schema: JsonObject): string[] {
  const type = schema['type'];
  const types = Array.isArray(type) ? type : [type];
  return types.map((name) => nameType(String(name), schema));
}

/** Tells a schema with keywords from the schemas true and false. */
export function isSchemaObject(schema: unknown): schema is JsonObject {
  return isObject(schema);
}

/** One value that breaks one keyword. */
interface Failure {
  readonly data: unknown;
  /** The bound that a length, a count or a number broke. */
  readonly limit: unknown;
  readonly schema: JsonObject;
}

/** By keyword; any other keeps the validator's own words. */
const EXPLANATIONS: Readonly<Record<string, (failure: Failure) => string>> = {
  type: ({ data, schema }) =>
    `is ${describeType(data)}, must be ${joinWords(typeNames(schema), 'or')}${hint(data, schema)}`,
  enum: ({ data, schema }) =>
    explainEnum(data, Array.isArray(schema['enum']) ? schema['enum'].map(String) : []),
  const: ({ data, schema }) => `${show(data)}must be ${quote(String(schema['const']))}`,
  pattern: ({ data, schema }) => explainMismatch(data, schema),
  minLength: ({ data, limit }) => (data === '' ? 'must not be empty' : `is shorter than ${limit} characters`),
  maxLength: ({ limit }) => `is longer than ${limit} characters`,
  minItems: ({ limit }) =>
    limit === 1 ? 'is an empty list, needs at least one entry' : `needs at least ${limit} entries`,
  maxItems: ({ limit }) => `has more than ${limit} entries`,
  uniqueItems: () => 'has the same entry twice',
  minProperties: ({ schema }) => `must not be empty${fieldsOf(schema)}`,
  maxProperties: ({ limit, schema }) =>
    limit === 1 ? `has more than one field${fieldsOf(schema)}` : `has more than ${limit} fields`,
  minimum: ({ data, limit }) => `${show(data)}must be at least ${limit}`,
  maximum: ({ data, limit }) => `${show(data)}must be at most ${limit}`,
};

/** What could be written where nothing, or too much, was. */
function fieldsOf(schema: JsonObject): string {
  const fields = isObject(schema['properties']) ? Object.keys(schema['properties']) : [];
  return fields.length === 0 ? '' : `; give one of ${fields.join(', ')}`;
}

function explainEnum(data: unknown, values: readonly string[]): string {
  const meant = typeof data === 'string' && values.length > 1 ? suggest(data, values) : undefined;
  const message = `${show(data)}must be ${joinWords(values, 'or')}`;
  return meant === undefined ? message : `${message}; did you mean ${quote(meant)}?`;
}

/** A pattern is never shown: it is explained, or else the description of the field says what is meant. */
function explainMismatch(data: unknown, schema: JsonObject): string {
  const known = explainPattern(String(schema['pattern']));
  if (data === '') return known ? `must not be empty, must be ${known.meaning}` : 'must not be empty';
  if (known) return `${show(data)}must be ${known.meaning}`;
  const description = typeof schema['description'] === 'string' ? schema['description'] : '';
  return `${show(data)}must have the form that is described: ${description.split('. ')[0]}`;
}

/** YAML reads `y`, `no` and `1.10` as something else than text. */
function hint(data: unknown, schema: JsonObject): string {
  const needsQuotes =
    typeof data === 'boolean' || (typeof data === 'number' && exampleOf(schema) === undefined);
  return schema['type'] === 'string' && schema['enum'] === undefined && needsQuotes
    ? ': put it in quotes'
    : '';
}

/** A type with an example, or better: the values that are allowed. */
function nameType(type: string, schema: JsonObject): string {
  if (Array.isArray(schema['enum'])) return joinWords(schema['enum'].map(String), 'or');
  const name = TYPES.get(type) ?? type;
  const example = type === 'string' ? exampleOf(schema) : undefined;
  return example === undefined ? name : `${name} such as ${example}`;
}

function exampleOf(schema: JsonObject): string | undefined {
  return typeof schema['pattern'] === 'string' ? explainPattern(schema['pattern'])?.example : undefined;
}

/** What a value is, in the words that name what it must be. */
function describeType(data: unknown): string {
  if (data === null) return 'empty';
  if (Array.isArray(data)) return 'a list';
  if (typeof data === 'bigint') return 'a number beyond 2^53';
  return typeof data === 'object' ? 'an object' : `a ${typeof data}`;
}

/** The value itself, unless it may hold credentials as URLs do. */
function show(data: unknown): string {
  if (typeof data === 'number' || typeof data === 'boolean') return `is ${data}, `;
  if (typeof data !== 'string' || /[@:]/.test(data)) return '';
  return `is ${quote(data)}, `;
}
