import type { Place } from './applied-objects.ts';
import { type Compared, scopesOf } from './compare-objects.ts';
import type { ApplyContext } from './decide.ts';

/**
 * Watches the objects of kinds that a delivery has brought, beside all that it watched before: nobody could watch them
 * when it began. What was deleted since it was applied is drift at once.
 */
export async function watchComing({ decisions, removals }: Compared, context: ApplyContext): Promise<void> {
  if (!decisions.some(({ object }) => object.isComing)) return;
  const { applied, discovery, signal } = context;
  const places: Place[] = removals.flatMap(({ place }) => place ?? []);
  const coming: Place[] = [];
  for (const { object } of decisions) {
    if (!object.place) continue;
    if (!object.isComing) places.push(object.place);
    else {
      const { apiVersion, kind } = object.place.kind;
      const served = await discovery.find(apiVersion, kind, signal);
      if (served) coming.push({ ...object.place, kind: served });
    }
  }
  await applied.watch(scopesOf([...places, ...coming]), context, signal);
  const lost = coming.filter((place) => applied.find(place) === undefined).map(({ id }) => id);
  if (lost.length > 0) applied.reportDrift(lost);
}
