import type { GeneratedElement } from '../api/element.ts';
import { StalledError } from '../api/errors.ts';
import { readDelimiters } from '../api/read-delimiters.ts';
import type { Path, Source } from '../api/source.ts';
import type { LeafOptions } from './leaf.ts';
import { addFailure, failuresError, noFailures } from './render-failures.ts';
import { compileTemplate, type Program } from './template/compile-template.ts';
import { copyData, mayChangeData } from './template-data.ts';
import type { TemplateSet } from './template-set.ts';

export { elementData } from './template-data.ts';

/** Where a template field stands. */
interface FieldPlace {
  readonly set: TemplateSet;
  readonly source?: Source;
  /** From the root of the set, such as `['spec', 'elementKey']`. */
  readonly path: Path;
  /** Whose fields it may mean, for hints. */
  readonly about?: GeneratedElement;
}

/** Characters of one leaf or one text; the largest object that Kubernetes stores has 1.5 MiB. */
const OUTPUT_LIMIT = 4 * 1024 * 1024;

/**
 * Renders a template field that gives one string, such as `spec.elementKey`. Throws a StalledError when it
 * doesn't parse, and a RenderError when it fails on this data.
 */
export function renderField(text: string, data: object, { set, source, path, about }: FieldPlace): string {
  const options = leafOptions(set);
  try {
    return compileField(text, options).render(mayChangeData(text) ? copyData(data) : data);
  } catch (error) {
    const failures = noFailures();
    addFailure(failures, { error, path, where: 'value', ...(about && { about }) });
    throw failuresError(failures, source);
  }
}

/** Compiles a template field that gives one string. Throws a TemplateError. */
export function compileField(text: string, options: LeafOptions): Program {
  return compileTemplate(text, { ...options, use: 'text' });
}

/** What all templates of a set are compiled with. */
export function leafOptions(set: TemplateSet): LeafOptions {
  return {
    name: `${set.metadata.namespace}/${set.metadata.name}`,
    delimiters: delimitersOf(set),
    missingKey: 'error',
    numbers: set.spec.numbers ?? 'exact',
    dialect: set.spec.dialect ?? 'go',
    allowNonDeterministic: set.spec.allowNonDeterministic ?? false,
    limits: { output: OUTPUT_LIMIT },
  };
}

/** Handlebars has delimiters of its own: others are refused, rather than read as text. */
function delimitersOf({ metadata, spec }: TemplateSet): LeafOptions['delimiters'] {
  const [left, right] = readDelimiters(metadata.annotations) ?? ['{{', '}}'];
  if (spec.dialect === 'handlebars' && (left !== '{{' || right !== '}}')) {
    const reason =
      'spec.dialect: handlebars has no delimiters but {{ and }}: remove the delimiters annotation';
    throw new StalledError('InvalidDelimiters', reason);
  }
  return [left, right];
}
