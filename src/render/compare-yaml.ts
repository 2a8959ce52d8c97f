import { isAlias, isMap, isScalar, isSeq, type Node, type Scalar } from 'yaml';
import { trimEndOf } from '../lib/trim-end.ts';
import { parseYaml } from '../lib/yaml.ts';
import { isNotFinite } from '../lib/yaml-scalar.ts';

/** What stands behind the marks of the intended text. */
export interface Hidden {
  /** Puts the values in place of their marks. */
  readonly restore: (text: string) => string;
  /** Values that bring their own quotes. */
  readonly quoted: ReadonlySet<string>;
}

const MERGE_KEY = '<<';
const BLANKS = /[\s\u0085]+/g;

/**
 * Whether YAML is what was intended, to its tags, anchors and styles: what holds no mark is equal, and a scalar with
 * marks is its own text with the values in it.
 */
export function isSameYaml(actual: unknown, intended: unknown, hidden: Hidden): boolean {
  if (isAlias(intended)) return isAlias(actual) && actual.source === intended.source;
  if (!isSameProperties(actual, intended)) return false;
  if (isMap(intended)) {
    return (
      isMap(actual) &&
      actual.flow === intended.flow &&
      isSameList(actual.items, intended.items, (item, wanted) => {
        return isSameKey(item.key, wanted.key, hidden) && isSameYaml(item.value, wanted.value, hidden);
      })
    );
  }
  if (isSeq(intended)) {
    return (
      isSeq(actual) &&
      actual.flow === intended.flow &&
      isSameList(actual.items, intended.items, (item, wanted) => isSameYaml(item, wanted, hidden))
    );
  }
  if (!isScalar(intended)) return isNothing(actual);
  return isScalar(actual)
    ? isSameScalar(actual, intended, hidden)
    : isNothing(actual) && isEmpty(intended, hidden);
}

/** Whether a key somewhere holds the text. */
export function hasKeyWith(node: unknown, text: string): boolean {
  if (isMap(node)) {
    return node.items.some(({ key, value }) => textOf(key).includes(text) || hasKeyWith(value, text));
  }
  return isSeq(node) && node.items.some((item) => hasKeyWith(item, text));
}

/** `<<` is a key only where the template has it: it puts the keys of another map in its place. */
function isSameKey(actual: unknown, intended: unknown, hidden: Hidden): boolean {
  const isMerge = textOf(actual) === MERGE_KEY && textOf(intended) !== MERGE_KEY;
  return !isMerge && isSameYaml(actual, intended, hidden);
}

function isSameList<T>(
  actual: readonly T[],
  intended: readonly T[],
  isSame: (a: T, b: T) => boolean,
): boolean {
  return actual.length === intended.length && actual.every((item, at) => isSame(item, intended[at] as T));
}

/** A value chooses neither tags nor anchors. */
function isSameProperties(actual: unknown, intended: unknown): boolean {
  const [one, other] = [actual, intended] as [Partial<Scalar> | null, Partial<Scalar> | null];
  return one?.tag === other?.tag && one?.anchor === other?.anchor;
}

function isSameScalar(actual: Scalar, intended: Scalar, { restore, quoted }: Hidden): boolean {
  const text = textOf(actual);
  const wanted = restore(textOf(intended));
  if (wanted === textOf(intended)) return actual.type === intended.type && text === wanted;
  const isQuoted = actual.type === 'QUOTE_DOUBLE' || actual.type === 'QUOTE_SINGLE';
  if (isQuoted && intended.type === 'PLAIN') return quoted.has(wanted) && text === parseYaml(wanted);
  if (actual.type !== intended.type) return false;
  if (isQuoted) return text === wanted;
  if (actual.type === 'PLAIN') return text === trimPlain(wanted) && !isNotFinite(text);
  // The indentation of a block's lines, and how many breaks end it, are the block's own.
  return collapse(text) === collapse(wanted);
}

function isEmpty(intended: Node, { restore }: Hidden): boolean {
  return isScalar(intended) && trimPlain(restore(textOf(intended))) === '';
}

function isNothing(node: unknown): boolean {
  return node === null || node === undefined;
}

function textOf(node: unknown): string {
  return isScalar(node) ? String(node.value ?? '') : '';
}

/** Blanks and line breaks around a plain scalar belong to no scalar. */
function trimPlain(text: string): string {
  return trimEndOf(text.replaceAll('\r\n', '\n').replace(/^[ \t\n]+/, ''), ' \t\n');
}

function collapse(text: string): string {
  return text.replace(BLANKS, ' ').trim();
}
