import { StalledError } from '../api/errors.ts';
import type { ApplyTargetSpec, GeneratorSet } from '../api/generatorset-schema.ts';
import type { ObjectReader } from '../api/readers.ts';
import { createApplyTarget } from '../apply/apply-target.ts';
import type { ClusterClient } from '../clients/cluster/cluster-client.ts';
import type { StateKeeper, Target } from '../plan/target.ts';
import { openTarget } from '../reconcile/open-target.ts';
import type { World } from '../reconcile/world.ts';
import type { ControllerParts } from './controller-parts.ts';
import type { SetRuntime } from './set-runtime.ts';
import type { Use } from './watched-references.ts';

/** How resources are applied where the set does not say. */
export const APPLY_DEFAULTS: ApplyTargetSpec = { prune: true, force: false, wait: false, timeout: '5m' };

/** What is known of the set whose pass it is. */
export interface SetPlace {
  readonly runtime: SetRuntime;
  readonly client: ClusterClient;
  /** Reads objects of the cluster, and watches them for what they are read for. */
  objectsFor(use: Use): ObjectReader;
  readonly keeper: StateKeeper;
  /** Whether `forceAt` asked for this pass. */
  readonly force: boolean;
}

/** The world of one set's pass: the cluster as the set's identity, the network and repositories as the flags allow. */
export function createClusterWorld(parts: ControllerParts, place: SetPlace): World {
  return {
    generators: parts.generators,
    readers: {
      objects: place.objectsFor('generate'),
      http: parts.http,
      git: parts.trees,
      artifacts: parts.artifacts,
      log: parts.log,
    },
    openTarget: (set, signal) => openClusterTarget(set, { parts, place, signal }),
    now: () => new Date(parts.clock.now()),
    random: parts.random,
    ambient: parts.ambient,
  };
}

async function openClusterTarget(
  set: GeneratorSet,
  { parts, place, signal }: { parts: ControllerParts; place: SetPlace; signal: AbortSignal },
): Promise<Target> {
  const { git, directory } = set.spec.target ?? {};
  if (directory && !parts.gitOptions.allowFile) {
    throw new StalledError(
      'InvalidPath',
      'spec.target.directory: the controller writes no files of its own machine; use git or apply',
    );
  }
  if (git || directory) {
    const objects = place.objectsFor('target');
    return openTarget(set, { objects, gitOptions: parts.gitOptions }, signal);
  }
  return createApplyTarget(applyOptions(set, { parts, place }));
}

/** What the apply target is opened with, also to delete what a set has applied. */
export function applyOptions(
  set: Pick<GeneratorSet, 'metadata' | 'spec'>,
  { parts, place }: { parts: ControllerParts; place: Omit<SetPlace, 'objectsFor'> },
): Parameters<typeof createApplyTarget>[0] {
  return {
    set: { namespace: set.metadata.namespace, name: set.metadata.name },
    spec: set.spec.target?.apply ?? APPLY_DEFAULTS,
    client: place.client,
    discovery: parts.discovery,
    watches: parts.watches,
    applied: place.runtime.applied,
    keeper: place.keeper,
    force: place.force,
    now: parts.clock.monotonic,
  };
}
