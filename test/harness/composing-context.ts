import type { GenerateContext, Generator } from '../../generators/generator.ts';
import type { Element, Origin } from '../../src/api/element.ts';
import { createValueRenderer } from '../../src/render/render-value.ts';
import type { TemplateSet } from '../../src/render/template-set.ts';

/** What a context has of the outside. */
type Outside = Omit<GenerateContext, 'note' | 'generate' | 'originOf' | 'isTemplate' | 'render'>;

const SET: TemplateSet = { metadata: { name: 'set', namespace: 'apps' }, spec: {} };

/** A context in which generators run each other, and templates are rendered, as in a pass over a set. */
export function composingContext(
  outside: Outside,
  generators: readonly Generator<never>[],
  set = SET,
): GenerateContext {
  const origins = new Map<Element, Origin>();
  const context: GenerateContext = {
    ...outside,
    ...createValueRenderer(set),
    note: (element, origin) => origins.set(element, origin),
    originOf: (element) => origins.get(element) ?? {},
    async generate(entry) {
      context.signal.throwIfAborted();
      const found = (generators as readonly Generator[]).find(({ name }) => Object.hasOwn(entry, name));
      if (!found) throw new Error('no such generator');
      return found.generate(entry[found.name], context);
    },
  };
  return context;
}

export { list } from '../../generators/list/index.ts';
