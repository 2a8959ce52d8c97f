import { isObject, type JsonObject, type JsonValue, ownValue } from '../lib/json.ts';

/** One of `status.conditions`, what is absent empty. */
export interface Condition {
  readonly status: string;
  readonly reason: string;
  readonly message: string;
}

/** Characters that are shown of what others wrote into a condition. */
const MAX_TEXT = 300;

/** The field at a path of an object; undefined where there is none. */
export function fieldOf(object: JsonObject, ...path: string[]): JsonValue | undefined {
  let value: JsonValue | undefined = object;
  for (const key of path) value = isObject(value) ? ownValue(value, key) : undefined;
  return value;
}

/** The field as a number, with what an absent one means. */
export function numberOf(object: JsonObject, path: readonly string[], otherwise = 0): number {
  const value = fieldOf(object, ...path);
  return typeof value === 'number' ? value : otherwise;
}

/** The field as text, empty where it is none. */
export function textOf(object: JsonObject, ...path: string[]): string {
  const value = fieldOf(object, ...path);
  return typeof value === 'string' ? value : '';
}

/** The conditions of an object by their type. */
export function conditionsOf(object: JsonObject): ReadonlyMap<string, Condition> {
  const conditions = fieldOf(object, 'status', 'conditions');
  const items = Array.isArray(conditions) ? conditions.filter(isObject) : [];
  return new Map(
    items.map((item) => [
      textOf(item, 'type'),
      {
        status: textOf(item, 'status'),
        reason: cutText(textOf(item, 'reason')),
        message: cutText(textOf(item, 'message')),
      },
    ]),
  );
}

/** Whether a condition is there and holds. */
export function isTrue(condition: Condition | undefined): boolean {
  return condition?.status === 'True';
}

/** Text that others wrote, bounded and on one line. */
export function cutText(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > MAX_TEXT ? `${line.slice(0, MAX_TEXT)}...` : line;
}
