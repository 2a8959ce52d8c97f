import type { GeneratedElement } from '../api/element.ts';
import type { LoadedSet } from '../api/read-sets.ts';
import { generate } from '../generate/generate.ts';
import { parseDuration } from '../lib/duration.ts';
import { createValueRenderer } from '../render/render-value.ts';
import { withTemplateAmbient } from './template-ambient.ts';
import type { Pass, World } from './world.ts';

/** Step 1: the elements that all generators of a set give, each as old as its interval allows. */
export async function generateSet(
  { set, source }: LoadedSet,
  world: World,
  pass: Pass,
): Promise<readonly GeneratedElement[]> {
  pass.onStep?.('generate');
  const { isTemplate, render } = createValueRenderer(set);
  return generate(set.spec.generators, {
    generators: world.generators,
    context: {
      ...world.readers,
      namespace: set.metadata.namespace,
      signal: pass.signal,
      isTemplate,
      render: (value, data) => withTemplateAmbient(set, world, () => render(value, data)),
    },
    memory: pass.memory,
    all: pass.all,
    now: () => world.now(),
    ...(pass.onRun && { onRun: pass.onRun }),
    ...(set.spec.interval !== undefined && { interval: parseDuration(set.spec.interval) }),
    source,
  });
}
