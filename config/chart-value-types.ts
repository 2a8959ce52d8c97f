import type { JsonObject } from '../src/lib/json.ts';

/** Values of a chart with fields of their own; others are refused. */
export function group(description: string, properties: JsonObject): JsonObject {
  return { type: 'object', description, additionalProperties: false, properties };
}

/** A value that is on or off. */
export function flag(description: string, value: boolean): JsonObject {
  return { type: 'boolean', description, default: value };
}

/** A whole number within bounds. */
export function count(
  description: string,
  { minimum, maximum, value }: { minimum: number; maximum: number; value: number },
): JsonObject {
  return { type: 'integer', description, minimum, maximum, default: value };
}

/** One of a few words. */
export function choice(description: string, words: readonly [string, ...string[]]): JsonObject {
  return { type: 'string', description, enum: [...words], default: words[0] };
}

/** A text of one line without spaces, unless the pattern says more; empty unless told otherwise. */
export function word(description: string, { pattern = '^\\S*$', value = '' } = {}): JsonObject {
  return { type: 'string', description, pattern, maxLength: 1024, default: value };
}

/** The name of an object; empty: none. */
export function name(description: string, value = ''): JsonObject {
  return word(description, { pattern: '^([a-z0-9]([-a-z0-9.]*[a-z0-9])?)?$', value });
}

/** A quantity of bytes. */
export function bytes(description: string, value: string): JsonObject {
  return word(description, { pattern: '^[0-9]+(\\.[0-9]+)?([KMGT]i|[kMGT])?$', value });
}

/** Texts by keys that a person chooses, such as labels. */
export function texts(description: string, value: JsonObject = {}): JsonObject {
  return { type: 'object', description, additionalProperties: { type: 'string' }, default: value };
}

/** A list, at first empty. */
export function list(description: string, items: JsonObject): JsonObject {
  return { type: 'array', description, maxItems: 100, items, default: [] };
}

/** What Kubernetes reads and checks itself. */
export function ofKubernetes(description: string, value: JsonObject = {}): JsonObject {
  return { type: 'object', description, default: value };
}
