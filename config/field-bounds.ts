import { explainPattern } from '../src/api/patterns.ts';
import { isObject, type JsonObject, type JsonValue } from '../src/lib/json.ts';

/** Pairs of keywords for the least and the most of something, with its name; a plain number has none. */
const RANGES = [
  ['minLength', 'maxLength', ' characters'],
  ['minItems', 'maxItems', ' entries'],
  ['minProperties', 'maxProperties', ' fields'],
  ['minimum', 'maximum', ''],
] as const;

/** What a value must be beyond its type, in words: its form, its size, and which of its fields go together. */
export function describeBounds(schema: JsonObject): string {
  const { pattern } = schema;
  return [
    typeof pattern === 'string' ? (explainPattern(pattern)?.meaning ?? `\`${pattern}\``) : '',
    ...RANGES.map(([least, most, name]) => describeRange(schema[least], schema[most], name)),
    describeChoice('exactly one of', schema['oneOf']),
    describeChoice('at least one of', schema['anyOf']),
    describeInner('each: ', schema['items']),
    describeInner('each: ', schema['additionalProperties']),
  ]
    .filter((part) => part !== '')
    .join('; ');
}

/** `1 to 20 entries`, `at most 64 characters`; what must have at least one is `not empty`. */
function describeRange(least: JsonValue | undefined, most: JsonValue | undefined, name: string): string {
  if (least === undefined) return most === undefined ? '' : `at most ${format(most)}${name}`;
  if (most === undefined)
    return least === 1 && name !== '' ? 'not empty' : `at least ${format(least)}${name}`;
  return `${format(least)} to ${format(most)}${name}`;
}

function format(value: JsonValue): string {
  return Number(value).toLocaleString('en-US');
}

/** Alternatives that require one field each; other alternatives are types, which stand elsewhere. */
function describeChoice(words: string, alternatives: JsonValue | undefined): string {
  if (!Array.isArray(alternatives)) return '';
  const names = alternatives.flatMap((entry) =>
    isObject(entry) && Array.isArray(entry['required']) ? entry['required'] : [],
  );
  return names.length === 0 ? '' : `${words} ${names.map((name) => `\`${String(name)}\``).join(', ')}`;
}

/** Bounds of the values in a list or a map; those of objects stand beside their fields. */
function describeInner(words: string, inner: JsonValue | undefined): string {
  if (!isObject(inner) || inner['type'] === 'object') return '';
  const bounds = describeBounds(inner);
  return bounds === '' ? '' : `${words}${bounds}`;
}
