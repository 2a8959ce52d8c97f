import type { JsonValue } from '../../lib/json.ts';
import { toJsonValue } from '../values/to-json-value.ts';
import type { NumberMode, Value } from '../values/value.ts';
import { throughJson } from '../yaml/through-json.ts';
import { writeYaml } from '../yaml/write-yaml.ts';

/**
 * `toYaml` of GitOpsSets and Helm: the YAML of sigs.k8s.io/yaml without its last line break. The exact mode keeps
 * every character, and throws for what has no JSON; the others give nothing then, as Go does.
 */
export function toYaml(value: Value, mode: NumberMode): string {
  const json = mode === 'exact' ? toJsonValue(value) : readAsGo(value);
  return json === undefined ? '' : writeYaml(json, { mode }).replace(/\n$/, '');
}

/** Undefined where Go's Marshal fails. */
function readAsGo(value: Value): JsonValue | undefined {
  try {
    return throughJson(toJsonValue(value));
  } catch (error) {
    if (/^json: unsupported/.test((error as Error).message)) return undefined;
    throw error;
  }
}
