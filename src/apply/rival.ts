import type { ClusterClient } from '../clients/cluster/cluster-client.ts';
import { isObject, type JsonObject } from '../lib/json.ts';
import type { Place } from './applied-objects.ts';
import { FIELD_MANAGER } from './cluster-access.ts';
import { fieldOf, textOf } from './object-fields.ts';
import { readMetadata } from './read-metadata.ts';

/** Who wrote an object last beside us, from its managed fields. */
export async function describeRival(
  place: Place,
  client: ClusterClient,
  signal: AbortSignal,
): Promise<string> {
  const object = await readMetadata(client, place, signal);
  const last =
    object &&
    managers(object)
      .filter((it) => textOf(it, 'manager') !== FIELD_MANAGER)
      .sort(byTime)
      .at(-1);
  return last ? JSON.stringify(textOf(last, 'manager')) : 'somebody else';
}

/** Whether another manager has updated an object since we changed it last. The server gives whole seconds. */
export function hasUpdatedSince(object: JsonObject, manager: string): boolean {
  const entries = managers(object);
  const ours = entries.find(
    (it) => textOf(it, 'manager') === FIELD_MANAGER && textOf(it, 'operation') === 'Apply',
  );
  if (!ours) return false;
  return entries.some(
    (it) =>
      textOf(it, 'manager') === manager &&
      textOf(it, 'operation') === 'Update' &&
      Date.parse(textOf(it, 'time')) >= Date.parse(textOf(ours, 'time')),
  );
}

function managers(object: JsonObject): JsonObject[] {
  const entries = fieldOf(object, 'metadata', 'managedFields');
  return Array.isArray(entries) ? entries.filter(isObject) : [];
}

function byTime(one: JsonObject, other: JsonObject): number {
  return textOf(one, 'time') < textOf(other, 'time') ? -1 : 1;
}
