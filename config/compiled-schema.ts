import { Ajv } from 'ajv';
import standalone from 'ajv/dist/standalone/index.js';
import { digestSchema, SCHEMA_OPTIONS } from '../src/api/compile-schema.ts';
import { shareSchemas } from '../src/api/share-schemas.ts';
import type { JsonObject } from '../src/lib/json.ts';

const HEADER = `// Written by npm run generate.
// biome-ignore-all lint: generated
// biome-ignore-all format: generated
`;

/** The check of a schema as a module of its own, with the digest that says which schema it is of. */
export function compileToModule(schema: object): string {
  const ajv = new Ajv({ ...SCHEMA_OPTIONS, code: { source: true } });
  const code = standalone.default(ajv, ajv.compile(shareSchemas(schema as JsonObject)));
  return `${HEADER}${code};module.exports.digest = ${JSON.stringify(digestSchema(schema))};\n`;
}
