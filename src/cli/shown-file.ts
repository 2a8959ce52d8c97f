import { isSecret } from '../api/resource.ts';
import { type ShownTexts, showObjects } from '../apply/shown-object.ts';
import { isObject, type JsonValue } from '../lib/json.ts';
import { parseYaml } from '../lib/yaml.ts';
import type { Change } from '../plan/change.ts';

/** What is shown of a text that may hold a Secret and can't be read as one object. */
const UNREADABLE = '***\n';

/**
 * What may be shown of a changed file that holds a Secret, or held one: of its data only the keys, and whether a value
 * differs. Undefined for all other files, which are shown as they are.
 */
export function showSecretFile({ action, before, resource }: Change): ShownTexts | undefined {
  const after = action === 'deleted' ? undefined : resource;
  const old = before === undefined ? undefined : readText(before);
  const isHidden =
    before !== undefined && !isObject(old) && (mentionsSecret(before) || isSecretObject(after));
  if (!isHidden && !isSecretObject(old) && !isSecretObject(after)) return undefined;
  return {
    ...showObjects({ ...(isObject(old) && { before: old }), ...(after && { after }) }),
    ...(isHidden && { before: UNREADABLE }),
  };
}

function isSecretObject(value: JsonValue | undefined): boolean {
  return isObject(value) && isSecret(value);
}

/** Somebody may have put more into the file than one object. */
function mentionsSecret(text: string): boolean {
  return /\bSecret\b/.test(text);
}

function readText(text: string): JsonValue | undefined {
  try {
    return parseYaml(text);
  } catch {
    return undefined;
  }
}
