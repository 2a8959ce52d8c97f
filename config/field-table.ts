import { isObject, type JsonObject, type JsonValue } from '../src/lib/json.ts';
import { describeBounds } from './field-bounds.ts';

/** One field of a JSON Schema, with its whole path: `.spec.generators[].list.elements`. */
export interface Field {
  readonly path: string;
  readonly schema: JsonObject;
  readonly required: boolean;
}

/** A generator that another one runs: its fields are listed where it stands itself. */
const CHILD = /\.generators\[\]\..+\.generators\[\]\.[^.]+$/;

/** Where a page wants the fields below a path: `<!-- fields of .spec.guard -->`, to the end of the table. */
const MARK = /<!-- fields of (\S+) -->\n[\s\S]*?<!-- end of fields -->/g;

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

/**
 * Writes each field into the page, in the table whose mark comes nearest to its path. Throws where a field has none, or
 * a mark has no field: then the page and the schema speak of different things.
 */
export function fillFieldTables(page: string, fields: readonly Field[]): string {
  const marks = [...page.matchAll(MARK)].map(([, path = '']) => path);
  const tables = Map.groupBy(fields, ({ path }) => nearestMark(path, marks));
  const homeless = tables.get(undefined)?.[0];
  if (homeless) throw new Error(`the page has no mark for ${homeless.path}`);
  return page.replace(MARK, (_, path: string) => {
    const own = tables.get(path);
    if (!own) throw new Error(`no field stands below the mark ${path}`);
    return `<!-- fields of ${path} -->\n\n${formatFieldTable(own)}\n\n<!-- end of fields -->`;
  });
}

/** The longest mark that is the path itself, or above it. */
function nearestMark(path: string, marks: readonly string[]): string | undefined {
  const above = marks.filter(
    (mark) =>
      mark === '.' || path === mark || (/^[.[]/.test(path.slice(mark.length)) && path.startsWith(mark)),
  );
  return above.toSorted((a, b) => b.length - a.length)[0];
}

/** A Markdown table of the fields: what they are called, what they hold, within which bounds, and what they mean. */
export function formatFieldTable(fields: readonly Field[]): string {
  const rows = fields.map(({ path, schema, required }) => {
    const meaning = `${required ? 'Required. ' : ''}${String(schema['description'] ?? '')}`.trim();
    return `| ${[code(path), nameType(schema), nameDefault(schema), describeBounds(schema), meaning].map(escapeCell).join(' | ')} |`;
  });
  return ['| Field | Holds | Default | Bounds | Meaning |', '|---|---|---|---|---|', ...rows].join('\n');
}

/** The default of an object is its fields' own; what is empty is shown as it is written. */
function nameDefault({ default: given }: JsonObject): string {
  if (given === undefined || isObject(given)) return '';
  return code(given === '' || Array.isArray(given) ? JSON.stringify(given) : given);
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
