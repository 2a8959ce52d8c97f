import type { JsonObject } from '../lib/json.ts';

/** A rendered Kubernetes object. */
export interface Resource extends JsonObject {
  apiVersion: string;
  kind: string;
  metadata: ResourceMetadata;
}

/** The part of `metadata` that identifies an object. */
interface ResourceMetadata extends JsonObject {
  name: string;
}

/** Owner labels, on every generated object; no template can override them. */
export const NAME_LABEL = 'generatorset.dev/name';
export const NAMESPACE_LABEL = 'generatorset.dev/namespace';

/** Flux's inventory id: `namespace_name_group_kind`, the namespace empty for cluster-scoped kinds. */
export function resourceId(resource: Resource): string {
  const namespace = typeof resource.metadata['namespace'] === 'string' ? resource.metadata['namespace'] : '';
  return `${namespace}_${resource.metadata.name}_${apiGroup(resource.apiVersion)}_${resource.kind}`;
}

/** The group of an apiVersion; empty for the core group. */
export function apiGroup(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}

/** Whether an object is a Secret of Kubernetes itself. */
export function isSecret({
  apiVersion,
  kind,
}: {
  readonly apiVersion?: unknown;
  readonly kind?: unknown;
}): boolean {
  return kind === 'Secret' && apiGroup(String(apiVersion)) === '';
}

/** The fields of a Secret that nobody may read on a screen. */
export const SECRET_FIELDS: readonly string[] = ['data', 'stringData'];

/** A resource as people name it: `Kustomization/flux-system/podinfo`. */
export function describeResource(resource: Resource): string {
  const namespace = resource.metadata['namespace'];
  const name = resource.metadata.name;
  return `${resource.kind}/${typeof namespace === 'string' && namespace !== '' ? `${namespace}/` : ''}${name}`;
}

/** In the order of their namespaces, then of their names: a list in another order is no change. */
export function sortResources(resources: readonly Resource[]): Resource[] {
  const keyed = resources.map((resource) => ({ resource, key: placeOf(resource) }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ resource }) => resource);
}

/** No name and no namespace has a space. */
function placeOf({ metadata }: Resource): string {
  return `${metadata['namespace'] ?? ''} ${metadata.name}`;
}
