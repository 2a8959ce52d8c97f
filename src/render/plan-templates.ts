import type { GeneratedElement } from '../api/element.ts';
import type { Path } from '../api/source.ts';
import type { Report } from './content-plan.ts';
import type { LeafOptions } from './leaf.ts';
import { type LibraryPlace, planReady } from './plan-ready.ts';
import { addFailure, type Failures } from './render-failures.ts';
import { planTemplate, type TemplatePlan } from './template-plan.ts';
import type { Template, TemplateSet } from './template-set.ts';

/** A template of the set, compiled once for all elements. A ready-made one may be several. */
export interface Planned {
  /** JSONPath over the element. */
  readonly repeat?: string;
  /** Position under `spec.templates`. */
  readonly index: number;
  readonly plan: TemplatePlan;
  /** Where it stands when it is a ready-made one. */
  readonly library?: LibraryPlace;
}

/** Templates that don't parse are reported and left out: the others may have more to report. */
export function planTemplates(set: TemplateSet, options: LeafOptions, failures: Failures): Planned[] {
  return (set.spec.templates ?? []).flatMap((template, index) =>
    planOne(template, options, (library) => reporter(failures, { index, ...(library && { library }) })).map(
      (planned) => ({ ...planned, index }),
    ),
  );
}

function planOne(
  template: Template,
  options: LeafOptions,
  reportIn: (library?: LibraryPlace) => Report,
): Omit<Planned, 'index'>[] {
  if (template.from !== undefined) return planReady(template, options, reportIn);
  const plan = planTemplate(template, options, reportIn());
  const { repeat } = template;
  return plan ? [{ plan, ...(repeat !== undefined && { repeat }) }] : [];
}

/** Adds failures of one template, and of one element where it is rendered. */
export function reporter(
  failures: Failures,
  { index, library }: Pick<Planned, 'index' | 'library'>,
  element?: GeneratedElement,
): Report {
  const root: Path = ['spec', 'templates', index];
  const common = { template: index, ...(element && { element }) };
  return (error, path, where) => {
    if (!library || !isOfLibrary(path, library)) {
      addFailure(failures, { error, path: [...root, ...path], where, ...common });
      return;
    }
    const place = { source: library.source, path: [...library.root, ...path], where };
    addFailure(failures, { error, path: [...root, 'from'], where: 'value', library: place, ...common });
  };
}

/** The values, and a repeat beside them, are the set's own. */
function isOfLibrary([field]: Path, { hasRepeat }: LibraryPlace): boolean {
  return field !== 'values' && (field !== 'repeat' || hasRepeat);
}
