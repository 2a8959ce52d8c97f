import { apiGroup, type Resource } from '../api/resource.ts';
import { describeClosest } from './closest.ts';

/** A resource as people may name it on a command line. */
export interface NamedResource {
  /** Flux's inventory id, `namespace_name_group_kind`. */
  readonly id: string;
  /** Its file, below the target's path and from the root of the target. */
  readonly paths: readonly string[];
  readonly kind: string;
  readonly group: string;
  readonly namespace: string;
  readonly name: string;
}

/** The parts of the name of a rendered resource. */
export function nameResource({ apiVersion, kind, metadata }: Resource): Omit<NamedResource, 'id' | 'paths'> {
  const namespace = metadata['namespace'];
  const isNamespaced = typeof namespace === 'string';
  return { kind, group: apiGroup(apiVersion), namespace: isNamespaced ? namespace : '', name: metadata.name };
}

/** The parts of an inventory id. A name may hold an underscore; namespaces, groups and kinds never do. */
export function nameId(id: string): Omit<NamedResource, 'id' | 'paths'> {
  const [namespace = '', ...rest] = id.split('_');
  const kind = rest.pop() ?? '';
  const group = rest.pop() ?? '';
  return { kind, group, namespace, name: rest.join('_') };
}

/** `Kind/namespace/name`, and `Kind/name` where it has no namespace. */
export function describeName({ kind, namespace, name }: NamedResource): string {
  return [kind, namespace, name].filter((part) => part !== '').join('/');
}

/**
 * The one resource that `wanted` names: `Kind/name`, `Kind/namespace/name`, either with `kind.group`, its file, or its
 * inventory id. The case of a kind does not count. Throws when there is none, naming the closest, or several.
 */
export function findResource<T extends NamedResource>(wanted: string, resources: readonly T[]): T {
  const path = wanted.replace(/^(?:\.\/)+/, '');
  const exact = resources.filter(({ id, paths }) => id === wanted || paths.includes(path));
  const name = lowerKind(wanted);
  const found = exact.length > 0 ? exact : resources.filter((resource) => namesOf(resource).includes(name));
  const [first, ...others] = found;
  if (first && others.length === 0) return first;
  const what = `resource ${JSON.stringify(wanted)}`;
  if (!first) throw new Error(`no ${what}${describeClosest(wanted, resources.map(describeName))}`);
  const all = found.map(({ id }) => id).join(', ');
  throw new Error(`more than one ${what}: give one of the ids ${all}`);
}

function namesOf({ kind, group, namespace, name }: NamedResource): string[] {
  const kinds = group === '' ? [kind] : [kind, `${kind}.${group}`];
  const names = namespace === '' ? [name] : [name, `${namespace}/${name}`];
  return kinds.flatMap((one) => names.map((other) => `${one.toLowerCase()}/${other}`));
}

function lowerKind(wanted: string): string {
  return wanted.replace(/^[^/]+/, (kind) => kind.toLowerCase());
}
