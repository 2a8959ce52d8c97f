import { type Cluster, openCluster } from '../../src/clients/cluster/open-cluster.ts';
import type { JsonObject } from '../../src/lib/json.ts';
import { silentLogger } from '../../src/lib/logger.ts';
import type { State } from '../../src/plan/state.ts';
import type { Report, ReportOutcome } from '../../src/status/report.ts';
import { applyObject, readObject } from './cluster-objects.ts';
import { looseCrd } from './flux-crds.ts';
import type { KubeApiserver } from './kube-apiserver.ts';
import type { KubeObject } from './kube-request.ts';

/** A set as the API server gives it. */
export type StoredSet = JsonObject & {
  readonly metadata: JsonObject & {
    readonly name: string;
    readonly namespace: string;
    readonly uid: string;
    readonly finalizers?: string[];
  };
};

/** Sets without their schema: what is tested is how a status is written, whatever it holds. */
export const LOOSE_SET_CRD = looseCrd({
  group: 'generatorset.dev',
  version: 'v1alpha1',
  kind: 'GeneratorSet',
  plural: 'generatorsets',
});

/** A cluster as the controller opens it. */
export function openTestCluster(server: KubeApiserver): Promise<Cluster> {
  return openCluster({ kubeconfig: server.kubeconfig, userAgent: 'generatorset/test', log: silentLogger });
}

/** Makes a set. */
export function createSet(server: KubeApiserver, namespace: string, name: string): Promise<StoredSet> {
  const set = {
    apiVersion: 'generatorset.dev/v1alpha1',
    kind: 'GeneratorSet',
    metadata: { name, namespace },
    spec: { generators: [{ list: { elements: [] } }], templates: [{ text: 'a' }] },
  };
  return applyObject<KubeObject>(server, set) as Promise<StoredSet>;
}

/** The set as it is now. */
export async function readSet(server: KubeApiserver, { metadata }: StoredSet): Promise<StoredSet> {
  const { name, namespace } = metadata;
  const apiVersion = 'generatorset.dev/v1alpha1';
  const object = await readObject(server, {
    apiVersion,
    kind: 'GeneratorSet',
    metadata: { name, namespace },
  });
  if (!object) throw new Error(`no GeneratorSet ${namespace}/${name}`);
  return object as StoredSet;
}

/** A state with so many ConfigMaps. */
export function stateOf(count: number, delivered = `sha256:${'0'.repeat(64)}`): State {
  const inventory = Array.from({ length: count }, (_, index) => {
    const id = `team-${index % 50}_some-application-${index}__ConfigMap`;
    return { id, path: id, digest: 'sha256:', generator: 0, template: 0, version: 'v1' };
  });
  return { version: 1, inventory, deletions: [], delivered };
}

/** A report of a pass over generation 1. */
export function reportOf(outcome: ReportOutcome, more: Partial<Report> = {}): Report {
  return { outcome, generation: 1, at: new Date(), duration: 1234, ...more };
}

/** A pass that went well. */
export function succeeded(changes: readonly string[] = [], revision = 'sha256:1'): ReportOutcome {
  return { type: 'succeeded', message: 'applied', revision, changes };
}
