import { isObject, type JsonValue } from '../lib/json.ts';
import { parseYamlDocuments } from '../lib/yaml.ts';
import { hideValues } from './hide-values.ts';
import type { Piece } from './template/compile-template.ts';

/** Such values are a part of one plain scalar wherever they stand in YAML. */
const HARMLESS = /^(?:[A-Za-z0-9_/][A-Za-z0-9_./%-]*)?$/;

/**
 * Guards a leaf of several lines that is YAML itself, such as a JSON patch of a Kustomization: throws when a value
 * makes another structure of it than a word in its place would, or makes it no YAML at all. What toYaml and its kin
 * write may be structure. A leaf that is no YAML, a script for one, may hold anything.
 */
export function checkEmbeddedYaml(pieces: readonly Piece[]): void {
  if (pieces.every(({ kind, text }) => kind !== 'value' || HARMLESS.test(text))) return;
  const intended = tryParse(hideValues(pieces, ({ kind }) => kind === 'value').text);
  if (!intended?.some(isStructure)) return;
  const actual = tryParse(pieces.map(({ text }) => text).join(''));
  if (actual === undefined || !hasShapeOf(actual, intended)) {
    throw new Error(
      'a value changes the structure of the YAML in this text: pass it through toJson, or toYaml where structure is meant',
    );
  }
}

/** The documents of a text; undefined when it is no YAML. */
function tryParse(text: string): JsonValue[] | undefined {
  try {
    return parseYamlDocuments(text).map((document) => document.value);
  } catch {
    return undefined;
  }
}

function isStructure(value: JsonValue): boolean {
  return typeof value === 'object' && value !== null;
}

/** Lists of equal length and maps of equally many keys, all the way down; scalars may differ. */
function hasShapeOf(actual: JsonValue, intended: JsonValue): boolean {
  if (Array.isArray(intended)) {
    return (
      Array.isArray(actual) &&
      actual.length === intended.length &&
      actual.every((item, index) => hasShapeOf(item, intended[index] as JsonValue))
    );
  }
  if (!isObject(intended)) return !isStructure(actual);
  if (!isObject(actual)) return false;
  const [values, wanted] = [Object.values(actual), Object.values(intended)];
  return (
    values.length === wanted.length &&
    values.every((item, index) => hasShapeOf(item, wanted[index] as JsonValue))
  );
}
