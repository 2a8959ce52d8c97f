import { posix } from 'node:path';
import type { Decision } from '../api/decision.ts';
import type { GeneratedElement } from '../api/element.ts';
import type { LoadedSet } from '../api/read-sets.ts';
import { ElementMemory } from '../generate/element-memory.ts';
import type { DesiredFile } from '../plan/desired-file.ts';
import { type NamedResource, nameId, nameResource } from '../plan/find-resource.ts';
import { forgetOldKeys, keepHeld } from '../plan/keep-held.ts';
import type { InventoryEntry, State } from '../plan/state.ts';
import { generateSet } from '../reconcile/generate-set.ts';
import { nameFiles } from '../reconcile/name-files.ts';
import { readApprovals } from '../reconcile/read-approvals.ts';
import { type RenderedSet, renderElements } from '../reconcile/render-set.ts';
import { setKey } from '../reconcile/schedule.ts';
import { nameChange } from './describe-plan.ts';
import type { Session } from './session.ts';

/** A resource that is rendered now, or one that the target remembers although nothing renders it. */
export interface KnownResource extends NamedResource {
  readonly file?: DesiredFile;
  /** What becomes of a resource that is not rendered, and why. */
  readonly absence?: string;
}

/** A set as a pass would see it now. */
export interface KnownSet {
  readonly resources: readonly KnownResource[];
  /** As the generators give them, by position; they have no decisions yet. */
  readonly elements: readonly GeneratedElement[];
  readonly held: RenderedSet['held'];
  /** The decisions that the target remembers. */
  readonly delivered: readonly Decision[];
}

/** Generates, decides and renders as a pass would do now, with what the target remembers; delivers nothing. */
export async function findKnownResources(loaded: LoadedSet, session: Session): Promise<KnownSet> {
  const { world, signal } = session;
  const { set } = loaded;
  const state = await readState(loaded, session);
  session.printer.progress(`${setKey(loaded)}: generating`);
  const pass = { memory: new ElementMemory(() => performance.now()), all: true, signal };
  const elements = await generateSet(loaded, world, pass);
  const approved = readApprovals(undefined, set.metadata.annotations);
  const { resources, held, elements: states } = renderElements(loaded, elements, { state, approved, world });
  const files = nameFiles(loaded, resources, world);

  const { git, apply } = set.spec.target ?? {};
  const isApplied =
    apply !== undefined || (session.live !== undefined && !git && !set.spec.target?.directory);
  const pathsOf = (path: string): string[] => (isApplied ? [] : [path, posix.join(git?.path ?? '.', path)]);
  const rendered = files.map((file) => ({
    ...nameResource(file.rendered.resource),
    id: file.id,
    paths: pathsOf(file.path),
    file,
  }));
  const ids = new Set(files.map(({ id }) => id));
  // The cluster knows kinds without namespaces that rendering does not.
  const clusterIds = new Set(isApplied ? files.map(({ id }) => id.slice(id.indexOf('_'))) : []);
  const keep = keepHeld(held);
  const absent = (state ? forgetOldKeys(state, states).inventory : [])
    .filter(({ id }) => !ids.has(id) && !clusterIds.has(id))
    .map((entry) => ({
      ...nameId(entry.id),
      id: entry.id,
      paths: pathsOf(entry.path),
      absence: describeAbsence(entry, keep(entry)),
    }));
  return { resources: [...rendered, ...absent], elements, held, delivered: state?.decisions ?? [] };
}

/** What the target remembers; nothing where there is none, or where only the controller knows it. */
export async function readState(
  { set }: LoadedSet,
  { world, live, printer, signal }: Session,
): Promise<State | undefined> {
  const { target } = set.spec;
  if (target?.git || target?.directory || live) {
    printer.progress('reading the target');
    return (await (await world.openTarget(set, signal)).read(signal)).state;
  }
  if (set.spec.tune)
    printer.warning(
      'no target is read: decisions are explained as if there were none before; --live reads the cluster',
    );
  return undefined;
}

function describeAbsence({ id, path }: InventoryEntry, kept: string | undefined): string {
  return kept === undefined
    ? `nothing renders it any more: a pass deletes ${nameChange({ id, path })}, or the guard holds the plan`
    : `it stays as it is, since it is not rendered now: ${kept}`;
}
