import type { GeneratedElement } from '../api/element.ts';
import type { Path } from '../api/source.ts';
import type { SpecTemplate } from '../api/spec-template.ts';
import { isObject, type JsonObject } from '../lib/json.ts';
import { valueAt } from '../lib/value-at.ts';
import { planContent, renderPlan } from './content-plan.ts';
import type { LeafOptions } from './leaf.ts';
import { addFailure, type Failures } from './render-failures.ts';
import type { TemplateSet } from './template-set.ts';

/** What a check of templates needs everywhere. */
interface Checking {
  readonly set: TemplateSet;
  readonly options: LeafOptions;
  readonly failures: Failures;
}

/**
 * Checks that a part of a generator's spec parses, and renders for the elements that are known. Each leaf is reported
 * once, for the first element that it fails on.
 */
export function checkSpecTemplate({ path, elements = [] }: SpecTemplate, checking: Checking): void {
  const { set, options, failures } = checking;
  const value = valueAt(set as unknown as JsonObject, path);
  if (!isObject(value)) return;
  const failed = new Set<string>();
  const reportFor = (about?: GeneratedElement) => (error: unknown, inner: Path, where: 'key' | 'value') => {
    const id = JSON.stringify([inner, where]);
    if (failed.has(id)) return;
    failed.add(id);
    addFailure(failures, { error, path: [...path, ...inner], where, ...(about && { about }) });
  };
  const plan = planContent(value, options, reportFor());
  if (failed.size > 0) return;
  const identity = { Name: set.metadata.name, Namespace: set.metadata.namespace };
  for (const [index, element] of elements.entries()) {
    // A template may change what it is given.
    const about = { element: structuredClone(element), index, generator: 0, generatorName: '' };
    const data = { Element: about.element, GeneratorSet: identity, GitOpsSet: identity };
    renderPlan(plan, data, reportFor(about));
  }
}
