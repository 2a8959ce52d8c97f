import { isObject, type JsonObject, type JsonValue } from '../src/lib/json.ts';

/** One field of a JSON Schema, with its whole path: `.spec.generators[].list.elements`. */
export interface Field {
  readonly path: string;
  readonly schema: JsonObject;
  readonly required: boolean;
}

/** A generator that another one runs: its fields are listed where it stands itself. */
const CHILD = /\.generators\[\]\..+\.generators\[\]\.[^.]+$/;

/** Every field that a schema names, parents before their children. */
export function listFields(schema: JsonObject, path = ''): Field[] {
  const items = schema['items'];
  if (isObject(items)) return listFields(items, `${path}[]`);
  const alternatives = Array.isArray(schema['anyOf']) ? schema['anyOf'].filter(isObject) : [];
  const properties = isObject(schema['properties']) ? schema['properties'] : {};
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  return [
    ...Object.entries(properties).flatMap(([name, property]) => {
      if (!isObject(property)) return [];
      const field = { path: `${path}.${name}`, schema: property, required: required.includes(name) };
      return CHILD.test(field.path) ? [field] : [field, ...listFields(property, field.path)];
    }),
    ...alternatives.flatMap((alternative) => listFields(alternative, path)),
  ];
}

/** A Markdown table of the fields: what they are called, what they hold, what they mean. */
export function formatFieldTable(fields: readonly Field[]): string {
  const rows = fields.map(({ path, schema, required }) => {
    const meaning = `${required ? 'Required. ' : ''}${String(schema['description'] ?? '')}`;
    return `| \`${path}\` | ${describeType(schema)} | ${escapeCell(meaning)} |`;
  });
  return ['| Field | Holds | Meaning |', '|---|---|---|', ...rows].join('\n');
}

/** Type and default; the default of an object is its fields' own. */
function describeType(schema: JsonObject): string {
  const given = schema['default'];
  const fallback = given === undefined || isObject(given) ? '' : `; default \`${String(given)}\``;
  return `${nameType(schema)}${fallback}`;
}

/** Values where there are few, types otherwise. */
function nameType(schema: JsonObject): string {
  if (Array.isArray(schema['enum'])) return schema['enum'].map(code).join(', ');
  if (schema['const'] !== undefined) return code(schema['const']);
  if (Array.isArray(schema['anyOf']) && schema['type'] === undefined) {
    return schema['anyOf'].filter(isObject).map(nameType).join(' or ');
  }
  const types = Array.isArray(schema['type']) ? schema['type'] : [schema['type'] ?? 'any'];
  const names = types.map((type) => (type === 'array' ? listOf(schema['items']) : String(type)));
  return names.join(' or ');
}

function listOf(items: JsonValue | undefined): string {
  return isObject(items) && items['type'] !== undefined ? `list of ${nameType(items)}s` : 'list';
}

function code(value: JsonValue): string {
  return `\`${String(value)}\``;
}

/** What Markdown would take for a column, or for HTML. */
function escapeCell(text: string): string {
  return text.replace(/[|<]/g, '\\$&');
}
