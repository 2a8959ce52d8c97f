import { statusSchema } from '../src/api/status.ts';
import type { JsonObject } from '../src/lib/json.ts';
import { type Field, listFields } from './field-table.ts';

/** What a person writes of `metadata`; the rest is Kubernetes' own. */
const METADATA = ['name', 'namespace', 'labels', 'annotations'].map((name) => `.metadata.${name}`);

/** Every field that the specification describes: what a person writes, and what the controller says. */
export function listDocumentedFields(schema: JsonObject): Field[] {
  const fields = listFields(schema).filter(
    ({ path }) => !path.startsWith('.metadata.') || METADATA.includes(path),
  );
  return [...fields, ...listFields(statusSchema as unknown as JsonObject, '.status')];
}
