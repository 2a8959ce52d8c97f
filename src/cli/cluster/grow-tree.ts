import { GROUP } from '../../api/crd.ts';
import { KIND } from '../../api/generatorset-schema.ts';
import { isForbidden, isNotFound } from '../../clients/cluster/api-error.ts';
import type { JsonObject } from '../../lib/json.ts';
import { readHelmRelease } from './helm-release.ts';
import { inventoryOf, isRemote } from './inventory-entries.ts';
import { describeResource, type ResourceName, type ResourceTree } from './resource-tree.ts';
import { readSetInventory } from './set-inventory.ts';
import { readNamed, type TreeWorld, UnreadableError } from './tree-world.ts';

/** Levels below the set, and resources of the whole tree; whoever forges inventories must not keep us busy forever. */
const MAX_DEPTH = 10;
const MAX_RESOURCES = 200_000;

/** Groups of the kinds that a compact tree has: Flux's end in this. */
const FLUX_GROUP = 'toolkit.fluxcd.io';

/** Which kinds have an inventory of their own, and how it is read. */
const READERS: Readonly<Record<string, typeof readKustomization>> = {
  [`${GROUP}/${KIND}`]: readSetInventory,
  'kustomize.toolkit.fluxcd.io/Kustomization': readKustomization,
  'helm.toolkit.fluxcd.io/HelmRelease': readHelmRelease,
  'fluxcd.controlplane.io/ResourceSet': readKustomization,
};

/**
 * The tree below a resource: what its inventory names, and what the inventories of these name. What cannot be read is
 * said, and has nothing below it; a resource that is on the way to itself is left out.
 */
export async function growTree(
  world: TreeWorld,
  root: ResourceName,
  object?: JsonObject,
): Promise<ResourceTree> {
  const state = { world, left: MAX_RESOURCES };
  return growBelow(state, root, { above: [], ...(object && { object }) });
}

/** One walk over a tree. */
interface Walk {
  readonly world: TreeWorld;
  /** Resources that there is room for. */
  left: number;
}

async function growBelow(
  walk: Walk,
  resource: ResourceName,
  { above, object }: { above: readonly ResourceName[]; object?: JsonObject },
): Promise<ResourceTree> {
  const path = [...above, resource];
  const children: ResourceTree[] = [];
  for (const name of await namesBelow(walk.world, resource, object)) {
    if (!isShown(walk.world, name) || path.some((it) => isSame(it, name))) continue;
    if (walk.left-- <= 0) throw new Error(`the tree has more than ${MAX_RESOURCES} resources`);
    const isLeaf = path.length >= MAX_DEPTH || !hasReader(name);
    children.push(isLeaf ? { resource: name, children: [] } : await growBelow(walk, name, { above: path }));
  }
  return { resource, children };
}

async function namesBelow(
  world: TreeWorld,
  resource: ResourceName,
  known: JsonObject | undefined,
): Promise<readonly ResourceName[]> {
  const read = hasReader(resource) ? READERS[readerKey(resource)] : undefined;
  if (!read) return [];
  try {
    const object = known ?? (await readResource(world, resource));
    return object ? await read(world, object) : [];
  } catch (error) {
    if (!isForbidden(error) && !isNotFound(error) && !(error instanceof UnreadableError)) throw error;
    world.printer.warning(`what is below ${describeResource(resource)} cannot be read: ${error.message}`);
    return [];
  }
}

/** Undefined where the cluster does not know the kind. */
async function readResource(
  world: TreeWorld,
  { group, kind, version = '', ...name }: ResourceName,
): Promise<JsonObject | undefined> {
  const apiVersion = group === '' ? version : `${group}/${version}`;
  const found = await world.discovery.find(apiVersion, kind, world.signal);
  return found && readNamed(world, found, name);
}

/** The entries of `status.inventory`; what reaches into another cluster is not in this one. */
async function readKustomization(_world: TreeWorld, object: JsonObject): Promise<readonly ResourceName[]> {
  return isRemote(object) ? [] : inventoryOf(object);
}

function isShown({ isCompact }: TreeWorld, { group }: ResourceName): boolean {
  return !isCompact || group.endsWith(FLUX_GROUP) || group === GROUP;
}

function hasReader(resource: ResourceName): boolean {
  return Object.hasOwn(READERS, readerKey(resource));
}

function readerKey({ group, kind }: ResourceName): string {
  return `${group}/${kind}`;
}

function isSame(one: ResourceName, other: ResourceName): boolean {
  return describeResource(one) === describeResource(other) && one.group === other.group;
}
