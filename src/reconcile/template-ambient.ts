import type { GeneratorSet } from '../api/generatorset-schema.ts';
import { withAmbient } from '../render/functions/ambient.ts';
import type { World } from './world.ts';

/** Renders with the world's clock and randomness when the set permits it, else without; synchronous only. */
export function withTemplateAmbient<T>({ spec }: GeneratorSet, { ambient }: World, action: () => T): T {
  return withAmbient(spec.allowNonDeterministic ? ambient : undefined, action);
}
