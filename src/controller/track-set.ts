import type { GeneratorSet } from '../api/generatorset-schema.ts';
import { trackObjects } from '../apply/track-objects.ts';
import type { JsonObject } from '../lib/json.ts';
import { applyOptions } from './cluster-world.ts';
import type { Handling } from './handling.ts';
import { clientFor } from './set-account.ts';
import { readersFor } from './set-readers.ts';

/**
 * Watches what a set has read and applied before this process began, although its next pass may be far away: changes and
 * drift are found all the same, and changes also where nobody ran when they were made. That applied objects may not be
 * watched is for the next pass to say; a server that does not answer is asked again, as if the process had only now begun.
 */
export async function trackSet(
  set: GeneratorSet,
  object: JsonObject,
  { stored, runtime, parts, signal }: Handling,
): Promise<void> {
  try {
    const references = parts.checkpoint.references(stored.uid, stored.generation) ?? [];
    await runtime.references.restore(references, readersFor(set, { runtime, parts }), signal);
    if (set.spec.target?.git || set.spec.target?.directory) return;
    const { keeper } = await parts.status.open(object, signal);
    const place = { runtime, client: clientFor(set, parts), keeper, force: false };
    await trackObjects(keeper.state, { ...applyOptions(set, { parts, place }), signal });
  } catch (error) {
    signal.throwIfAborted();
    runtime.pause();
    throw new Error(`what was applied cannot be watched: ${(error as Error).message}`, { cause: error });
  }
}
