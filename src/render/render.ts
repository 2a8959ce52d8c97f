import { describeElement, type GeneratedElement } from '../api/element.ts';
import type { Read, RenderedResource } from '../api/rendered-resource.ts';
import { describeResource, type Resource, resourceId } from '../api/resource.ts';
import type { Path, Source } from '../api/source.ts';
import type { FindLeaf, Report } from './content-plan.ts';
import { finishResource, type ReportField } from './finish-resource.ts';
import { currentAmbient, withAmbient } from './functions/ambient.ts';
import { measureText } from './measure-text.ts';
import { type Planned, planTemplates, reporter } from './plan-templates.ts';
import { createRecorder, type RecordReads } from './record-reads.ts';
import { elementErrors, type Failures, failuresError, noFailures, RenderError } from './render-failures.ts';
import { leafOptions } from './render-field.ts';
import { findRepeats } from './repeat.ts';
import { copyData, elementData, type Repetition } from './template-data.ts';
import type { TemplatePlan } from './template-plan.ts';
import type { TemplateSet } from './template-set.ts';
import { withTimeLimit } from './values/meter.ts';

interface RenderInput {
  readonly set: TemplateSet;
  /** For the places in errors. */
  readonly source?: Source;
  readonly elements: readonly GeneratedElement[];
  /** A monotonic clock in milliseconds, for the time limit alone. */
  readonly clock?: () => number;
}

/** More resources than this are a mistake, not a set. */
const MAX_RESOURCES = 20_000;
/** Characters of all resources together, so that a template can't fill the memory. */
const MAX_TEXT = 64 * 1024 * 1024;
/** Milliseconds of all templates and elements together: nothing else runs meanwhile. */
const MAX_MILLISECONDS = 10_000;
const TOO_SLOW = `rendering takes longer than ${MAX_MILLISECONDS / 1000} s: split the set, or let its templates do less`;

/**
 * Step 3: turns every element into resources with every template, in the order of elements, then templates.
 * Throws one error for all that is wrong: a StalledError when a template itself is wrong, else a RenderError.
 */
export function render(input: RenderInput): RenderedResource[] {
  const { resources, failures } = renderAll(input);
  if (failures.count > 0) throw failuresError(failures, input.source);
  return resources;
}

/** What rendering gives where elements may fail alone. */
export interface RenderedApart {
  /** Of the elements that rendered wholly. */
  readonly resources: readonly RenderedResource[];
  readonly failed: readonly { readonly element: GeneratedElement; readonly error: Error }[];
}

/**
 * The same, but elements that fail are left out, with their errors. Throws where a template itself is wrong, where
 * resources collide, and where all elements fail.
 */
export function renderApart(input: RenderInput): RenderedApart {
  const { resources, failures } = renderAll(input);
  const { byElement, isWhole } = failures;
  const isLost = byElement.size > 0 && byElement.size === input.elements.length;
  if (isWhole || isLost) throw failuresError(failures, input.source);
  return {
    resources: resources.filter(({ from }) => !byElement.has(from)),
    failed: elementErrors(failures, input.source),
  };
}

function renderAll({ set, elements, clock = systemClock }: RenderInput): {
  resources: RenderedResource[];
  failures: Failures;
} {
  const failures = noFailures();
  const templates = planTemplates(set, leafOptions(set), failures);
  const limit = { milliseconds: MAX_MILLISECONDS, clock };
  const resources = withTimeLimit(limit, (isOver) => {
    const rendering = { set, failures, isOver, recordReads: createRecorder() };
    return collect(renderElements(templates, elements, rendering));
  });
  reportDuplicates(resources, templates, failures);
  return { resources, failures };
}

function systemClock(): number {
  return performance.now();
}

/** All of them, as long as they are not too many. */
function collect(found: Iterable<RenderedResource>): RenderedResource[] {
  const resources: RenderedResource[] = [];
  let text = 0;
  for (const rendered of found) {
    resources.push(rendered);
    text += measureText(rendered.resource);
    checkBounds(resources.length, text);
  }
  return resources;
}

/** In the order of elements, then templates; ends with a failure when the time is over. */
function* renderElements(
  templates: readonly Planned[],
  elements: readonly GeneratedElement[],
  rendering: Rendering,
): Iterable<RenderedResource> {
  for (const from of elements) {
    for (const planned of templates) {
      const report = reporter(rendering.failures, planned, from);
      for (const repetition of findRepetitions(planned, from, report)) {
        if (rendering.isOver()) {
          rendering.failures.isWhole = true;
          return report(new Error(TOO_SLOW), [], 'value');
        }
        yield* renderOnce(planned, { from, repetition, report }, rendering);
      }
    }
  }
}

/** What the elements of one render share. */
interface Rendering {
  readonly set: TemplateSet;
  readonly failures: Failures;
  /** Whether the time is over. */
  readonly isOver: () => boolean;
  readonly recordReads: RecordReads;
}

/** An element, and which of its repetitions where the template has `repeat`. */
interface Occasion {
  readonly from: GeneratedElement;
  readonly repetition: Repetition | undefined;
  readonly report: Report;
}

/** The resources of one template; what is read is only found out when it is asked for. */
function renderOnce(
  planned: Planned,
  { from, repetition, report }: Occasion,
  rendering: Rendering,
): RenderedResource[] {
  const data = elementData(rendering.set, from, repetition);
  const reads = readsOf(planned.plan, data, rendering);
  const own = planned.plan.changesData ? copyData(data) : data;
  return renderDocuments(planned, { data: own, report }, rendering).map((resource) => ({
    resource,
    from,
    template: planned.index,
    repeatIndex: repetition?.index ?? 0,
    data,
    reads,
  }));
}

/** All documents of one text, and all their leaves, share what the text read; it is rendered once more at most. */
function readsOf(plan: TemplatePlan, data: object, { set, recordReads }: Rendering): (path: Path) => Read[] {
  const ambient = currentAmbient();
  const ownData = () => (plan.changesData ? copyData(data) : data);
  let findLeaf: FindLeaf | undefined;
  const renderAgain = (path: Path, observed: object): void => {
    try {
      findLeaf ??= plan.leafFinder(ownData());
      findLeaf(path)?.(observed);
    } catch (error) {
      // Another random value may fail, or a leaf without what others have set: it has read the same until then.
      if (!set.spec.allowNonDeterministic && !plan.changesData) throw error;
    }
  };
  const recordAll = plan.through?.(recordReads) ?? recordReads;
  const record = (path: Path) =>
    withAmbient(ambient, () => recordAll(ownData(), (observed) => renderAgain(path, observed)));
  if (!plan.isOneText) return record;
  let reads: Read[] | undefined;
  return () => {
    reads ??= record([]);
    return reads;
  };
}

/** One undefined for a template without `repeat`. */
function findRepetitions(
  { repeat }: Planned,
  from: GeneratedElement,
  report: Report,
): (Repetition | undefined)[] {
  if (repeat === undefined) return [undefined];
  try {
    return findRepeats(repeat, from.element).map((value, index) => ({ value, index }));
  } catch (error) {
    report(error, ['repeat'], 'value');
    return [];
  }
}

/** Nothing, once a leaf of them has failed. */
function renderDocuments(
  { plan }: Planned,
  { data, report }: { readonly data: object; readonly report: Report },
  { set, failures }: Rendering,
): Resource[] {
  const before = failures.count;
  const documents = plan.render(data, report);
  // What is missing after a failed leaf would only be reported a second time.
  if (failures.count > before) return [];
  const reportField: ReportField = (message, path) =>
    report(new Error(message), [plan.field, ...path], 'value');
  const resources = documents.map((document) => finishResource(document, set, reportField));
  return resources.filter((resource) => resource !== undefined);
}

/** The same object twice would be overwritten by its twin. */
function reportDuplicates(
  resources: readonly RenderedResource[],
  templates: readonly Planned[],
  failures: Failures,
): void {
  const seen = new Map<string, RenderedResource>();
  const byIndex = new Map(templates.map((planned) => [planned.index, planned]));
  for (const rendered of resources) {
    const id = resourceId(rendered.resource);
    const other = seen.get(id);
    if (!other) {
      seen.set(id, rendered);
      continue;
    }
    failures.isWhole = true;
    const { template, from } = rendered;
    const { plan, library } = byIndex.get(template) as Planned;
    const path = library ? ['values'] : [plan.field, 'metadata', 'name'];
    reporter(failures, { index: template }, from)(new Error(describeTwin(rendered, other)), path, 'value');
  }
}

function describeTwin({ resource }: RenderedResource, other: RenderedResource): string {
  const from = `templates[${other.template}], element ${describeElement(other.from)}`;
  return `${describeResource(resource)} is rendered twice, first by ${from}: each resource needs a name of its own`;
}

/** What fewer or smaller elements could help is no mistake of the spec. */
function checkBounds(resources: number, text: number): void {
  if (resources <= MAX_RESOURCES && text <= MAX_TEXT) return;
  const what =
    resources > MAX_RESOURCES ? `${MAX_RESOURCES} resources` : `${MAX_TEXT} characters of resources`;
  const advice = 'split the set, or let its generators give fewer elements';
  throw new RenderError([new Error(`more than ${what}: ${advice}`)]);
}
