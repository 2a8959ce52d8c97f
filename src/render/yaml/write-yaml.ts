import { compareKeys } from '../../lib/compare-keys.ts';
import { isObject, type JsonObject, type JsonValue } from '../../lib/json.ts';
import { checkTextSize } from '../functions/size.ts';
import { spend } from '../values/meter.ts';
import type { NumberMode } from '../values/value.ts';
import { hasBreak } from './scalar-style.ts';
import { writePlain, writeString } from './write-scalar.ts';
import { formatYamlNumber } from './yaml-number.ts';
import {
  checkLength,
  closeToken,
  put,
  putIndent,
  putIndicator,
  startOutput,
  type YamlOutput,
} from './yaml-output.ts';

/** What comparing two keys is counted as. */
const COMPARE_UNITS = 16;

/** How YAML is written. */
export interface YamlStyle {
  /** How numbers print. */
  readonly mode: NumberMode;
  /** Whether long lines are folded, as sigs.k8s.io/yaml does by default. */
  readonly folds?: boolean;
  /** Whether a list below a key is indented, as Helm's toYamlPretty does; not by default. */
  readonly indentsLists?: boolean;
}

/** Where a value stands. */
interface Place {
  /** Columns of the collection around it; -1 at the root. */
  readonly indent: number;
  /** Whether it is the value of a key: a list then stands below it without indentation. */
  readonly inMap: boolean;
}

type Scalar = null | boolean | number | bigint | string;

/** Columns per level. */
const INDENT = 2;
/** Bytes of the longest key that is written as `key: `; longer ones are written as `? key`. */
const LONGEST_SIMPLE_KEY = 128;

/**
 * Writes YAML to the byte as sigs.k8s.io/yaml's Marshal does: keys sorted by `compareKeys`, lists not indented,
 * long lines folded. The exact mode writes plain decimals, and quotes what other readers take for something else.
 * Time and size are linear; throws when the text is larger than one function may make.
 */
export function writeYaml(value: JsonValue, style: YamlStyle): string {
  const { mode, folds = true, indentsLists = false } = style;
  const out = startOutput({ folds, isPortable: mode === 'exact' });
  writeValue({ out, mode, indentsLists }, value, { indent: -1, inMap: false });
  putIndent(out, 0);
  checkTextSize(out.text.length);
  return out.text;
}

/** Comparing keys takes time: it is counted, so that a map of very many is refused in time. */
function compareCounted(left: string, right: string): number {
  spend(COMPARE_UNITS);
  return compareKeys(left, right);
}

/** What all values of one text share. */
interface Writing {
  readonly out: YamlOutput;
  readonly mode: NumberMode;
  readonly indentsLists: boolean;
}

function writeValue(writing: Writing, value: JsonValue, place: Place): void {
  if (Array.isArray(value)) writeList(writing, value, place);
  else if (isObject(value)) writeMap(writing, value, place);
  else writeScalar(writing, value, place);
}

function writeScalar({ out, mode }: Writing, value: Scalar, place: Place): void {
  const scalar = { indent: innerIndent(place.indent) || INDENT, isKey: false };
  if (typeof value === 'string') writeString(out, value.toWellFormed(), scalar);
  else if (value === null || typeof value === 'boolean') writePlain(out, String(value), scalar);
  else writePlain(out, formatYamlNumber(value, mode), scalar);
}

function innerIndent(indent: number): number {
  return indent < 0 ? 0 : indent + INDENT;
}

function writeList(writing: Writing, list: readonly JsonValue[], place: Place): void {
  const { out, indentsLists } = writing;
  if (list.length === 0) writeEmpty(out, '[]');
  const indent = place.inMap && !indentsLists && !out.isFresh ? place.indent : innerIndent(place.indent);
  for (const item of list) {
    putIndent(out, indent);
    putIndicator(out, '-');
    writeValue(writing, item, { indent, inMap: false });
  }
}

function writeMap(writing: Writing, map: JsonObject, place: Place): void {
  const { out } = writing;
  const keys = Object.keys(map);
  if (keys.length === 0) writeEmpty(out, '{}');
  const indent = innerIndent(place.indent);
  checkLength(keys.reduce((sum, key) => sum + indent + key.length + ': \n'.length, out.text.length));
  // Sorted twice, for where Go's order has circles: equal maps must give equal texts.
  for (const key of keys.length > 1 ? keys.sort().sort(compareCounted) : keys) {
    putIndent(out, indent);
    writeKey(out, key.toWellFormed(), indent);
    writeValue(writing, map[key] as JsonValue, { indent, inMap: true });
  }
}

function writeEmpty(out: YamlOutput, brackets: string): void {
  putIndicator(out, brackets);
  closeToken(out);
}

/** A key and its colon; a long one, or one of several lines, in the form `? key`. */
function writeKey(out: YamlOutput, key: string, indent: number): void {
  if (!hasBreak(key) && Buffer.byteLength(key) <= LONGEST_SIMPLE_KEY) {
    writeString(out, key, { indent: indent + INDENT, isKey: true });
    put(out, ':');
    closeToken(out);
    return;
  }
  putIndicator(out, '?');
  writeString(out, key, { indent: indent + INDENT, isKey: false });
  putIndent(out, indent);
  putIndicator(out, ':');
}
