import { resolvePlainScalar } from '../lib/yaml.ts';

/** Values that are looked at for one explanation. */
const MAX_VISITED = 10_000;

/**
 * What a template's error means where a key is missing that YAML 1.1 reads as a boolean, such as `n` or `on`: the
 * element may have it as "false" or "true". Undefined for any other error, and for an element without such a key.
 */
export function explainMissingKey(reason: string, element?: object): string | undefined {
  const word = /map has no entry for key "([A-Za-z]{1,3})"$/.exec(reason)?.[1];
  const value = word === undefined ? undefined : resolvePlainScalar(word);
  if (typeof value !== 'boolean' || (element && !hasKey(element, String(value)))) return undefined;
  return `YAML reads the key ${word} without quotes as ${value}, so write "${word}": in the file`;
}

/** Whether any map of the data has the key. */
function hasKey(data: object, key: string): boolean {
  const open: object[] = [data];
  for (let visited = 0; visited < MAX_VISITED; visited++) {
    const next = open.pop();
    if (next === undefined) return false;
    if (Object.hasOwn(next, key)) return true;
    for (const item of Object.values(next)) if (typeof item === 'object' && item !== null) open.push(item);
  }
  return false;
}
