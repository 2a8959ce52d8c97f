import { matchesLabels } from '../../src/api/label-selector.ts';
import type { ObjectReader } from '../../src/api/readers.ts';
import { type Resource, sortResources } from '../../src/api/resource.ts';

/** A reader of these objects, each in exactly the namespace that it says. */
export function memoryObjects(objects: readonly object[]): ObjectReader {
  const resources = objects as readonly Resource[];
  const ofKind = ({ apiVersion, kind }: { apiVersion: string; kind: string }) =>
    resources.filter((it) => it.apiVersion === apiVersion && it.kind === kind);
  const isIn = (namespace: string) => (it: Resource) =>
    namespace === '' || (it.metadata['namespace'] ?? namespace) === namespace;
  return {
    get: async (ref) =>
      ofKind(ref)
        .filter(isIn(ref.namespace))
        .find(({ metadata }) => metadata.name === ref.name),
    list: async (ref) => {
      const found = ofKind(ref).filter(isIn(ref.namespace));
      const { labelSelector = {} } = ref;
      return sortResources(found.filter(({ metadata }) => matchesLabels(labelSelector, metadata['labels'])));
    },
  };
}
