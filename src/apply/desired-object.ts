import { BUILD_FAILED } from '../api/reasons.ts';
import { apiGroup, describeResource, type Resource, resourceId } from '../api/resource.ts';
import type { ApiKind, Discovery } from '../clients/cluster/discovery.ts';
import { sha256 } from '../lib/digest.ts';
import { isObject, ownValue, stringifyJson } from '../lib/json.ts';
import type { DesiredFile } from '../plan/desired-file.ts';
import { DeliveryError } from '../plan/target.ts';
import { isAbort } from './abort.ts';
import type { Place } from './applied-objects.ts';
import { fieldOf, textOf } from './object-fields.ts';
import type { SetName } from './owner.ts';
import { stageOf } from './stages.ts';
import { type ApplyMode, applyMode } from './steering.ts';

/** A rendered resource as this cluster takes it. */
export interface DesiredObject {
  /** Flux's inventory id. */
  readonly id: string;
  readonly resource: Resource;
  /** JSON, and its digest. */
  readonly text: string;
  readonly digest: string;
  readonly file: DesiredFile;
  readonly mode: ApplyMode;
  readonly stage: number;
  /** Undefined when the cluster has no such kind, now and after this plan. */
  readonly place?: Place;
  /** The kind exists only once a definition of this plan is applied. */
  readonly isComing: boolean;
  /** Why it can't be applied at all. */
  readonly problem?: string;
}

/** What desired objects are prepared with. */
export interface PrepareOptions {
  readonly set: SetName;
  readonly discovery: Discovery;
  readonly signal: AbortSignal;
}

/**
 * Finds out how the cluster serves each resource. Rendering knows which kinds have namespaces from a list, the
 * cluster knows it of all: a namespace is removed where it does not belong, and that of the set is added where one
 * is missing. Throws a DeliveryError when two resources are the same object then.
 */
export async function prepareObjects(
  files: readonly DesiredFile[],
  options: PrepareOptions,
): Promise<DesiredObject[]> {
  const kinds = await findKinds(files, options);
  const coming = definedKinds(files);
  const byId = new Map<string, DesiredObject>();
  for (const file of files) {
    const name = kindName(file.rendered.resource);
    const object = prepare(file, { kind: kinds.get(name), coming: coming.get(name), set: options.set });
    const other = byId.get(object.id);
    if (other) throw sameObject(other, object);
    byId.set(object.id, object);
  }
  return [...byId.values()];
}

function kindName({ apiVersion, kind }: { apiVersion: string; kind: string }): string {
  return `${apiVersion} ${kind}`;
}

/** The kinds that the cluster has now, each asked for once; or why it does not tell. */
async function findKinds(
  files: readonly DesiredFile[],
  { discovery, signal }: PrepareOptions,
): Promise<Map<string, ApiKind | Error | undefined>> {
  const resources = new Map(files.map(({ rendered: { resource } }) => [kindName(resource), resource]));
  const kinds = new Map<string, ApiKind | Error | undefined>();
  const ask = async (name: string, { apiVersion, kind }: Resource): Promise<void> => {
    try {
      kinds.set(name, await discovery.find(apiVersion, kind, signal));
    } catch (error) {
      // One API of many that fails, such as an aggregated one, must not stop the others.
      if (isAbort(error, signal)) throw error;
      kinds.set(name, error as Error);
    }
  };
  await Promise.all([...resources].map(([name, resource]) => ask(name, resource)));
  return kinds;
}

/** The kinds that CustomResourceDefinitions among the resources define. */
function definedKinds(files: readonly DesiredFile[]): Map<string, ApiKind> {
  const kinds = new Map<string, ApiKind>();
  for (const { rendered } of files) {
    const { resource } = rendered;
    if (resource.kind !== 'CustomResourceDefinition') continue;
    const versions = fieldOf(resource, 'spec', 'versions');
    for (const version of Array.isArray(versions) ? versions.filter(isObject) : []) {
      const apiVersion = `${textOf(resource, 'spec', 'group')}/${textOf(version, 'name')}`;
      const kind = textOf(resource, 'spec', 'names', 'kind');
      const plural = textOf(resource, 'spec', 'names', 'plural');
      const namespaced = textOf(resource, 'spec', 'scope') === 'Namespaced';
      kinds.set(kindName({ apiVersion, kind }), { apiVersion, kind, plural, namespaced, verbs: [] });
    }
  }
  return kinds;
}

interface Known {
  readonly kind: ApiKind | Error | undefined;
  readonly coming: ApiKind | undefined;
  readonly set: SetName;
}

function prepare(file: DesiredFile, { kind: known, coming, set }: Known): DesiredObject {
  const served = known instanceof Error ? undefined : known;
  const kind = served ?? coming;
  const { resource, text, digest } = kind ? placeResource(file, kind, set) : { ...file, ...file.rendered };
  const id = resourceId(resource);
  const { name } = resource.metadata;
  const stage = stageOf({ group: apiGroup(resource.apiVersion), kind: resource.kind });
  const namespace = kind?.namespaced ? String(resource.metadata['namespace']) : '';
  return {
    ...{ id, resource, text, digest, file, stage },
    isComing: served === undefined,
    ...(kind && { place: { id, kind, namespace, name } }),
    ...readMode(resource),
    ...(known instanceof Error && { problem: known.message }),
  };
}

function readMode(resource: Resource): { mode: ApplyMode; problem?: string } {
  try {
    return { mode: applyMode(resource) };
  } catch (error) {
    return { mode: 'Ignore', problem: (error as Error).message };
  }
}

/** The resource with the namespace that it must have; its text changes with it. */
function placeResource(
  file: DesiredFile,
  { namespaced }: ApiKind,
  set: SetName,
): Pick<DesiredFile, 'text' | 'digest'> & { resource: Resource } {
  const { resource } = file.rendered;
  const hasNamespace = typeof ownValue(resource.metadata, 'namespace') === 'string';
  if (hasNamespace === namespaced) return { resource, text: file.text, digest: file.digest };
  const { namespace: _, ...metadata } = resource.metadata;
  const placed = {
    ...resource,
    metadata: (namespaced ? { ...metadata, namespace: set.namespace } : metadata) as Resource['metadata'],
  };
  const text = stringifyJson(placed);
  return { resource: placed, text, digest: sha256(text) };
}

/** Names may come from elements, so that other answers can help. */
function sameObject(one: DesiredObject, other: DesiredObject): DeliveryError {
  const [first, second] = [one, other].map(
    ({ file: { rendered } }) => `${describeResource(rendered.resource)} (templates[${rendered.template}])`,
  );
  return new DeliveryError(
    BUILD_FAILED,
    `${first} and ${second} are the same object, the cluster keeps ${one.resource.kind} without namespaces: give each a name of its own`,
  );
}
