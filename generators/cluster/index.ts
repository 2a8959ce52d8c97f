import type { Element } from '../../src/api/element.ts';
import { checkLabelSelector, formatLabelSelector } from '../../src/api/label-selector.ts';
import type { CollectionRef } from '../../src/api/readers.ts';
import type { Resource } from '../../src/api/resource.ts';
import { isObject, type JsonObject, ownValue, setOwn } from '../../src/lib/json.ts';
import type { Generator, SpecMistake } from '../generator.ts';
import { type ClusterSpec, clusterSchema } from './schema.ts';

/** Holds the whole object as it was applied, the kubeconfig of a Secret with it. */
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** The clusters that are registered, by name, namespace, labels and annotations; never how they are reached. */
export const cluster: Generator<ClusterSpec> = {
  name: 'cluster',
  schema: clusterSchema,
  check({ selector, secretSelector }, isTemplate = () => false) {
    if (selector && secretSelector) return [{ path: [], message: 'has both selector and secretSelector' }];
    if (isTemplate((secretSelector ?? selector ?? {}) as JsonObject)) return [];
    const field = secretSelector ? 'secretSelector' : 'selector';
    const mistakes: SpecMistake[] = checkLabelSelector(secretSelector ?? selector ?? {});
    if (secretSelector && mistakes.length === 0 && formatLabelSelector(secretSelector) === '')
      mistakes.push({ path: [], message: 'must name a label, or every Secret would be a cluster' });
    return mistakes.map(({ path, message }) => ({ path: [field, ...path], message }));
  },
  async generate(spec, { namespace, objects, signal, note }) {
    signal.throwIfAborted();
    const clusters = await objects.list(collectionOf(spec, namespace), signal);
    return clusters.map((found) => {
      const element = toElement(found);
      note(element, { key: `${element['ClusterNamespace']}/${element['ClusterName']}` });
      return element;
    });
  },
  query: ({ secretSelector }) => (secretSelector ? 'Secrets of kubeconfigs' : 'GitopsClusters'),
};

/** Registrations are made for all; Secrets are read where the set is. */
function collectionOf({ selector, secretSelector }: ClusterSpec, namespace: string): CollectionRef {
  if (secretSelector) return { apiVersion: 'v1', kind: 'Secret', namespace, labelSelector: secretSelector };
  return {
    apiVersion: 'gitops.weave.works/v1alpha1',
    kind: 'GitopsCluster',
    namespace: '',
    labelSelector: selector ?? {},
  };
}

/** The fields of GitOpsSets. */
function toElement({ metadata }: Resource): Element {
  return {
    ClusterName: metadata.name,
    ClusterNamespace: ownValue(metadata, 'namespace') ?? '',
    ClusterLabels: copyTexts(metadata, 'labels'),
    ClusterAnnotations: copyTexts(metadata, 'annotations'),
  };
}

function copyTexts(metadata: JsonObject, field: string): JsonObject {
  const texts = ownValue(metadata, field);
  const copy: JsonObject = {};
  for (const [key, value] of Object.entries(isObject(texts) ? texts : {}))
    if (key !== LAST_APPLIED) setOwn(copy, key, value);
  return copy;
}
