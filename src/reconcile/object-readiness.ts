import { API_VERSION } from '../api/generatorset-schema.ts';
import { apiGroup, type Resource } from '../api/resource.ts';
import { isObject, type JsonObject, type JsonValue, ownValue } from '../lib/json.ts';

/** Groups whose objects say by a condition whether they are ready, and are not before they have said so. */
const TELLING_GROUPS = [apiGroup(API_VERSION), 'fluxcd.controlplane.io'];
const FLUX_SUFFIX = '.toolkit.fluxcd.io';

/**
 * Why an object is not ready; undefined when it is. GeneratorSets and Flux's kinds need the condition Ready for their
 * present generation, other kinds where they have it; any other object is ready when it exists.
 */
export function whyNotReady(object: Resource): string | undefined {
  const metadata: JsonObject = object.metadata;
  if (metadata['deletionTimestamp'] !== undefined) return 'is being deleted';
  const status = ownValue(object, 'status');
  const ready = readyCondition(status);
  if (!ready) return tellsReadiness(object) ? 'has no Ready condition yet' : undefined;
  const generation = metadata['generation'];
  if (isOutdated(status, generation) || isOutdated(ready, generation)) {
    return 'has not been looked at since its last change';
  }
  if (ready['status'] === 'True') return undefined;
  const reason = ownValue(ready, 'reason');
  return `has Ready=${String(ready['status'])}${typeof reason === 'string' ? ` (${reason})` : ''}`;
}

function tellsReadiness({ apiVersion }: Resource): boolean {
  const group = apiGroup(apiVersion);
  return TELLING_GROUPS.includes(group) || group.endsWith(FLUX_SUFFIX);
}

function readyCondition(status: JsonValue | undefined): JsonObject | undefined {
  const conditions = isObject(status) ? ownValue(status, 'conditions') : undefined;
  if (!Array.isArray(conditions)) return undefined;
  return conditions.filter(isObject).find((condition) => ownValue(condition, 'type') === 'Ready');
}

/** Whether it speaks of another generation; what does not say which is believed. */
function isOutdated(said: JsonValue | undefined, generation: JsonValue | undefined): boolean {
  const observed = isObject(said) ? ownValue(said, 'observedGeneration') : undefined;
  return observed !== undefined && generation !== undefined && Number(observed) !== Number(generation);
}
