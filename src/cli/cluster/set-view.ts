import type { Condition, GeneratorSetStatus } from '../../api/status.ts';
import { isObject, type JsonObject, ownValue } from '../../lib/json.ts';
import { findCondition } from '../../status/conditions.ts';
import { readStatus } from '../../status/read-status.ts';
import { readMetadata, type SetMetadata } from '../../status/set-identity.ts';

/** What the commands tell of a set that stands in a cluster. */
export interface SetView {
  readonly metadata: SetMetadata;
  readonly isSuspended: boolean;
  readonly status: GeneratorSetStatus;
  /** Of its present generation or an earlier one; undefined before the first pass. */
  readonly ready: Condition | undefined;
  /** Where the generation that Ready speaks of is the present one. */
  readonly isCurrent: boolean;
}

/** Reads a set as the API server gives it; what is not of its form is as if it were not there. */
export function viewSet(object: JsonObject): SetView {
  const metadata = readMetadata(object);
  const spec = ownValue(object, 'spec');
  const status = readStatus(ownValue(object, 'status')) ?? {};
  const ready = findCondition(status.conditions, 'Ready');
  return {
    metadata,
    isSuspended: isObject(spec) && ownValue(spec, 'suspend') === true,
    status,
    ready,
    isCurrent: ready?.observedGeneration === metadata.generation,
  };
}
