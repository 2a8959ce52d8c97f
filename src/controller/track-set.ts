import type { GeneratorSet } from '../api/generatorset-schema.ts';
import { trackObjects } from '../apply/track-objects.ts';
import type { JsonObject } from '../lib/json.ts';
import { applyOptions } from './cluster-world.ts';
import type { Handling } from './handling.ts';
import { clientFor } from './set-account.ts';

/**
 * Watches what a set has applied before this process began, although its next pass may be far away: drift is found
 * all the same. That it may not be watched is for the next pass to say; a server that does not answer is asked again,
 * as if the process had only now begun.
 */
export async function trackSet(
  set: GeneratorSet,
  object: JsonObject,
  { runtime, parts, signal }: Handling,
): Promise<void> {
  if (set.spec.target?.git || set.spec.target?.directory) return;
  try {
    const { keeper } = await parts.status.open(object, signal);
    const place = { runtime, client: clientFor(set, parts), keeper, force: false };
    await trackObjects(keeper.state, { ...applyOptions(set, { parts, place }), signal });
  } catch (error) {
    signal.throwIfAborted();
    runtime.pause();
    throw new Error(`what was applied cannot be watched: ${(error as Error).message}`, { cause: error });
  }
}
