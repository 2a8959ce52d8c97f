import type { JsonObject } from '../../lib/json.ts';
import { ownValue, setOwn } from '../../lib/json.ts';
import { type DataFormat, formatData } from '../format-data.ts';
import { metadataOf } from '../manifests/cluster-manifests.ts';

/** Spaces of a level, as kubectl writes JSON. */
const INDENT = 4;

/** A value as JSON or YAML, with a line break at its end. */
export function formatValue(value: JsonObject, format: DataFormat): string {
  return formatData(value, format, INDENT);
}

/** Whether a format is one of data, not a table of columns. */
export function isDataFormat(format: string | undefined): format is DataFormat {
  return format === 'json' || format === 'yaml';
}

/** Objects as kubectl gives them: one alone, several as a List; without managedFields. */
export function toDocument(objects: readonly JsonObject[], { isOne }: { isOne: boolean }): JsonObject {
  const items = objects.map(withoutManagedFields);
  if (isOne && items[0]) return items[0];
  return { apiVersion: 'v1', items, kind: 'List', metadata: { resourceVersion: '' } };
}

/** The object without the notes of who set which field, which are several times as long as the rest. */
function withoutManagedFields(object: JsonObject): JsonObject {
  const metadata = metadataOf(object);
  if (ownValue(metadata, 'managedFields') === undefined) return object;
  const { managedFields: _, ...kept } = metadata;
  const copy = { ...object };
  setOwn(copy, 'metadata', kept);
  return copy;
}
