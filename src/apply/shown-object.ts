import { isSecret, SECRET_FIELDS } from '../api/resource.ts';
import { canonicalJson, isObject, type JsonObject, type JsonValue, ownValue, setOwn } from '../lib/json.ts';
import { stringifyYaml } from '../lib/yaml.ts';

/** An object before and after a change; absent where there is none. */
export interface ObjectPair {
  readonly before?: JsonObject;
  readonly after?: JsonObject;
}

/** The texts that people compare. */
export interface ShownTexts {
  readonly before?: string;
  readonly after?: string;
}

/** What the server keeps about every object, which says nothing of what somebody wants. */
const SERVER_FIELDS = new Set([
  'managedFields',
  'resourceVersion',
  'uid',
  'generation',
  'creationTimestamp',
  'selfLink',
]);

/** Holds the whole object once more, the data of Secrets too. */
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** An object without status and without what the server keeps about it. */
export function withoutServerFields({
  status: _,
  apiVersion = '',
  kind = '',
  ...rest
}: JsonObject): JsonObject {
  const object = { apiVersion, kind, ...rest };
  const metadata = ownValue(rest, 'metadata');
  if (!isObject(metadata)) return object;
  const kept = Object.entries(metadata).filter(([field]) => !SERVER_FIELDS.has(field));
  const annotations = ownValue(metadata, 'annotations');
  const shown = Object.fromEntries(kept) as JsonObject;
  if (isObject(annotations) && Object.hasOwn(annotations, LAST_APPLIED)) {
    const { [LAST_APPLIED]: _applied, ...others } = annotations;
    if (Object.keys(others).length > 0) setOwn(shown, 'annotations', others);
    else delete shown['annotations'];
  }
  return { ...object, metadata: shown };
}

/** Whether two objects are the same to those who wrote them. */
export function isSameObject(one: JsonObject, other: JsonObject): boolean {
  return canonicalJson(withoutServerFields(one)) === canonicalJson(withoutServerFields(other));
}

/** Both objects as YAML. Of a Secret's data only the keys are shown, and whether a value differs. */
export function showObjects(pair: ObjectPair): ShownTexts {
  const before = pair.before && withoutServerFields(pair.before);
  const after = pair.after && withoutServerFields(pair.after);
  const shown = [before, after].some((it) => it && isSecret(it))
    ? maskSecrets({ before, after })
    : { before, after };
  return {
    ...(shown.before && { before: stringifyYaml(shown.before) }),
    ...(shown.after && { after: stringifyYaml(shown.after) }),
  };
}

interface Pair {
  readonly before: JsonObject | undefined;
  readonly after: JsonObject | undefined;
}

function maskSecrets({ before, after }: Pair): Pair {
  return {
    before: before && mask(before, after, 'before'),
    after: after && mask(after, before, 'after'),
  };
}

function mask(object: JsonObject, other: JsonObject | undefined, when: string): JsonObject {
  const masked = { ...object };
  for (const field of SECRET_FIELDS) {
    if (!Object.hasOwn(object, field)) continue;
    const values = object[field];
    if (isObject(values)) masked[field] = maskValues(values, other && ownValue(other, field), when);
    else masked[field] = '***';
  }
  return masked;
}

function maskValues(values: JsonObject, others: JsonValue | undefined, when: string): JsonObject {
  const masked: JsonObject = {};
  for (const [key, value] of Object.entries(values)) {
    const other = isObject(others) ? ownValue(others, key) : undefined;
    const isDifferent = other !== undefined && canonicalJson(other) !== canonicalJson(value);
    setOwn(masked, key, isDifferent ? `*** (${when})` : '***');
  }
  return masked;
}
