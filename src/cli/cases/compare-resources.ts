import type { Resource } from '../../api/resource.ts';
import { canonicalJson, isObject, type JsonValue, ownValue } from '../../lib/json.ts';
import { parseYamlDocuments, stringifyYaml, YamlError } from '../../lib/yaml.ts';
import { unifiedDiff } from '../file-diff.ts';

/** How rendered resources differ from the expected ones. */
interface Comparison {
  /** Resources that are missing, unexpected or other than expected. */
  readonly differing: number;
  /** Their unified diffs, in the order of what is expected, then of what was rendered; empty without any. */
  readonly diff: string;
}

/**
 * Compares resources with the documents of a YAML text by their values: order, comments and style count for nothing.
 * Throws an Error where the text is no YAML; `file` is the name that it shows.
 */
export function compareResources(expected: string, rendered: readonly Resource[], file: string): Comparison {
  const wanted = byName(readDocuments(expected, file));
  const given = byName(rendered);
  const diffs: string[] = [];
  for (const name of new Set([...wanted.keys(), ...given.keys()])) {
    const [before, after] = [wanted.get(name), given.get(name)];
    if (before !== undefined && after !== undefined && canonicalJson(before) === canonicalJson(after))
      continue;
    const from = before === undefined ? '/dev/null' : `expected/${name}`;
    const to = after === undefined ? '/dev/null' : `rendered/${name}`;
    diffs.push(unifiedDiff(from, to, [write(before), write(after)]));
  }
  return { differing: diffs.length, diff: diffs.join('') };
}

function readDocuments(text: string, file: string): JsonValue[] {
  try {
    return parseYamlDocuments(text).map(({ value }) => value);
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    throw new Error(`${file}:${error.line}:${error.column}: ${error.reason}`, { cause: error });
  }
}

/** The same name twice is told apart by its number, so that nothing is lost. */
function byName(values: readonly JsonValue[]): Map<string, JsonValue> {
  const named = new Map<string, JsonValue>();
  for (const value of values) {
    const name = describe(value);
    let unique = name;
    for (let number = 2; named.has(unique); number++) unique = `${name} (${number})`;
    named.set(unique, value);
  }
  return named;
}

/** Kind, namespace and name, as far as there are any: who expects something may have written anything. */
function describe(value: JsonValue): string {
  if (!isObject(value)) return 'no resource';
  const metadata = ownValue(value, 'metadata');
  const inMetadata = (key: string) => (isObject(metadata) ? ownValue(metadata, key) : undefined);
  const parts = [
    ownValue(value, 'apiVersion'),
    ownValue(value, 'kind'),
    inMetadata('namespace'),
    inMetadata('name'),
  ];
  return parts.filter((part) => typeof part === 'string' && part !== '').join('/') || 'no resource';
}

/** Sorted keys on both sides, so that only values differ. */
function write(value: JsonValue | undefined): string {
  return value === undefined ? '' : stringifyYaml(value, { sortKeys: true });
}
