import type { JsonValue } from '../lib/json.ts';
import { trimEndOf } from '../lib/trim-end.ts';
import { parseYaml, YamlError } from '../lib/yaml.ts';
import { isNotFinite, isOneLinePlain, resolvePlainScalar } from '../lib/yaml-scalar.ts';
import { hideValues } from './hide-values.ts';
import type { Piece } from './template/compile-template.ts';

const UNPRINTABLE = /[\x7f-\x84\x86-\x9f\ufffe\uffff]/g;

/**
 * Reads the output of a leaf whose own text YAML writes without quotes: one scalar of the type that its text
 * shows. Literal text of the template and safe values may be structure; any other value stays inside one scalar,
 * and one that `quote` has quoted is a string. Throws when safe values make no valid YAML.
 */
export function readPlain(pieces: readonly Piece[]): JsonValue {
  const text = pieces.map((piece) => piece.text).join('');
  const trimmed = trimBlanks(text);
  if (trimmed === '' || isOneLinePlain(trimmed)) return resolve(trimmed);
  if (!pieces.some((piece) => piece.isQuoted)) return readHidden(pieces, text);
  try {
    return readHidden(pieces.flatMap(unquotePiece), text);
  } catch (error) {
    // Quotes inside of quotes are text.
    if (error instanceof YamlError) return readHidden(pieces, text);
    throw error;
  }
}

function readHidden(pieces: readonly Piece[], text: string): JsonValue {
  const hidden = hideValues(pieces.map(escapePiece), (piece) => piece.kind === 'value');
  if (isOneLinePlain(trimBlanks(hidden.text))) return text;
  const resolvePlain = (scalar: string) => resolveRestored(scalar, hidden.restore(scalar));
  // toYaml leaves out the last line break, which the leaf's own line brings where the content is one text.
  return restoreAll(parseYaml(`${hidden.text}\n`, { resolvePlain }), hidden.restore);
}

/** JSON may hold characters that YAML takes as escapes only. */
function escapePiece(piece: Piece): Piece {
  if (piece.kind !== 'safe') return piece;
  const text = piece.text.replace(UNPRINTABLE, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
  return { ...piece, text };
}

/** A quoted value as what it quotes, between quotes of the template. */
function unquotePiece(piece: Piece): Piece[] {
  const value = piece.isQuoted ? readQuoted(piece.text) : undefined;
  if (value === undefined) return [piece];
  const quote: Piece = { text: '"', kind: 'literal' };
  return [quote, { text: value, kind: 'value' }, quote];
}

/** What `quote` was given, or `squote`, which escapes nothing. Undefined when there is nothing in quotes. */
function readQuoted(text: string): string | undefined {
  if (text.startsWith("'")) return text.slice(1, -1);
  return text === '' ? undefined : String(parseYaml(text));
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
