import type { JsonValue } from '../lib/json.ts';
import { trimEndOf } from '../lib/trim-end.ts';
import { parseYaml } from '../lib/yaml.ts';
import { isNotFinite, isOneLinePlain, resolvePlainScalar } from '../lib/yaml-scalar.ts';
import { hideValues } from './hide-values.ts';
import type { Piece } from './template/compile-template.ts';

/**
 * Reads the output of a leaf whose own text YAML writes without quotes: one scalar of the type that its text
 * shows. Literal text of the template and safe values may be structure; any other value stays inside one scalar.
 * Throws when safe values make no valid YAML.
 */
export function readPlain(pieces: readonly Piece[]): JsonValue {
  const text = pieces.map((piece) => piece.text).join('');
  const trimmed = trimBlanks(text);
  if (trimmed === '' || isOneLinePlain(trimmed)) return resolve(trimmed);
  const hidden = hideValues(pieces, (piece) => piece.kind === 'value');
  if (isOneLinePlain(trimBlanks(hidden.text))) return text;
  const resolvePlain = (scalar: string) => resolveRestored(scalar, hidden.restore(scalar));
  return restoreAll(parseYaml(hidden.text, { resolvePlain }), hidden.restore);
}

/** Reads the output of `quote` or `squote`: without the quotes, unless it is more than one quoted scalar. */
export function readQuoted(text: string): string {
  try {
    const value = parseYaml(text);
    return typeof value === 'string' ? value : text;
  } catch {
    return text;
  }
}

/** A scalar that holds no hidden value, or one that leaves it a plain scalar, has the type that it shows. */
function resolveRestored(scalar: string, restored: string): JsonValue {
  const trimmed = trimBlanks(restored);
  return scalar === restored || isOneLinePlain(trimmed) ? resolve(trimmed) : restored;
}

/** Infinity and NaN have no JSON value: they stay text. */
function resolve(text: string): JsonValue {
  return isNotFinite(text) ? text : resolvePlainScalar(text);
}

/** Quoted scalars and keys still hold marks. */
function restoreAll(value: JsonValue, restore: (text: string) => string): JsonValue {
  if (typeof value === 'string') return restore(value);
  if (Array.isArray(value)) return value.map((item) => restoreAll(item, restore));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(
    ([key, item]) => [restore(key), restoreAll(item, restore)] as const,
  );
  return Object.fromEntries(entries);
}

function trimBlanks(text: string): string {
  return trimEndOf(text.replace(/^[ \t]+/, ''), ' \t');
}
