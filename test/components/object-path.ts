import type { KubeApiserver } from './kube-apiserver.ts';
import type { KubeObject } from './kube-request.ts';

/** What discovery tells of a kind. */
interface ApiResource {
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

/** Asked once a server and version; an unknown kind is asked for again, since its CRD may be new. */
const known = new WeakMap<KubeApiserver, Map<string, readonly ApiResource[]>>();

/** The URL's path of an object; in the namespace `default` where a namespaced one names none. Throws on an unknown kind. */
export async function pathOfObject(
  server: KubeApiserver,
  { apiVersion, kind, metadata }: Pick<KubeObject, 'apiVersion' | 'kind' | 'metadata'>,
): Promise<string> {
  const base = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const resource = await discover(server, base, kind);
  const namespace = resource.namespaced ? `/namespaces/${metadata.namespace ?? 'default'}` : '';
  return `${base}${namespace}/${resource.name}/${encodeURIComponent(metadata.name ?? '')}`;
}

async function discover(server: KubeApiserver, base: string, kind: string): Promise<ApiResource> {
  const versions = known.get(server) ?? new Map<string, readonly ApiResource[]>();
  known.set(server, versions);
  const before = findKind(versions.get(base), kind);
  if (before) return before;
  const { body } = await server.request<{ resources?: ApiResource[] }>('GET', base);
  versions.set(base, body.resources ?? []);
  const found = findKind(body.resources, kind);
  if (!found) throw new Error(`the API server knows no kind ${kind} below ${base}`);
  return found;
}

/** Subresources have the kind of their resource, too. */
function findKind(resources: readonly ApiResource[] | undefined, kind: string): ApiResource | undefined {
  return resources?.find((resource) => resource.kind === kind && !resource.name.includes('/'));
}
