import { parseObjectId } from '../../apply/object-id.ts';
import { isObject, type JsonObject, ownValue } from '../../lib/json.ts';
import type { ResourceName } from './resource-tree.ts';

/** What the status of an object of Flux names. */
export function inventoryOf(object: JsonObject): ResourceName[] {
  const status = ownValue(object, 'status');
  const inventory = isObject(status) ? ownValue(status, 'inventory') : undefined;
  const entries = isObject(inventory) ? ownValue(inventory, 'entries') : undefined;
  if (!Array.isArray(entries)) return [];
  return entries.filter(isObject).flatMap((entry) => nameOf(entry) ?? []);
}

/** The resource of one entry; undefined for what is none. Flux writes the colons of roles' names as `__`. */
export function nameOf(entry: { readonly id?: unknown; readonly v?: unknown }): ResourceName | undefined {
  const { id, v } = entry;
  const parsed = typeof id === 'string' ? parseObjectId(id) : undefined;
  if (!parsed) return undefined;
  const isRole = parsed.group === 'rbac.authorization.k8s.io';
  const name = isRole ? parsed.name.replaceAll('__', ':') : parsed.name;
  return { ...parsed, name, ...(typeof v === 'string' && { version: v }) };
}

/** Whether an object of Flux works on another cluster. */
export function isRemote(object: JsonObject): boolean {
  const spec = ownValue(object, 'spec');
  return isObject(spec) && isObject(ownValue(spec, 'kubeConfig'));
}

/** The text of a field; empty where it is none. */
export function textOf(object: JsonObject, key: string): string {
  const value = ownValue(object, key);
  return typeof value === 'string' ? value : '';
}
