import { isObject, type JsonObject, type JsonValue, ownValue, setOwn } from '../lib/json.ts';

/** Keywords that mean the same in both. */
const SHARED = new Set([
  'default',
  'description',
  'enum',
  'maximum',
  'maxItems',
  'maxLength',
  'maxProperties',
  'minimum',
  'minItems',
  'minLength',
  'minProperties',
  'required',
]);

/** What Go's regular expressions cannot: look-around, back-references, names of groups as JavaScript writes them. */
const NOT_GO = /\(\?(?:[=!]|<)|\\(?:[1-9]|k<|c)/;

/**
 * The structural schema of Kubernetes (`openAPIV3Schema`) that accepts everything the JSON Schema does, and refuses
 * as much of the rest as it can. Unknown fields are no error there but pruned, so that `additionalProperties: false`
 * vanishes; a value that may be a string or a list is not looked into. Throws where it does not know a construct.
 * https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema
 */
export function toStructuralSchema(schema: JsonObject, path = 'schema'): JsonObject {
  const structural: JsonObject = {};
  for (const [keyword, value] of Object.entries(schema)) {
    if (SHARED.has(keyword)) structural[keyword] = value;
    else Object.assign(structural, convertKeyword(keyword, value, path));
  }
  if (holdsAnything(schema)) structural['x-kubernetes-preserve-unknown-fields'] = true;
  // The server drops a null that no schema asks for.
  if (schema['type'] === undefined) structural['nullable'] = true;
  if (schema['type'] === 'array' && !schema['items']) throw new Error(`${path}: a list without items`);
  return structural;
}

function convertKeyword(keyword: string, value: JsonValue, path: string): JsonObject {
  switch (keyword) {
    case 'type':
      return convertType(value, path);
    case 'const':
      return { enum: [value] };
    case 'pattern':
      return { pattern: toGoPattern(String(value), path) };
    case 'properties':
      return { properties: convertProperties(value as JsonObject, path) };
    case 'items':
      return { items: toStructuralSchema(value as JsonObject, `${path}[]`) };
    case 'additionalProperties':
      return isObject(value) ? { additionalProperties: toStructuralSchema(value, `${path}.*`) } : {};
    case 'anyOf':
    case 'oneOf':
      return convertAlternatives(keyword, value as JsonObject[], path);
    default:
      throw new Error(`${path}: a structural schema has no ${JSON.stringify(keyword)}`);
  }
}

function convertType(type: JsonValue, path: string): JsonObject {
  if (typeof type === 'string') return { type };
  const types = Array.isArray(type) ? type.toSorted().join() : '';
  if (types !== 'integer,string') throw new Error(`${path}: a structural schema has one type`);
  return { anyOf: [{ type: 'integer' }, { type: 'string' }], 'x-kubernetes-int-or-string': true };
}

function convertProperties(properties: JsonObject, path: string): JsonObject {
  const converted: JsonObject = {};
  for (const [name, property] of Object.entries(properties))
    setOwn(converted, name, toStructuralSchema(property as JsonObject, `${path}.${name}`));
  return converted;
}

/** Alternatives may ask for fields; alternatives of the type itself cannot be said. */
function convertAlternatives(keyword: string, alternatives: readonly JsonObject[], path: string): JsonObject {
  if (alternatives.every(isRequirement)) return { [keyword]: [...alternatives] };
  if (alternatives.every((alternative) => ownValue(alternative, 'type') !== undefined)) return {};
  throw new Error(`${path}: a structural schema has no such ${keyword}`);
}

function isRequirement(alternative: JsonObject): boolean {
  return Object.keys(alternative).join() === 'required';
}

/** Without a type every value is right; an object that names no fields may have any. */
function holdsAnything({ type, properties, additionalProperties }: JsonObject): boolean {
  if (type === undefined) return true;
  if (type !== 'object') return false;
  return additionalProperties === true || (additionalProperties === undefined && properties === undefined);
}

/** The API server's regular expressions are Go's, which write a character by its number as `\x{1f}`. */
function toGoPattern(pattern: string, path: string): string {
  if (NOT_GO.test(pattern)) throw new Error(`${path}: Go has no such regular expression: ${pattern}`);
  return pattern.replace(/\\u([0-9a-f]{4})/gi, '\\x{$1}');
}
