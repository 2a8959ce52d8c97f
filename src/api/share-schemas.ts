import { isObject, type JsonObject, type JsonValue } from '../lib/json.ts';

/**
 * The same schema with each object that stands in it several times, as the schemas of generators do that others run,
 * written once and referred to: a validator then has one function for it. What is an object of its own stays in place.
 */
export function shareSchemas(schema: JsonObject): JsonObject {
  const names = nameRepeated(schema);
  const definitions: JsonObject = {};
  for (const [repeated, name] of names) definitions[name] = copy(repeated, names, repeated);
  const shared = copy(schema, names, schema);
  return names.size === 0 ? shared : { ...shared, definitions };
}

/** The schemas of whole objects that are found a second time, each with a name. */
function nameRepeated(schema: JsonObject): Map<JsonObject, string> {
  const seen = new Set<JsonObject>();
  const names = new Map<JsonObject, string>();
  const visit = (value: JsonValue): void => {
    if (Array.isArray(value)) for (const item of value) visit(item);
    if (!isObject(value)) return;
    if (!seen.has(value)) for (const inner of Object.values(value)) visit(inner);
    else if (isWhole(value) && !names.has(value)) names.set(value, `shared${names.size}`);
    seen.add(value);
  };
  visit(schema);
  return names;
}

/** Small schemas are cheaper in their place. */
function isWhole({ type, properties }: JsonObject): boolean {
  return type === 'object' && isObject(properties);
}

function copy(schema: JsonObject, names: ReadonlyMap<JsonObject, string>, self: JsonObject): JsonObject {
  const copyValue = (value: JsonValue): JsonValue => {
    if (Array.isArray(value)) return value.map(copyValue);
    if (!isObject(value)) return value;
    const name = value === self ? undefined : names.get(value);
    if (name !== undefined) return { $ref: `#/definitions/${name}` };
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, copyValue(inner)]));
  };
  return copyValue(schema) as JsonObject;
}
