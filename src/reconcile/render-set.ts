import type { GeneratedElement } from '../api/element.ts';
import type { LoadedSet } from '../api/read-sets.ts';
import type { RenderedResource } from '../api/rendered-resource.ts';
import { generate } from '../generate/generate.ts';
import { keyElements } from '../generate/key-elements.ts';
import { parseDuration } from '../lib/duration.ts';
import { render } from '../render/render.ts';
import { joinFailures } from '../render/render-failures.ts';
import { elementData, renderField } from '../render/render-field.ts';
import { checkAncestry } from './check-ancestry.ts';
import { withTemplateAmbient } from './template-ambient.ts';
import type { Pass, World } from './world.ts';

/** Steps 1 to 3, which need no target: generators give elements, templates turn them into resources. */
export async function renderSet(loaded: LoadedSet, world: World, pass: Pass): Promise<RenderedResource[]> {
  const { set, source } = loaded;
  pass.onStep?.('generate');
  const elements = await generate(set.spec.generators, {
    generators: world.generators,
    context: { ...world.readers, namespace: set.metadata.namespace, signal: pass.signal },
    memory: pass.memory,
    all: pass.all,
    ...(set.spec.interval !== undefined && { interval: parseDuration(set.spec.interval) }),
    source,
  });
  pass.onStep?.('render', elements.length);
  const resources = withTemplateAmbient(set, world, () => renderElements(loaded, elements));
  checkAncestry(set, resources);
  return resources;
}

/** Keys and templates; where both fail, one error tells all. */
function renderElements(loaded: LoadedSet, elements: readonly GeneratedElement[]): RenderedResource[] {
  const { set, source } = loaded;
  const errors: Error[] = [];
  const attempt = <T>(action: () => T, otherwise: T): T => {
    try {
      return action();
    } catch (error) {
      errors.push(error as Error);
      return otherwise;
    }
  };
  const identified = attempt(() => identify(loaded, elements), elements);
  const resources = attempt(() => render({ set, source, elements: identified }), []);
  if (errors.length > 0) throw joinFailures(errors);
  return resources;
}

function identify(
  { set, source }: LoadedSet,
  elements: readonly GeneratedElement[],
): readonly GeneratedElement[] {
  const { elementKey } = set.spec;
  if (elementKey === undefined) return elements;
  return keyElements(elements, (element) =>
    renderField(elementKey, elementData(set, element), { set, source, path: ['spec', 'elementKey'] }),
  );
}
