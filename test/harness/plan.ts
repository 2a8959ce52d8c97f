import type { GeneratedElement } from '../../src/api/element.ts';
import type { Read, RenderedResource } from '../../src/api/rendered-resource.ts';
import type { Resource } from '../../src/api/resource.ts';
import { sha256 } from '../../src/lib/digest.ts';
import type { JsonObject } from '../../src/lib/json.ts';
import { stringifyYaml } from '../../src/lib/yaml.ts';
import { type DesiredFile, toDesiredFiles } from '../../src/plan/desired-file.ts';
import type { InventoryEntry, State } from '../../src/plan/state.ts';
import type { Previous } from '../../src/plan/target.ts';

/** The owner of everything that these helpers make. */
export const OWNER = { namespace: 'flux-system', name: 'demo' };

/** A ConfigMap of the set, as rendered from an element. */
export function configMap(name: string, data: JsonObject = {}): Resource {
  const labels = { 'generatorset.dev/name': OWNER.name, 'generatorset.dev/namespace': OWNER.namespace };
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: OWNER.namespace, labels },
    data,
  };
}

/** A rendered resource whose leaves read what `reads` says. */
export function rendered(
  resource: Resource,
  reads: (path: readonly (string | number)[]) => Read[] = () => [],
): RenderedResource {
  const from: GeneratedElement = {
    element: {},
    index: 0,
    generator: 0,
    generatorName: 'apiClient',
    query: 'up',
    key: resource.metadata.name,
  };
  return { resource, from, template: 0, repeatIndex: 0, data: {}, reads };
}

/** Desired files named after their resources. */
export function desiredFiles(resources: readonly (Resource | RenderedResource)[]): DesiredFile[] {
  const all = resources.map((item) =>
    'resource' in item ? (item as RenderedResource) : rendered(item as Resource),
  );
  return toDesiredFiles(all, ({ resource }) => `${resource.metadata.name}.yaml`);
}

/** A target that holds these texts and this state. */
export function previousOf(texts: Readonly<Record<string, string>>, state?: State): Previous {
  return {
    ...(state && { state }),
    compare(path, text) {
      if (!Object.hasOwn(texts, path)) return 'absent';
      return texts[path] === text ? 'same' : 'different';
    },
    async read(paths) {
      return new Map(
        paths.filter((path) => Object.hasOwn(texts, path)).map((path) => [path, texts[path] as string]),
      );
    },
  };
}

/** A target as it stands after these resources were delivered. */
export function deliveredBefore(resources: readonly Resource[], state: Partial<State> = {}): Previous {
  const texts = Object.fromEntries(
    resources.map((resource) => [`${resource.metadata.name}.yaml`, stringifyYaml(resource)]),
  );
  const inventory: InventoryEntry[] = desiredFiles(resources).map(
    ({ id, path, text, rendered: { from } }) => ({
      id,
      path,
      digest: sha256(text),
      ...(from.key !== undefined && { element: from.key }),
      generator: 0,
      template: 0,
    }),
  );
  return previousOf(texts, { version: 1, inventory, deletions: [], ...state });
}
