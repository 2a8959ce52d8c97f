import type { Resource } from '../api/resource.ts';
import { isObject, ownValue } from '../lib/json.ts';

/** `generatorset.dev/ssa`: how an object is applied. */
export type ApplyMode = 'Override' | 'Merge' | 'IfNotPresent' | 'Ignore';

const MODES: readonly ApplyMode[] = ['Override', 'Merge', 'IfNotPresent', 'Ignore'];

/** Annotations that steer how one object is applied and deleted. Their values are read without regard to case. */
const SSA = 'generatorset.dev/ssa';
const PRUNE = 'generatorset.dev/prune';
const FORCE = 'generatorset.dev/force';

/** How an object is applied. Throws when its annotation says something unknown: better nothing than the wrong thing. */
export function applyMode(resource: Resource): ApplyMode {
  const value = annotation(resource, SSA);
  if (value === undefined) return 'Override';
  const mode = MODES.find((it) => it.toLowerCase() === value);
  if (mode) return mode;
  throw new Error(`annotation ${SSA} is none of ${MODES.join(', ')}`);
}

/** Whether an object is replaced when a field changes that cannot be changed. */
export function mayReplace(resource: Resource): boolean {
  return annotation(resource, FORCE) === 'enabled';
}

/** Whether an object in the cluster must not be deleted when it is no longer rendered. */
export function isKept(annotations: Readonly<Record<string, string>> | undefined): boolean {
  return annotations !== undefined && Object.hasOwn(annotations, PRUNE)
    ? annotations[PRUNE]?.toLowerCase() === 'disabled'
    : false;
}

function annotation({ metadata }: Resource, name: string): string | undefined {
  const annotations = ownValue(metadata, 'annotations');
  const value = isObject(annotations) ? ownValue(annotations, name) : undefined;
  return typeof value === 'string' ? value.toLowerCase() : undefined;
}
