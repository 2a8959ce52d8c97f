import { generators } from '../../generators/index.ts';
import { customResourceDefinition } from '../../src/api/crd.ts';
import type { Condition, GeneratorSetStatus } from '../../src/api/status.ts';
import { readObject, waitFor } from '../components/cluster-objects.ts';
import type { KubeApiserver } from '../components/kube-apiserver.ts';
import type { KubeObject } from '../components/kube-request.ts';

/** The CustomResourceDefinition of GeneratorSets with all generators. */
export const GENERATORSET_CRD = customResourceDefinition(
  Object.fromEntries(generators.map(({ name, schema }) => [name, schema])),
) as unknown as KubeObject;

/** A set as the API server gives it. */
export interface ClusterSet extends KubeObject {
  readonly status?: GeneratorSetStatus;
}

/** A set that makes a ConfigMap for each name, unless the spec says otherwise. */
export function clusterSet(
  namespace: string,
  names: readonly string[],
  {
    name = 'teams',
    spec = {},
    annotations = {},
  }: { name?: string; spec?: object; annotations?: Record<string, string> } = {},
): ClusterSet {
  return {
    apiVersion: 'generatorset.dev/v1alpha1',
    kind: 'GeneratorSet',
    metadata: { name, namespace, annotations },
    spec: {
      generators: [{ list: { elements: names.map((element) => ({ name: element })) } }],
      templates: [{ content: configMapTemplate }],
      ...spec,
    },
  };
}

const configMapTemplate = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: '{{ .Element.name }}' },
  data: { team: '{{ .Element.name }}' },
};

/** The condition of this type; undefined when the set has none. */
export function conditionOf(set: ClusterSet | undefined, type: string): Condition | undefined {
  return set?.status?.conditions?.find((condition) => condition.type === type);
}

/** Waits until a condition of the set, as it is now, is what is wanted; gives the set. */
export async function waitForCondition(
  server: KubeApiserver,
  set: ClusterSet,
  wanted: Partial<Pick<Condition, 'type' | 'status' | 'reason'>> & { message?: RegExp },
  timeout = 20_000,
): Promise<ClusterSet> {
  const { type = 'Ready', status, reason, message } = wanted;
  return waitFor(
    `${type} of ${set.metadata.name} to be ${JSON.stringify({ status, reason, message: message?.source })}`,
    async () => {
      const present = await readObject<ClusterSet>(server, set);
      const found = conditionOf(present, type);
      const isCurrent = found?.observedGeneration === present?.metadata['generation'];
      const fits =
        isCurrent &&
        (status === undefined || found?.status === status) &&
        (reason === undefined || found?.reason === reason) &&
        (message === undefined || message.test(found?.message ?? ''));
      return fits ? present : undefined;
    },
    timeout,
  );
}
