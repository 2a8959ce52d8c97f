import type { ApiKind } from '../../clients/cluster/discovery.ts';
import { listPages } from '../../clients/cluster/list-pages.ts';
import { collectionPath, objectPath } from '../../clients/cluster/paths.ts';
import { WatchLines } from '../../clients/cluster/watch-lines.ts';
import { isObject, type JsonObject, ownValue } from '../../lib/json.ts';
import type { ClusterSession } from '../cluster-session.ts';
import { metadataOf } from '../manifests/cluster-manifests.ts';
import { textOf } from './inventory-entries.ts';
import { PAGE_SIZE } from './stored-sets.ts';

const POD: ApiKind = { apiVersion: 'v1', kind: 'Pod', plural: 'pods', namespaced: true, verbs: [] };

/** What the pods of every installation have in common. */
const SELECTOR = 'app.kubernetes.io/name=generatorset,app.kubernetes.io/component=controller';
const CONTAINER = 'controller';

/** A pod that the controller runs in, or ran. */
export interface ControllerPod {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  /** The controller's own, where there are others beside it. */
  readonly container: string;
}

/** Which part of a log is wanted: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1 */
export interface LogPart {
  readonly follow?: boolean;
  readonly tailLines?: number;
  readonly sinceSeconds?: number;
  /** RFC 3339. */
  readonly sinceTime?: string;
}

/** The pods of the controller, by name. */
export async function listControllerPods(
  { client, signal }: Pick<ClusterSession, 'client' | 'signal'>,
  namespace: string,
): Promise<ControllerPod[]> {
  const listing = {
    ...{ client, path: collectionPath(POD, namespace), query: { labelSelector: SELECTOR } },
    ...{ accept: 'application/json', pageSize: PAGE_SIZE },
  };
  return (await listPages(listing, toPod, signal)).items;
}

/** The lines of a pod's log, as they come. Throws where it cannot be read. */
export async function* readPodLog(
  { client, signal }: Pick<ClusterSession, 'client' | 'signal'>,
  { namespace, name, container }: ControllerPod,
  part: LogPart,
): AsyncGenerator<string> {
  const given = Object.entries(part).filter(([, value]) => value !== undefined && value !== false);
  const query = Object.fromEntries(given.map(([key, value]) => [key, String(value)]));
  const path = `${objectPath(POD, namespace, name)}/log`;
  const request = { method: 'GET', path, query: { container, ...query }, accept: '*/*' } as const;
  const stream = await client.stream(request, signal);
  const lines = new WatchLines();
  try {
    for await (const chunk of stream.chunks) yield* lines.push(chunk);
  } finally {
    stream.destroy();
  }
}

function toPod(object: JsonObject): ControllerPod {
  const metadata = metadataOf(object);
  const spec = ownValue(object, 'spec');
  const listed = isObject(spec) ? ownValue(spec, 'containers') : undefined;
  const names = Array.isArray(listed) ? listed.filter(isObject).map((it) => textOf(it, 'name')) : [];
  return {
    namespace: textOf(metadata, 'namespace'),
    name: textOf(metadata, 'name'),
    uid: textOf(metadata, 'uid'),
    container: names.includes(CONTAINER) ? CONTAINER : (names[0] ?? CONTAINER),
  };
}
