import type { Element, GeneratedElement } from '../../src/api/element.ts';
import type { JsonObject } from '../../src/lib/json.ts';
import type { Template, TemplateSet } from '../../src/render/template-set.ts';

/** A set with these templates, and nothing else that rendering needs. */
export function createSet(templates: Template[], fields: Partial<TemplateSet['metadata']> = {}): TemplateSet {
  return { metadata: { name: 'set', namespace: 'flux-system', ...fields }, spec: { templates } };
}

/** The elements as the first generator of a set, a list, gives them. */
export function fromList(elements: Element[]): GeneratedElement[] {
  return elements.map((element, index) => ({ element, index, generator: 0, generatorName: 'list' }));
}

/** A ConfigMap whose data are the content under test. */
export function configMap(data: JsonObject): JsonObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' }, data };
}
