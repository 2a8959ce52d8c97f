import { isObject, type JsonObject, type JsonValue, ownValue } from '../lib/json.ts';
import { parseOneDocument } from './parse-one-document.ts';
import { FIELD_PATTERN } from './patterns.ts';
import { type Problem, problemsError, quote } from './problem.ts';
import type { ReadyEntry, ReadyTemplate, ReadyValue } from './ready-template.ts';
import type { Path } from './source.ts';
import { createYamlSource } from './yaml-source.ts';

const FIELDS = ['description', 'values', 'templates'];
const VALUE_FIELDS = ['description', 'required', 'default'];
const ENTRY_FIELDS = ['content', 'text', 'repeat'];

/**
 * Reads the text of a `template.yaml`. Throws a StalledError with everything that is wrong, each with its place;
 * `file` is the name that errors show.
 */
export function readReadyTemplate(
  text: string,
  { name, file }: { name: string; file: string },
): ReadyTemplate {
  const yaml = parseOneDocument(text, file);
  const source = createYamlSource(file, text, { yaml });
  const problems = check(yaml.value);
  if (problems.length > 0) throw problemsError(problems, source);
  const { description, values, templates } = yaml.value as JsonObject;
  return {
    name,
    description: String(description),
    values: (values ?? {}) as unknown as Record<string, ReadyValue>,
    templates: templates as unknown as ReadyEntry[],
    source,
  };
}

function check(value: JsonValue): Problem[] {
  if (!isObject(value)) return [{ path: [], message: 'must be an object' }];
  const values = ownValue(value, 'values') ?? {};
  const templates = ownValue(value, 'templates');
  const problems = [...checkFields(value, [], FIELDS), ...checkDescription(value, [])];
  if (isObject(values)) {
    for (const [name, one] of Object.entries(values)) problems.push(...checkValue(name, one));
  } else problems.push({ path: ['values'], message: 'must be an object' });
  if (!Array.isArray(templates) || templates.length === 0)
    return [...problems, { path: ['templates'], message: 'must be a list that is not empty' }];
  return [...problems, ...templates.flatMap(checkEntry)];
}

function checkFields(value: JsonObject, path: Path, known: readonly string[]): Problem[] {
  return Object.keys(value)
    .filter((key) => !known.includes(key))
    .map((key) => ({ path, key, message: `unknown field ${quote(key)}` }));
}

function checkDescription(value: JsonObject, path: Path): Problem[] {
  const description = ownValue(value, 'description');
  if (typeof description === 'string' && description !== '') return [];
  return [{ path, message: 'needs a description' }];
}

function checkValue(name: string, value: JsonValue): Problem[] {
  const path = ['values', name];
  if (!new RegExp(FIELD_PATTERN).test(name))
    return [{ path: ['values'], key: name, message: `${quote(name)} can't be written after .Values` }];
  if (!isObject(value)) return [{ path, message: 'must be an object' }];
  const isRequired = ownValue(value, 'required') === true;
  const problems = [...checkFields(value, path, VALUE_FIELDS), ...checkDescription(value, path)];
  if (isRequired !== Object.hasOwn(value, 'default')) return problems;
  return [...problems, { path, message: 'needs "required: true" or a default, and not both' }];
}

function checkEntry(entry: JsonValue, index: number): Problem[] {
  const path = ['templates', index];
  if (!isObject(entry)) return [{ path, message: 'must be an object' }];
  const problems = checkFields(entry, path, ENTRY_FIELDS);
  const content = ownValue(entry, 'content');
  const text = ownValue(entry, 'text');
  const repeat = ownValue(entry, 'repeat');
  if (repeat !== undefined && typeof repeat !== 'string')
    problems.push({ path: [...path, 'repeat'], message: 'must be a JSONPath' });
  const isOne = text === undefined ? isObject(content) : typeof text === 'string' && content === undefined;
  if (!isOne) problems.push({ path, message: 'needs content, an object, or text' });
  return problems;
}
