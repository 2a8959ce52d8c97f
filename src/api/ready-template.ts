import { isObject, type JsonObject, type JsonValue, ownValue } from '../lib/json.ts';
import { suggest } from '../lib/suggest.ts';
import { joinWords, type Problem, quote } from './problem.ts';
import type { Path, Source } from './source.ts';

/** A value that a ready-made template asks for: one without a default must be given. */
export interface ReadyValue {
  readonly description: string;
  readonly required?: boolean;
  readonly default?: JsonValue;
}

/** One of the templates of a ready-made template: `content` or `text`. */
export interface ReadyEntry {
  readonly content?: JsonObject;
  readonly text?: string;
  /** JSONPath over the element; the set's own `repeat` comes before it. */
  readonly repeat?: string;
}

/** A template of the library, which `spec.templates[].from` names. It is Go's dialect with `{{ }}`, whatever the set has. */
export interface ReadyTemplate {
  readonly name: string;
  readonly description: string;
  readonly values: Readonly<Record<string, ReadyValue>>;
  readonly templates: readonly ReadyEntry[];
  /** The library's own file, for the places in errors. */
  readonly source: Source;
}

/** Ready-made templates by name. Nothing is read before the first question. */
export interface TemplateLibrary {
  names(): readonly string[];
  find(name: string): ReadyTemplate | undefined;
}

/** The fields of an entry that names a ready-made template. */
const READY_FIELDS: ReadonlySet<string> = new Set(['from', 'values', 'repeat']);

/** What is wrong with the entries of `spec.templates` that name a ready-made template, or have values without one. */
export function checkReadyTemplates(set: JsonObject, library: TemplateLibrary): Problem[] {
  const spec = ownValue(set, 'spec');
  const templates = isObject(spec) ? ownValue(spec, 'templates') : undefined;
  if (!Array.isArray(templates)) return [];
  return templates.flatMap((template, index) =>
    isObject(template) ? checkTemplate(template, ['spec', 'templates', index], library) : [],
  );
}

function checkTemplate(template: JsonObject, path: Path, library: TemplateLibrary): Problem[] {
  const from = ownValue(template, 'from');
  const values = ownValue(template, 'values');
  if (from === undefined && values !== undefined)
    return [{ path, key: 'values', message: 'values are for a ready-made template: name it with from' }];
  if (typeof from !== 'string') return [];
  const ready = library.find(from);
  if (!ready) return [{ path: [...path, 'from'], message: explainUnknown(from, library.names()) }];
  const given = isObject(values) ? values : {};
  const unknown = findUnknownValues(given, path, ready);
  // What is missing may stand in a field that should not be there.
  const isOther = Object.keys(template).some((key) => !READY_FIELDS.has(key));
  return isOther ? unknown : [...unknown, ...findMissingValues(given, path, ready)];
}

function explainUnknown(name: string, names: readonly string[]): string {
  const meant = suggest(name, names);
  const is = `${quote(name)} is no ready-made template`;
  return meant === undefined
    ? `${is}; there are ${joinWords(names, 'and')}`
    : `${is}; did you mean ${quote(meant)}?`;
}

function findUnknownValues(given: JsonObject, path: Path, { name, values }: ReadyTemplate): Problem[] {
  const known = Object.keys(values);
  return Object.keys(given)
    .filter((key) => !Object.hasOwn(values, key))
    .map((key) => {
      const meant = suggest(key, known);
      const hint =
        meant === undefined ? `its values are ${joinWords(known, 'and')}` : `did you mean ${quote(meant)}?`;
      return { path: [...path, 'values'], key, message: `${name} has no value ${quote(key)}; ${hint}` };
    });
}

/** A key with nothing behind it gives no value. */
function findMissingValues(given: JsonObject, path: Path, { name, values }: ReadyTemplate): Problem[] {
  const place = Object.keys(given).length > 0 ? [...path, 'values'] : [...path, 'from'];
  return Object.entries(values)
    .filter(([key, value]) => value.required && (ownValue(given, key) ?? null) === null)
    .map(([key, { description }]) => ({
      path: place,
      message: `${name} needs the value ${quote(key)}: ${description}`,
    }));
}
