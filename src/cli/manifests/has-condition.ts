import { isObject, type JsonObject, ownValue } from '../../lib/json.ts';

/** Whether the status of an object from the cluster has a condition of this type and status. */
export function hasCondition(object: JsonObject, type: string, status = 'True'): boolean {
  const written = ownValue(object, 'status');
  const conditions = isObject(written) ? ownValue(written, 'conditions') : undefined;
  if (!Array.isArray(conditions)) return false;
  return conditions.some((it) => isObject(it) && it['type'] === type && it['status'] === status);
}
