import { sha256 } from '../lib/digest.ts';
import { isObject, type JsonObject, type JsonValue, ownValue, setOwn } from '../lib/json.ts';
import { parseYaml, stringifyYaml } from '../lib/yaml.ts';
import type { DesiredFile } from './desired-file.ts';
import type { Previous } from './target.ts';

/**
 * Writes each desired file with its keys in the order in which the target's file has them; new keys come last. The API
 * server sorts the keys of a set that it stores, so the controller and a laptop would else each rewrite what the other
 * has written.
 */
export async function keepOrder(
  desired: readonly DesiredFile[],
  previous: Previous,
  signal: AbortSignal,
): Promise<DesiredFile[]> {
  const differing = desired.filter(({ path, text }) => previous.compare(path, text) === 'different');
  if (differing.length === 0) return [...desired];
  const texts = await previous.read(
    differing.map(({ path }) => path),
    signal,
  );
  return desired.map((file) => {
    const before = texts.get(file.path);
    return before === undefined ? file : orderFile(file, before);
  });
}

function orderFile(file: DesiredFile, before: string): DesiredFile {
  const old = parse(before);
  if (old === undefined) return file;
  const text = stringifyYaml(orderLike(file.rendered.resource as JsonObject, old));
  return { ...file, text, digest: sha256(text) };
}

/** Undefined where somebody made the file something that is no YAML. */
function parse(text: string): JsonValue | undefined {
  try {
    return parseYaml(text);
  } catch {
    return undefined;
  }
}

/** The value with its keys in the order of the old one, at every depth. */
function orderLike(value: JsonValue, old: JsonValue | undefined): JsonValue {
  if (Array.isArray(value)) {
    return Array.isArray(old) ? value.map((item, index) => orderLike(item, old[index])) : value;
  }
  if (!isObject(value) || !isObject(old)) return value;
  const shared = Object.keys(old).filter((key) => Object.hasOwn(value, key));
  const ordered: JsonObject = {};
  for (const key of new Set([...shared, ...Object.keys(value)])) {
    setOwn(ordered, key, orderLike(value[key] as JsonValue, ownValue(old, key)));
  }
  return ordered;
}
