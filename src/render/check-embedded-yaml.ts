import type { Node } from 'yaml';
import type { JsonValue } from '../lib/json.ts';
import { parseYamlDocuments, resolvePlainScalar, YamlError } from '../lib/yaml.ts';
import { hasKeyWith, isSameYaml } from './compare-yaml.ts';
import { hideValues } from './hide-values.ts';
import { isMeantAsYaml } from './is-meant-as-yaml.ts';
import type { Piece } from './template/compile-template.ts';

/** Such values are a part of one scalar wherever they stand in YAML, and are read as they are written. */
const HARMLESS = /^(?:[A-Za-z0-9_/][A-Za-z0-9_./%-]*)?$/;

/** Line breaks of YAML 1.1, which readers in Go know, and which the reader here takes for letters. */
const OTHER_BREAKS = /\r\n?|[\u0085\u2028\u2029]/g;

/** Every mark of a hidden value begins with it. */
const MARK = '\ue000';

/** What a text means while its values are hidden. */
interface Intended {
  readonly text: string;
  /** Undefined when the text is no YAML. */
  readonly documents: readonly Node[] | undefined;
  readonly isMeant: boolean;
  readonly hasMarkedKey: boolean;
}

/** Throws when the values of a rendered text change more of its YAML than the scalars that they stand in. */
export type CheckEmbeddedYaml = (pieces: readonly Piece[]) => void;

/**
 * Guards a leaf that is YAML itself, such as a JSON patch of a Kustomization: it is read with words in place of the
 * values and with the values, and both must be the same but for the scalars that hold a value, which must be its
 * text. What toYaml and its kin write may be structure. A leaf that is no YAML, a script for one, may hold
 * anything; one of a single line has to show that it is YAML.
 */
export function createEmbeddedYamlCheck(isOneLine: boolean): CheckEmbeddedYaml {
  // Most renders of a leaf differ in their values only.
  let last: Intended | undefined;
  const intend = (text: string): Intended => {
    if (last?.text !== text) last = readIntended(text, isOneLine);
    return last;
  };
  return (pieces) => {
    if (!pieces.some(({ kind }) => kind === 'value')) return;
    if (checkPieces(pieces, intend)) return;
    // Structure that can't be read, and types that no word has, must not take the guard from the values beside them.
    const plainer = pieces.map(makePlainer);
    if (plainer.some((piece, at) => piece !== pieces[at])) checkPieces(plainer, intend);
  };
}

/** Whether the text was found to be YAML. */
function checkPieces(pieces: readonly Piece[], intend: (text: string) => Intended): boolean {
  const hidden = hideValues(pieces, ({ kind }) => kind === 'value');
  const { documents, isMeant, hasMarkedKey } = intend(hidden.text);
  if (documents === undefined || !isMeant) return documents !== undefined;
  // Even a harmless word may be a key that is there already.
  if (!hasMarkedKey && pieces.every(({ kind, text }) => kind !== 'value' || HARMLESS.test(text))) return true;
  const written = pieces.map(({ kind, text }) =>
    kind === 'value' ? text.replace(OTHER_BREAKS, '\n') : text,
  );
  const actual = tryParse(written.join(''));
  const quoted = new Set(pieces.filter(({ isQuoted }) => isQuoted).map(({ text }) => text));
  const isSame =
    actual?.length === documents.length &&
    actual.every((node, at) => isSameYaml(node, documents[at], { restore: hidden.restore, quoted }));
  if (isSame) return true;
  throw new Error(
    'a value changes the structure of the YAML in this text: pass it through toJson, or toYaml where structure is meant',
  );
}

function readIntended(text: string, isOneLine: boolean): Intended {
  const documents = tryParse(text);
  return {
    text,
    documents,
    isMeant: documents?.some((node) => isMeantAsYaml(node, isOneLine)) ?? false,
    hasMarkedKey: documents?.some((node) => hasKeyWith(node, MARK)) ?? false,
  };
}

/** The documents of a text; undefined when it is no YAML. */
function tryParse(text: string): Node[] | undefined {
  try {
    return parseYamlDocuments(text, { resolvePlain: resolveAny }).map(
      ({ document }) => document.contents as Node,
    );
  } catch (error) {
    if (error instanceof YamlError) return undefined;
    throw error;
  }
}

/** What the template itself holds may be a number that JSON has not. */
function resolveAny(text: string): JsonValue {
  try {
    return resolvePlainScalar(text);
  } catch {
    return text;
  }
}

/** Structure as a word of the template's own, and a type of YAML as one that says nothing. */
function makePlainer(piece: Piece, at: number): Piece {
  if (piece.kind === 'safe') return { text: `structure${at}`, kind: 'literal' };
  if (piece.kind === 'value' || !piece.text.includes('!!')) return piece;
  return { ...piece, text: piece.text.replace(/!!(?:bool|float|int|null)\b/g, '!any') };
}
