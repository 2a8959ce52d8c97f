import type { GeneratedElement } from '../api/element.ts';
import { suggest } from '../lib/suggest.ts';
import { resolvePlainScalar } from '../lib/yaml.ts';

/** Values that are looked at for one explanation. */
const MAX_VISITED = 10_000;

/** Keys of an element that may have been meant. */
const MAX_KEYS = 100;

/** What templates see beside the element. */
const ROOTS = ['Element', 'ElementIndex', 'Repeat', 'RepeatIndex', 'GeneratorSet'];

/**
 * What a template's error means where a key is missing: that YAML 1.1 reads it as a boolean, such as `n` or `on`, so
 * that the element has it as "false" or "true"; or that one of nearly this name is there. Undefined for any other
 * error, and where nothing like it is known.
 */
export function explainMissingKey(
  reason: string,
  generated?: Pick<GeneratedElement, 'element' | 'isSecret'>,
): string | undefined {
  const key = /map has no entry for key "([^"\\]{1,64})"$/.exec(reason)?.[1];
  return key === undefined
    ? undefined
    : (explainBoolean(key, generated?.element) ?? explainNear(key, generated));
}

function explainBoolean(key: string, element?: object): string | undefined {
  const value = /^[A-Za-z]{1,3}$/.test(key) ? resolvePlainScalar(key) : undefined;
  if (typeof value !== 'boolean' || (element && !hasKey(element, String(value)))) return undefined;
  return `YAML reads the key ${key} without quotes as ${value}, so write "${key}": in the file`;
}

/** Of keys that templates can write after a dot; shorter ones are near to all. None of what came from a Secret. */
function explainNear(
  key: string,
  generated?: Pick<GeneratedElement, 'element' | 'isSecret'>,
): string | undefined {
  if (key.length < 3) return undefined;
  const { element = {}, isSecret = false } = generated ?? {};
  const keys = isSecret ? [] : Object.keys(element).slice(0, MAX_KEYS);
  const near = suggest(key, [...ROOTS, ...keys.filter((name) => /^[A-Za-z_]\w{2,62}$/.test(name))]);
  return near === undefined || near === key ? undefined : `did you mean "${near}"?`;
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
