import type { SpecTemplate } from '../../src/api/spec-template.ts';
import { type Child, nameElement } from '../composition.ts';
import type { IsTemplate } from '../generator.ts';
import { type Combination, combine, measureParts, NOTHING } from './combine.ts';

/** Elements that are looked at for what templates read of them: most are alike. */
const MAX_KNOWN = 100;

/**
 * The children that are templates, with the elements before them where these stand in the spec itself: those of
 * children that are known without being asked.
 */
export function findTemplates(children: readonly Child[], isTemplate: IsTemplate): SpecTemplate[] {
  const found: SpecTemplate[] = [];
  let combinations: readonly Combination[] | undefined = [NOTHING];
  for (const child of children) {
    const { position, generator, spec } = child;
    if (!isTemplate(spec)) {
      combinations = combinations && combineKnown(combinations, child);
      continue;
    }
    const elements = combinations?.map(({ element }) => element);
    found.push({ path: ['generators', position, generator.name], ...(elements && { elements }) });
    combinations = undefined;
  }
  return found;
}

/** The first of all combinations; undefined where the child must be asked. */
function combineKnown(
  combinations: readonly Combination[],
  { generator, name, spec }: Child,
): Combination[] | undefined {
  const known = generator.known?.(spec)?.slice(0, MAX_KNOWN);
  if (!known) return undefined;
  const parts = measureParts(known.map((element) => ({ element: nameElement(element, name), origin: {} })));
  return combine(combinations, () => parts).slice(0, MAX_KNOWN);
}
