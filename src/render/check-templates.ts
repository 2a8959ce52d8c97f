import type { Path, Source } from '../api/source.ts';
import { addFailure, failuresError, noFailures } from './render-failures.ts';
import { compileField, leafOptions } from './render-field.ts';
import { planTemplate } from './template-plan.ts';
import type { TemplateSet } from './template-set.ts';

/** A set with the template fields outside `spec.templates`. */
interface CheckedSet extends TemplateSet {
  readonly spec: TemplateSet['spec'] & {
    readonly elementKey?: string;
    readonly target?: { readonly git?: { readonly filename?: string } };
  };
}

/** Checks that all templates of a set parse, without any data. Throws one error for all that don't. */
export function checkTemplates({ set, source }: { set: CheckedSet; source?: Source }): void {
  const failures = noFailures();
  const options = leafOptions(set);
  for (const [index, template] of (set.spec.templates ?? []).entries()) {
    const root: Path = ['spec', 'templates', index];
    planTemplate(template, options, (error, path, where) =>
      addFailure(failures, { error, path: [...root, ...path], where, template: index }),
    );
  }
  const { elementKey, target } = set.spec;
  for (const [path, text] of [
    [['spec', 'elementKey'], elementKey],
    [['spec', 'target', 'git', 'filename'], target?.git?.filename],
  ] as const) {
    try {
      if (text !== undefined) compileField(text, options);
    } catch (error) {
      addFailure(failures, { error, path, where: 'value' });
    }
  }
  if (failures.count > 0) throw failuresError(failures, source);
}
