import { apiGroup } from '../../api/resource.ts';
import type { ApiKind } from './discovery-kind.ts';

/** The path of all objects of a kind in a namespace; an empty namespace means all namespaces. */
export function collectionPath(kind: ApiKind, namespace: string): string {
  const scope = kind.namespaced && namespace !== '' ? `/namespaces/${segment(namespace)}` : '';
  return `${versionPath(kind.apiVersion)}${scope}/${segment(kind.plural)}`;
}

/** The path of one object; the namespace of cluster-scoped kinds is not used. */
export function objectPath(kind: ApiKind, namespace: string, name: string): string {
  if (kind.namespaced && namespace === '') {
    throw new Error(`${kind.kind} ${JSON.stringify(name)}: a namespace is needed`);
  }
  return `${collectionPath(kind, namespace)}/${segment(name)}`;
}

/** The path below which a group and version is served: `/api/v1`, `/apis/apps/v1`. */
export function versionPath(apiVersion: string): string {
  if (apiGroup(apiVersion) === '') return `/api/${segment(apiVersion)}`;
  const [group = '', version = '', ...rest] = apiVersion.split('/');
  if (rest.length > 0) throw malformed(apiVersion);
  return `/apis/${segment(group)}/${segment(version)}`;
}

/** One segment of a path. What would name another path, or none, is refused as Kubernetes refuses it in names. */
function segment(text: string): string {
  if (text === '' || text === '.' || text === '..' || text.includes('/') || text.includes('%')) {
    throw malformed(text);
  }
  return encodeURIComponent(text);
}

function malformed(text: string): Error {
  return new Error(`${JSON.stringify(text.slice(0, 253))} cannot be part of a path of the API server`);
}

/** What a path of the API server names. */
export interface NamedPath {
  readonly namespace?: string;
  readonly plural: string;
  /** Absent for collections. */
  readonly name?: string;
  readonly subresource?: string;
}

/** Reads a path of an object or a collection; undefined for any other, such as `/readyz` or `/api/v1`. */
export function parsePath(path: string): NamedPath | undefined {
  const parts = path.split('/').slice(1).map(decode);
  const start = parts[0] === 'api' ? 2 : parts[0] === 'apis' ? 3 : parts.length;
  const rest = parts.slice(start);
  const isWithin = rest[0] === 'namespaces' && rest.length > 2;
  const [plural, name, subresource] = isWithin ? rest.slice(2) : rest;
  if (plural === undefined) return undefined;
  return {
    plural,
    ...(isWithin && rest[1] !== undefined && { namespace: rest[1] }),
    ...(name !== undefined && { name }),
    ...(subresource !== undefined && { subresource }),
  };
}

/** A path as people say it: `configmaps default/a`, `namespaces flux-system`, `deployments default/web scale`. */
export function describePath(path: string): string {
  const named = parsePath(path);
  if (!named) return path;
  const object = [named.namespace, named.name].filter((it) => it !== undefined).join('/');
  return [named.plural, object, named.subresource].filter((it) => it).join(' ');
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
