import type { Path, Source } from '../api/source.ts';
import type { SpecTemplate } from '../api/spec-template.ts';
import { checkSpecTemplate } from './check-spec-templates.ts';
import { planTemplates } from './plan-templates.ts';
import { addFailure, failuresError, noFailures } from './render-failures.ts';
import { compileField, leafOptions } from './render-field.ts';
import type { TemplateSet } from './template-set.ts';

/** A set with the template fields outside `spec.templates`. */
interface CheckedSet extends TemplateSet {
  readonly spec: TemplateSet['spec'] & {
    readonly elementKey?: string;
    readonly tune?: readonly { readonly from: string; readonly usage?: string }[];
    readonly target?: { readonly git?: { readonly filename?: string } };
  };
}

/**
 * Checks that all templates of a set parse, without any data; those within the specs of generators, `parts`, are also
 * rendered for the elements that are known. Throws one error for all that is wrong.
 */
export function checkTemplates(
  { set, source }: { set: CheckedSet; source?: Source },
  parts: readonly SpecTemplate[] = [],
): void {
  const failures = noFailures();
  const options = leafOptions(set);
  planTemplates(set, options, failures);
  const { elementKey, tune = [], target } = set.spec;
  const fields: [path: Path, text: string | undefined][] = [
    [['spec', 'elementKey'], elementKey],
    ...tune.flatMap(({ from, usage }, index): [Path, string | undefined][] => [
      [['spec', 'tune', index, 'from'], from],
      [['spec', 'tune', index, 'usage'], usage],
    ]),
    [['spec', 'target', 'git', 'filename'], target?.git?.filename],
  ];
  for (const [path, text] of fields) {
    try {
      if (text !== undefined) compileField(text, options);
    } catch (error) {
      addFailure(failures, { error, path, where: 'value' });
    }
  }
  for (const part of parts) checkSpecTemplate(part, { set, options, failures });
  if (failures.count > 0) throw failuresError(failures, source);
}
