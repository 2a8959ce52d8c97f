import type { Element } from '../../src/api/element.ts';
import { joinOrigins } from '../../src/api/join-origins.ts';
import {
  askChildren,
  type Child,
  checkChildren,
  joinQueries,
  leastInterval,
  nameElement,
  readChildren,
} from '../composition.ts';
import type { GenerateContext, Generator } from '../generator.ts';
import { askChained } from './chain.ts';
import { type Combination, combine, dropEqual, measureParts, NOTHING, type Part } from './combine.ts';
import { findTemplates } from './find-templates.ts';
import { type MatrixSpec, matrixSchema } from './schema.ts';
import { listElements } from './single-element.ts';

/** Combines the elements of these generators with each other. */
export function createMatrix(generators: readonly Generator<never>[]): Generator<MatrixSpec> {
  const known = generators as unknown as readonly Generator[];
  const childrenOf = (spec: MatrixSpec) => readChildren(spec.generators, known);
  return {
    name: 'matrix',
    schema: matrixSchema(known),
    check: (spec, isTemplate) => checkChildren(childrenOf(spec), isTemplate),
    children: (spec) => spec.generators,
    templates: (spec, isTemplate) => findTemplates(childrenOf(spec), isTemplate),
    async generate(spec, context) {
      context.signal.throwIfAborted();
      const { combinations, parts } = await combineAll(childrenOf(spec), spec, context);
      const found = spec.singleElement ? listElements(parts) : dropEqual(combinations);
      return found.map(({ element, origins }) => noted(element, origins, context));
    },
    interval: (spec) => leastInterval(childrenOf(spec)),
    query: (spec) => joinQueries(childrenOf(spec)),
  };
}

function noted(element: Element, origins: Combination['origins'], context: GenerateContext): Element {
  context.note(element, joinOrigins(origins));
  return element;
}

/** What a child gave, all runs together. */
export interface ChildParts {
  readonly name: string | undefined;
  readonly parts: readonly Part[];
}

/**
 * All combinations, and what each child gave for itself. Children without templates are asked at once, those with
 * templates when all before them have answered. One list of all is made without combinations that nobody sees.
 */
async function combineAll(
  children: readonly Child[],
  { singleElement = false }: MatrixSpec,
  context: GenerateContext,
): Promise<{ combinations: readonly Combination[]; parts: readonly ChildParts[] }> {
  const isChained = ({ spec }: Child) => context.isTemplate(spec);
  const plain = children.filter((child) => !isChained(child));
  const answers = await askChildren(plain, context);
  const answerOf = new Map(plain.map((child, index) => [child, measureParts(answers[index] ?? [])]));
  const lastChained = children.findLastIndex(isChained);

  let combinations: readonly Combination[] = [NOTHING];
  const parts: ChildParts[] = [];
  for (const child of children) {
    const { name, position } = child;
    const answer = answerOf.get(child);
    const partsOf = answer ? () => answer : await askChained(child, combinations, context);
    const all = answer ?? [...new Set(combinations.map(partsOf))].flat();
    parts.push({ name, parts: all });
    if (singleElement && position >= lastChained) continue;
    combinations = combine(combinations, nameParts(partsOf, name));
  }
  return { combinations, parts };
}

/** Equal lists stay one list, so that they are measured once. */
function nameParts(
  partsOf: (combination: Combination) => readonly Part[],
  name: string | undefined,
): (combination: Combination) => readonly Part[] {
  const named = new Map<readonly Part[], readonly Part[]>();
  return (combination) => {
    const parts = partsOf(combination);
    const known = named.get(parts) ?? parts.map((it) => ({ ...it, element: nameElement(it.element, name) }));
    named.set(parts, known);
    return known;
  };
}
