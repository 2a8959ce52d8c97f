import { isObject, type JsonObject, type JsonValue, ownValue, setOwn } from '../lib/json.ts';

/**
 * The value without the field at a path as the API server writes it in conflicts: `.spec.replicas`,
 * `.spec.containers[name="app"].image`, `.metadata.finalizers[="a"]`. What becomes empty goes too. Undefined when
 * there is no such field. Keys of maps may hold dots, so the value decides what the path means.
 */
export function removeField(value: JsonObject, path: string): JsonObject | undefined {
  const removed = remove(value, path);
  return isObject(removed) ? removed : undefined;
}

const NOTHING = Symbol('nothing');
type Removed = JsonValue | typeof NOTHING | undefined;

/** The value without the field; NOTHING when nothing is left, undefined when it has no such field. */
function remove(value: JsonValue, path: string): Removed {
  if (path === '') return NOTHING;
  if (Array.isArray(value)) return removeItem(value, path);
  if (!isObject(value) || !path.startsWith('.')) return undefined;
  for (const key of Object.keys(value)
    .filter((it) => isNext(path, it))
    .sort(byLength)) {
    const rest = remove(value[key] as JsonValue, path.slice(key.length + 1));
    if (rest !== undefined) return withoutKey(value, key, rest);
  }
  return undefined;
}

function isNext(path: string, key: string): boolean {
  return path.startsWith(key, 1) && /^$|^[.[]/.test(path.slice(key.length + 1));
}

function byLength(one: string, other: string): number {
  return other.length - one.length;
}

function withoutKey(object: JsonObject, key: string, rest: JsonValue | typeof NOTHING): Removed {
  const copy: JsonObject = {};
  for (const name of Object.keys(object)) {
    if (name !== key) setOwn(copy, name, object[name]);
    else if (rest !== NOTHING) setOwn(copy, name, rest);
  }
  return Object.keys(copy).length > 0 ? copy : NOTHING;
}

function removeItem(list: JsonValue[], path: string): Removed {
  const selector = readSelector(path);
  if (!selector) return undefined;
  const index = list.findIndex((item, position) => selector.matches(item, position));
  if (index < 0) return undefined;
  const rest = remove(list[index] as JsonValue, selector.rest);
  if (rest === undefined) return undefined;
  if (rest !== NOTHING) return list.with(index, rest);
  return list.length > 1 ? list.toSpliced(index, 1) : NOTHING;
}

interface Selector {
  matches(item: JsonValue, position: number): boolean;
  readonly rest: string;
}

/** `[name="a",port=80]` by keys, `[="a"]` by value, `[3]` by position. */
function readSelector(path: string): Selector | undefined {
  const match = /^\[((?:"(?:[^"\\]|\\.)*"|[^"\]])*)\]/.exec(path);
  if (!match) return undefined;
  const [whole, inner = ''] = match;
  const rest = path.slice(whole.length);
  if (/^\d+$/.test(inner)) return { rest, matches: (_, position) => position === Number(inner) };
  const pairs = [...inner.matchAll(/([^=,]*)=("(?:[^"\\]|\\.)*"|[^,]*)/g)].map(
    ([, key = '', value = '']) => [key, value] as const,
  );
  const matches = (item: JsonValue): boolean =>
    pairs.length > 0 &&
    pairs.every(([key, value]) =>
      isEqual(key === '' ? item : isObject(item) ? ownValue(item, key) : undefined, value),
    );
  return { rest, matches };
}

function isEqual(value: JsonValue | undefined, text: string): boolean {
  return value !== undefined && !isObject(value) && JSON.stringify(value) === text;
}
