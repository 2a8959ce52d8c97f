import { createRequire } from 'node:module';
import type { ErrorObject, Options, ValidateFunction } from 'ajv';
import { sha256 } from '../lib/digest.ts';
import type { JsonObject } from '../lib/json.ts';
import { shareSchemas } from './share-schemas.ts';

/** Says whether an object fits the schema, and puts the defaults into it; what is wrong is in `errors`. */
export interface SchemaCheck {
  (value: JsonObject): boolean;
  errors?: ErrorObject[] | null;
}

/** How schemas are compiled, now or by `npm run generate`. */
export const SCHEMA_OPTIONS = {
  allErrors: true,
  allowUnionTypes: true,
  // What is shared is one function, and not copied to each place.
  inlineRefs: false,
  ownProperties: true,
  strict: true,
  strictRequired: false,
  useDefaults: true,
  verbose: true,
} as const satisfies Options;

/** Compiling takes half of the time that a start has: the schema of this version's generators is compiled already. */
const COMPILED = './compiled-schema.cjs';
/** All others are compiled when they are needed. */
const COMPILER = './schema-compiler.cjs';

/** Compiles a schema; loads what is compiled already where it is of this very schema. */
export function compileSchema(schema: object): SchemaCheck {
  const require = createRequire(import.meta.url);
  const compiled = require(COMPILED) as SchemaCheck & { digest: string };
  if (compiled.digest === digestSchema(schema)) return compiled;
  const { Ajv } = require(COMPILER) as typeof import('ajv');
  return new Ajv(SCHEMA_OPTIONS).compile(shareSchemas(schema as JsonObject)) as ValidateFunction<JsonObject>;
}

/** Tells schemas apart. */
export function digestSchema(schema: object): string {
  return sha256(JSON.stringify(schema));
}
