import { type JsonValue, parseJson } from '../../lib/json.ts';
import { parseYaml, YamlError } from '../../lib/yaml.ts';
import { fromJsonValue } from '../values/from-json-value.ts';
import { spend } from '../values/meter.ts';
import { createMap, isMap, type NumberMode, type Value, type ValueMap } from '../values/value.ts';
import { checkArgumentSize } from './size.ts';

/** What one call reads at most: characters of a document, and values with those that aliases repeat. */
const MAX_YAML = 64 * 1024;
const MAX_VALUES = 50_000;
const MAX_JSON = 1024 * 1024;
/** What reading a character of YAML costs, in units of work. */
const YAML_COST = 50;

/** What a document must be at its root. */
type Root = 'map' | 'list';

const GO_ROOT: Readonly<Record<Root, string>> = { map: 'map[string]interface {}', list: '[]interface {}' };

/**
 * Reads a YAML document that is a map, as sigs.k8s.io/yaml does: the last of equal keys wins, and a second
 * document is not looked at. Nothing is an empty map. Throws an Error with its words as far as they are known.
 */
export function readYamlMap(text: string, mode: NumberMode): ValueMap {
  return readYaml(text, 'map', mode) as ValueMap;
}

/** Reads a YAML document that is a list, as `readYamlMap` reads maps. Nothing is an empty list. */
export function readYamlList(text: string, mode: NumberMode): readonly Value[] {
  return readYaml(text, 'list', mode) as readonly Value[];
}

/** Reads a JSON document that is a map. Throws an Error with the words of Go's encoding/json for any other. */
export function readJsonMap(text: string, mode: NumberMode): ValueMap {
  return toRoot(readJson(text), 'map', mode) as ValueMap;
}

/** Reads a JSON document that is a list, as `readJsonMap` reads maps. */
export function readJsonList(text: string, mode: NumberMode): readonly Value[] {
  return toRoot(readJson(text), 'list', mode) as readonly Value[];
}

/** A map that holds nothing but why a text could not be read, as Helm gives it. */
export function errorMap(error: unknown): ValueMap {
  return createMap([['Error', (error as Error).message]]);
}

function readYaml(text: string, root: Root, mode: NumberMode): Value {
  const value = convertYaml(text);
  try {
    return toRoot(value, root, mode);
  } catch (error) {
    const message = `error unmarshaling JSON: while decoding JSON: ${(error as Error).message}`;
    throw new Error(message, { cause: error });
  }
}

function readJson(text: string): JsonValue {
  checkArgumentSize(text, MAX_JSON);
  spend(text.length);
  return parseJson(text);
}

function convertYaml(text: string): JsonValue {
  checkArgumentSize(text, MAX_YAML);
  spend(text.length * YAML_COST);
  try {
    return parseYaml(text, { isLenient: true, maxNodes: MAX_VALUES });
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    const message = `error converting YAML to JSON: yaml: line ${error.line}: ${error.reason}`;
    throw new Error(message, { cause: error });
  }
}

function toRoot(value: JsonValue, root: Root, mode: NumberMode): Value {
  if (value === null) return root === 'map' ? createMap() : [];
  if (root === 'map' ? isMap(value) : Array.isArray(value)) return fromJsonValue(value, mode);
  throw new Error(`json: cannot unmarshal ${jsonType(value)} into Go value of type ${GO_ROOT[root]}`);
}

function jsonType(value: JsonValue): string {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'boolean') return 'bool';
  return typeof value === 'bigint' ? 'number' : typeof value;
}
