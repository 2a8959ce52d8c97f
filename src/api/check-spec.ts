import type { ErrorObject } from 'ajv';
import type { JsonObject } from '../lib/json.ts';
import { compileSchema, type SchemaCheck } from './compile-schema.ts';

/** Compiling takes milliseconds, and a schema is an object that stays. */
const compiled = new WeakMap<object, SchemaCheck>();

/**
 * What is wrong with a generator's spec by its schema, as `field: what it must be`; undefined when nothing is. Fills in
 * the schema's defaults. No value of the spec is shown, since templates may have put it there.
 */
export function checkSpec(spec: JsonObject, schema: object): string | undefined {
  const check = compiled.get(schema) ?? compileSchema(schema);
  compiled.set(schema, check);
  if (check(spec)) return undefined;
  return describeFirst(check.errors ?? []);
}

/** The message of the validator has the rule, never the value. */
function describeFirst([first]: readonly ErrorObject[]): string {
  const field = first?.instancePath.slice(1).replaceAll('/', '.') ?? '';
  const message = first?.message ?? 'is not valid';
  return field === '' ? message : `${field}: ${message}`;
}
