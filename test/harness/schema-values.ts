import fc from 'fast-check';
import { isObject, type JsonObject, type JsonValue } from '../../src/lib/json.ts';

/** Values as a cluster keeps them: no floats, whose digits Go may write otherwise. */
const anything: fc.Arbitrary<JsonValue> = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.string({ unit: 'binary', maxLength: 12 }),
    fc.integer(),
    fc.boolean(),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.stringMatching(/^[a-z]{1,4}$/), tie('value'), { maxKeys: 3, noNullPrototype: true }),
  ),
})).value;

/** Values that a JSON Schema accepts, of the constructs that this project's schemas use. */
export function valuesOf(schema: JsonObject): fc.Arbitrary<JsonValue> {
  const { type, anyOf } = schema;
  if (Array.isArray(schema['enum'])) return fc.constantFrom(...schema['enum']);
  if (Array.isArray(type)) return fc.oneof(...type.map((one) => valuesOf({ ...schema, type: one })));
  switch (type) {
    case 'boolean':
      return fc.boolean();
    case 'integer':
      return fc.integer({ min: Number(schema['minimum'] ?? -1000), max: Number(schema['maximum'] ?? 1000) });
    case 'string':
      return textsOf(schema);
    case 'array':
      return listsOf(schema);
    case 'object':
      return objectsOf(schema);
    default:
      return Array.isArray(anyOf) ? fc.oneof(...anyOf.filter(isObject).map(valuesOf)) : anything;
  }
}

/** Not empty: an API server that a newer Go than its own has built takes an empty text of a typed field for null. */
function textsOf({ pattern, minLength = 1, maxLength = 40 }: JsonObject): fc.Arbitrary<string> {
  const longest = Math.min(40, Number(maxLength));
  if (typeof pattern !== 'string')
    return fc.string({ unit: 'binary', minLength: Number(minLength), maxLength: longest });
  return fc.stringMatching(new RegExp(pattern), { maxLength: longest });
}

function listsOf({ items, minItems = 0 }: JsonObject): fc.Arbitrary<JsonValue[]> {
  const least = Number(minItems);
  return fc.array(valuesOf(items as JsonObject), { minLength: least, maxLength: least + 2 });
}

/** Of alternatives that need a field each, exactly one is taken. */
function objectsOf(schema: JsonObject): fc.Arbitrary<JsonObject> {
  const alternatives = schema['oneOf'] ?? schema['anyOf'];
  if (!Array.isArray(alternatives)) return fieldsOf(schema, []);
  const choices = alternatives.map((one) => (one as { required: string[] }).required);
  return fc.oneof(
    ...choices.map((chosen) => {
      const others = new Set(choices.flat().filter((name) => !chosen.includes(name)));
      return fieldsOf(schema, chosen, others);
    }),
  );
}

function fieldsOf(
  schema: JsonObject,
  chosen: readonly string[],
  left: ReadonlySet<string> = new Set(),
): fc.Arbitrary<JsonObject> {
  const { properties, required, maxProperties, additionalProperties } = schema;
  if (!isObject(properties)) {
    const values = isObject(additionalProperties) ? valuesOf(additionalProperties) : anything;
    return fc.dictionary(fc.stringMatching(/^[a-z]{1,4}$/), values, {
      minKeys: 1,
      maxKeys: 3,
      noNullPrototype: true,
    });
  }
  if (maxProperties === 1) {
    return fc.oneof(
      ...Object.entries(properties).map(([name, one]) =>
        fc.record({ [name]: valuesOf(one as JsonObject) }, { noNullPrototype: true }),
      ),
    );
  }
  const names = Object.keys(properties).filter((name) => !left.has(name));
  const fields = Object.fromEntries(names.map((name) => [name, valuesOf(properties[name] as JsonObject)]));
  const requiredKeys = [...((required as string[] | undefined) ?? []), ...chosen];
  return fc.record(fields, { requiredKeys, noNullPrototype: true });
}

/** A value that was right, and is wrong now at one place. */
export interface Spoilt {
  readonly value: JsonValue;
  /** Where, and what was done: `.guard.onEmpty: is 7`. */
  readonly how: string;
}

/** Every way to make a right value wrong at one of its places that a structural schema can tell. */
export function spoilt(schema: JsonObject, value: JsonValue, path = ''): Spoilt[] {
  const here = wrongValues(schema, value).map(([wrong, how]) => ({ value: wrong, how: `${path}: ${how}` }));
  return [...here, ...spoiltItems(schema, value, path), ...spoiltFields(schema, value, path)];
}

function spoiltItems({ items }: JsonObject, value: JsonValue, path: string): Spoilt[] {
  if (!Array.isArray(value) || !isObject(items)) return [];
  return value.flatMap((item, index) =>
    spoilt(items, item, `${path}[${index}]`).map(({ value: wrong, how }) => ({
      value: value.with(index, wrong),
      how,
    })),
  );
}

function spoiltFields({ properties }: JsonObject, value: JsonValue, path: string): Spoilt[] {
  if (!isObject(value) || !isObject(properties)) return [];
  return Object.entries(value).flatMap(([name, field]) =>
    spoilt(properties[name] as JsonObject, field, `${path}.${name}`).map(({ value: wrong, how }) => ({
      value: { ...value, [name]: wrong },
      how,
    })),
  );
}

function wrongValues(schema: JsonObject, value: JsonValue): [JsonValue, string][] {
  const { type } = schema;
  if (type === undefined) return [];
  const wrong: [JsonValue, string][] = [
    [true, 'is true'],
    [{ a: [] }, 'is an object'],
    [[7], 'is a list'],
  ];
  const kinds = { boolean: 0, object: 1, array: 2 } as const;
  const own = typeof type === 'string' && type in kinds ? kinds[type as keyof typeof kinds] : undefined;
  const list = wrong.filter((_, index) => index !== own);
  if (typeof value === 'string') list.push(...wrongTexts(schema));
  if (typeof value === 'number' && schema['minimum'] !== undefined)
    list.push([Number(schema['minimum']) - 1, 'is too small']);
  if (Array.isArray(value) && Number(schema['minItems'] ?? 0) > 0) list.push([[], 'is empty']);
  if (isObject(value)) list.push(...wrongObjects(schema, value));
  return list;
}

function wrongTexts(schema: JsonObject): [JsonValue, string][] {
  const list: [JsonValue, string][] = [];
  if (schema['type'] === 'string') list.push([7, 'is 7']);
  if (schema['enum']) list.push(['Nonsense', 'is none of the words']);
  if (schema['pattern']) list.push(['\u0001', 'does not match']);
  if (schema['maxLength']) list.push(['a'.repeat(Number(schema['maxLength']) + 1), 'is too long']);
  if (schema['minLength']) list.push(['', 'is empty']);
  return list;
}

function wrongObjects(schema: JsonObject, value: JsonObject): [JsonValue, string][] {
  const required = (schema['required'] as string[] | undefined) ?? [];
  const alternatives = (schema['oneOf'] ?? schema['anyOf'] ?? []) as { required: string[] }[];
  const chosen = alternatives.flatMap((one) => one.required).filter((name) => Object.hasOwn(value, name));
  return [...required, ...(chosen.length === 1 ? chosen : [])].map((name) => [
    Object.fromEntries(Object.entries(value).filter(([key]) => key !== name)),
    `lacks ${name}`,
  ]);
}
