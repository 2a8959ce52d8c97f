import type { Decision, HeldChanges } from '../api/decision.ts';
import { describeElement, type GeneratedElement } from '../api/element.ts';
import type { ElementState } from '../api/element-state.ts';
import type { LoadedSet } from '../api/read-sets.ts';
import type { RenderedResource } from '../api/rendered-resource.ts';
import { compareDecisions } from '../decide/compare-decisions.ts';
import { decide } from '../decide/decide.ts';
import type { Decided, HeldElement } from '../decide/decided.ts';
import { keyElements } from '../generate/key-elements.ts';
import type { State } from '../plan/state.ts';
import { render, renderApart } from '../render/render.ts';
import { joinFailures } from '../render/render-failures.ts';
import { elementData, renderField } from '../render/render-field.ts';
import { checkAncestry } from './check-ancestry.ts';
import { describeElements } from './describe-elements.ts';
import { generateSet } from './generate-set.ts';
import { withTemplateAmbient } from './template-ambient.ts';
import type { Pass, World } from './world.ts';

/** What steps 2 and 3 gave. */
export interface RenderedSet {
  readonly resources: readonly RenderedResource[];
  /** Elements without resources in this pass: those that they have stay as they are. */
  readonly held: readonly HeldElement[];
  /** All decisions that stand after a delivery; undefined where the set tunes nothing. */
  readonly decisions?: readonly Decision[];
  readonly heldChanges?: HeldChanges;
  /** The digest of approved changes that would have been held. */
  readonly released?: string;
  /** Of each element, where elements have keys or are tuned. */
  readonly elements: readonly ElementState[];
  /** Elements that may hold values of a Secret, as decisions name them; absent: none. */
  readonly secretElements?: ReadonlySet<string>;
}

/** What decisions depend on, beside the elements. */
export interface DecideInput {
  readonly state: State | undefined;
  readonly approved: ReadonlySet<string>;
}

/** Steps 1 to 3 as if nothing had been delivered yet; an element that fails fails the set. */
export async function renderSet(loaded: LoadedSet, world: World, pass: Pass): Promise<RenderedResource[]> {
  const { set, source } = loaded;
  const elements = await generateSet(loaded, world, pass);
  pass.onStep?.('render', elements.length);
  const resources = withTemplateAmbient(set, world, () => {
    const decided = decideElements(loaded, identify(loaded, elements), { ...NOTHING_YET, world });
    const errors = decided.held.map(describeHeld);
    const rendered = attempt(() => render({ set, source, elements: decided.elements }), errors) ?? [];
    if (errors.length > 0) throw joinFailures(errors);
    return rendered;
  });
  checkAncestry(set, resources);
  return resources;
}

const NOTHING_YET: DecideInput = { state: undefined, approved: new Set() };

/** Steps 2 and 3: decisions that know the past, then resources. Elements with keys may fail alone. */
export function renderElements(
  loaded: LoadedSet,
  elements: readonly GeneratedElement[],
  input: DecideInput & { readonly world: World },
): RenderedSet {
  return withTemplateAmbient(loaded.set, input.world, () => {
    const identified = identify(loaded, elements);
    const decided = decideElements(loaded, identified, input);
    const { resources, held } = renderDecided(loaded, decided);
    checkAncestry(loaded.set, resources);
    const { decisions, heldChanges, released } = decided;
    const secrets = identified.filter(({ isSecret }) => isSecret);
    return {
      resources,
      held,
      ...(decisions && { decisions: keepUnrendered(decisions, held, input.state?.decisions) }),
      ...(heldChanges && { heldChanges }),
      ...(released !== undefined && { released }),
      elements: describeElements(identified, held, decided.elements),
      ...(secrets.length > 0 && { secretElements: new Set(secrets.map(({ key = '' }) => key)) }),
    };
  });
}

/** Elements that fail are held where each has a key, so that what they have can be told from what others have. */
function renderDecided(
  { set, source }: LoadedSet,
  { elements, held }: Decided,
): Pick<RenderedSet, 'resources' | 'held'> {
  if (elements.some(({ key }) => key === undefined)) {
    return { resources: render({ set, source, elements }), held };
  }
  const { resources, failed } = renderApart({ set, source, elements });
  const failures = failed.map(({ element, error }) => {
    return { element, reason: 'RenderFailed', message: error.message };
  });
  return { resources, held: [...held, ...failures] };
}

/**
 * What is decided for elements that cannot be rendered reaches nobody: what stood before still stands, so that values
 * do not go down step by step unseen.
 */
function keepUnrendered(
  decisions: readonly Decision[],
  held: readonly HeldElement[],
  before: readonly Decision[] = [],
): readonly Decision[] {
  if (held.length === 0) return decisions;
  const keys = new Set(held.map(({ element: { key = '' } }) => key));
  const names = new Set(decisions.map(({ name }) => name));
  const kept = before.filter(({ element, name }) => keys.has(element) && names.has(name));
  return [...decisions.filter(({ element }) => !keys.has(element)), ...kept].sort(compareDecisions);
}

function decideElements(
  { set, source }: LoadedSet,
  elements: readonly GeneratedElement[],
  { state, approved, world }: DecideInput & { readonly world: World },
): Decided {
  return decide(elements, {
    set,
    previous: state?.decisions ?? [],
    ...(state?.delivered !== undefined && { delivered: state.delivered }),
    approved,
    now: world.now(),
    renderInput(position, element) {
      const path = ['spec', 'tune', position, 'from'];
      return renderField(set.spec.tune?.[position]?.from ?? '', elementData(set, element), {
        set,
        source,
        path,
        about: element,
      });
    },
  });
}

/**
 * The elements with their keys: the one that the set gives comes before the one that a generator gives. Where keys and
 * templates fail, one error tells all.
 */
function identify(loaded: LoadedSet, elements: readonly GeneratedElement[]): readonly GeneratedElement[] {
  const { set, source } = loaded;
  const { elementKey, tune = [] } = set.spec;
  if (elementKey === undefined) return elements;
  const errors: Error[] = [];
  const path = ['spec', 'elementKey'];
  const keyOf = (element: GeneratedElement) =>
    renderField(elementKey, elementData(set, element), { set, source, path, about: element });
  const identified = attempt(() => keyElements(elements, keyOf), errors);
  if (identified) return identified;
  // Templates of tuned elements lack what decisions would give.
  if (tune.length === 0) attempt(() => render({ set, source, elements }), errors);
  throw joinFailures(errors);
}

function describeHeld({ element, message }: HeldElement): Error {
  return new Error(`element ${describeElement(element)}: ${message}`);
}

/** Undefined, and the error with the others, where the action fails. */
function attempt<T>(action: () => T, errors: Error[]): T | undefined {
  try {
    return action();
  } catch (error) {
    errors.push(error as Error);
    return undefined;
  }
}
