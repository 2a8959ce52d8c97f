import type { Generator, GeneratorEntry, IsTemplate } from '../../generators/generator.ts';
import type { SpecTemplate } from '../api/spec-template.ts';

/** The generators of a set, and what tells templates of that set. */
interface TemplateSearch {
  readonly generators: readonly Generator[];
  readonly isTemplate: IsTemplate;
}

/** The parts of a set's generators that are templates, by their paths from the root of the set. */
export function listSpecTemplates(
  entries: readonly GeneratorEntry[],
  { generators, isTemplate }: TemplateSearch,
): SpecTemplate[] {
  return entries.flatMap((entry, index) => {
    const generator = generators.find(({ name }) => Object.hasOwn(entry, name));
    const found = generator?.templates?.(entry[generator.name], isTemplate) ?? [];
    return found.map(({ path, ...rest }) => ({
      path: ['spec', 'generators', index, generator?.name ?? '', ...path],
      ...rest,
    }));
  });
}
