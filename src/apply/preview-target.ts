import type { ApplyTargetSpec } from '../api/generatorset-schema.ts';
import { objectPath } from '../clients/cluster/paths.ts';
import { sha256 } from '../lib/digest.ts';
import type { Change } from '../plan/change.ts';
import type { DesiredFile } from '../plan/desired-file.ts';
import type { State } from '../plan/state.ts';
import type { Previous, Target } from '../plan/target.ts';
import { AppliedObjects } from './applied-objects.ts';
import { type ClusterAccess, PARALLEL } from './cluster-access.ts';
import { type Compared, type CompareOptions, isRealChange, toChanges } from './compare-objects.ts';
import { type Decision, decideAll } from './decide.ts';
import { prepareObjects } from './desired-object.ts';
import { inParallel } from './in-parallel.ts';
import type { SetName } from './owner.ts';
import { type ObjectPreview, type PreviewContext, previewObject } from './preview-object.ts';
import { decideRemovals, locate, type Removal } from './removals.ts';
import { showObjects } from './shown-object.ts';

/** What a preview is made with. */
export interface PreviewTargetOptions extends Pick<ClusterAccess, 'client' | 'discovery'> {
  readonly set: SetName;
  readonly spec: ApplyTargetSpec;
  /** For people, without credentials. */
  readonly description: string;
  /** What the set remembers; asked once for each read. */
  readState(signal: AbortSignal): Promise<State | undefined>;
  /** Milliseconds of the monotonic clock. */
  now(): number;
}

/**
 * The cluster as a target that only tells what applying would change: the server tries every object that is not as it
 * is rendered, and nothing is written. It decides as a controller does that has just begun; it watches nothing.
 */
export function createPreviewTarget(options: PreviewTargetOptions): Target {
  const { set, description } = options;
  return {
    key: `cluster/${set.namespace}/${set.name}`,
    description,
    async read(signal) {
      const state = await options.readState(signal);
      return { ...(state && { state }), compare: () => 'absent', read: async () => new Map() };
    },
    async compare(files, previous, { keep, signal, set: source }) {
      const applied = new AppliedObjects({ onDrift: () => {} });
      const { spec } = options;
      const context = { ...options, watches: NO_WATCHES, applied, keep, signal };
      const preview = { ...context, force: spec.force, ...(source && { source }) };
      return compareByTrying(files, previous, preview);
    },
    async deliver() {
      throw new Error('a preview delivers nothing');
    },
  };
}

/** Nothing is watched: every object is read. */
const NO_WATCHES: ClusterAccess['watches'] = {
  acquire() {
    throw new Error('a preview watches nothing');
  },
  async close() {},
};

type TryContext = CompareOptions & PreviewContext;

async function compareByTrying(
  files: readonly DesiredFile[],
  { state }: Previous,
  context: TryContext,
): Promise<{ changes: Change[]; isReal: boolean }> {
  const objects = await prepareObjects(files, context);
  const wanted = new Set(objects.map(({ id }) => id));
  const stale = (state?.inventory ?? []).filter(({ id }) => !wanted.has(id));
  const tracked = await locate(stale, context);
  const decisions = await decideAll(objects, context);
  const removals = await decideRemovals(tracked, { prune: context.spec.prune, keep: context.keep }, context);
  const previews = await previewAll(decisions, context);
  const compared: Compared = {
    decisions: decisions.map((decision, index) => settle(decision, previews[index] as ObjectPreview)),
    removals,
    revision: sha256(''),
  };
  const texts = await showRemovals(removals, context);
  const byId = new Map([
    ...decisions.map(({ object }, index) => [object.id, describe(previews[index] as ObjectPreview)] as const),
    ...texts,
  ]);
  return {
    changes: toChanges(compared, () => () => []).map((change) => ({ ...change, ...byId.get(change.id) })),
    isReal: isRealChange(compared, state),
  };
}

async function previewAll(decisions: readonly Decision[], context: TryContext): Promise<ObjectPreview[]> {
  const coming = new Set(
    decisions
      .filter(({ object: { resource }, action }) => resource.kind === 'Namespace' && action === 'created')
      .map(({ object }) => object.resource.metadata.name),
  );
  const previews = new Map<Decision, ObjectPreview>();
  await inParallel(decisions, PARALLEL, async (decision) => {
    previews.set(decision, await previewObject(decision, coming, context));
  });
  return decisions.map((decision) => previews.get(decision) as ObjectPreview);
}

/** The decision as the server let it be. */
function settle(decision: Decision, { action, reason, failure }: ObjectPreview): Decision {
  const { reason: _, failure: _failure, ...rest } = decision;
  const why = failure?.reason ?? reason;
  return { ...rest, action, ...(why !== undefined && { reason: why }), ...(failure && { failure }) };
}

function describe({ shown, evidence, failure }: ObjectPreview): Partial<Change> {
  return { shown, evidence, ...(failure && { isRefused: true }) };
}

/** What would be deleted, as it is. */
async function showRemovals(
  removals: readonly Removal[],
  { client, signal }: TryContext,
): Promise<[string, Partial<Change>][]> {
  const shown: [string, Partial<Change>][] = [];
  await inParallel(removals, PARALLEL, async ({ entry, action, place, failure }) => {
    if (failure) shown.push([entry.id, { isRefused: true }]);
    if (action !== 'deleted' || !place) return;
    const path = objectPath(place.kind, place.namespace, place.name);
    const before = await client.request({ method: 'GET', path }, signal);
    shown.push([entry.id, { shown: showObjects({ before }) }]);
  });
  return shown;
}
