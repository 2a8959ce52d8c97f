import { isObject, type JsonValue } from '../../lib/json.ts';
import type { Conversion } from '../conversion.ts';
import { type Field, fieldAt, fieldsOf, textOf } from '../field.ts';
import { type Delimiters, readsField } from '../template-words.ts';

/** From here up, and below, GitOpsSets print numbers with an exponent. */
const LARGE = 1e6;
const SMALL = 1e-4;

/** Generators whose elements come from JSON or YAML that somebody else writes. */
const READERS = ['apiClient', 'gitRepository', 'ociRepository'];

/** Reports what the same fields do in another way, where the set makes use of it. */
export function reportDifferences(root: Field, delimiters: Delimiters, conversion: Conversion): void {
  const spec = fieldAt(root, 'spec');
  conversion.differ(
    fieldAt(root, 'kind'),
    'what is no longer rendered is deleted within the bounds of spec.guard only; onEmpty: prune and maxPrune: 100% make it delete at once, as a GitOpsSet does',
  );
  for (const generator of generatorsOf(fieldAt(spec, 'generators'))) reportGenerator(generator, conversion);
  const templates = fieldsOf(fieldAt(spec, 'templates'));
  for (const template of templates)
    reportTemplate(template, { count: templates.length, delimiters, conversion });
}

/** The entries, and those in a matrix. */
function generatorsOf(entries: Field | undefined): Field[] {
  return fieldsOf(entries).flatMap((entry) => [entry, ...fieldsOf(fieldAt(entry, 'matrix', 'generators'))]);
}

function reportGenerator(entry: Field, conversion: Conversion): void {
  conversion.differ(
    fieldAt(entry, 'matrix'),
    'a generator in it without elements makes it give nothing, rather than being passed over',
  );
  for (const name of ['gitRepository', 'ociRepository']) {
    conversion.differ(
      fieldAt(entry, name, 'directories'),
      'plain files never match, exclude may be a glob, and a path without any match is an error that changes nothing',
    );
  }
  conversion.differ(
    fieldAt(entry, 'pullRequests'),
    'all pages are read, not only the first 20 pull requests',
  );
  if (textOf(fieldAt(entry, 'apiClient', 'endpoint'))?.includes('/api/v1/query'))
    conversion.differ(
      fieldAt(entry, 'apiClient', 'endpoint'),
      'an empty result of Prometheus, and one with an error, changes nothing, unless onEmpty is accept',
    );
  const numbers = READERS.map((name) => fieldAt(entry, name)).find((field) => field !== undefined);
  const list = fieldAt(entry, 'list', 'elements');
  conversion.differ(
    list && holdsExponent(list.value) ? list : numbers,
    'numbers from 1000000 up print as they are, not as 1e+06; spec.numbers: go prints them as before',
  );
}

/** Whether a number below the value prints differently. */
function holdsExponent(value: JsonValue): boolean {
  if (typeof value === 'bigint') return true;
  if (typeof value === 'number') {
    const size = Math.abs(value);
    return size >= LARGE || (size > 0 && size < SMALL);
  }
  if (Array.isArray(value)) return value.some(holdsExponent);
  return isObject(value) && Object.values(value).some(holdsExponent);
}

function reportTemplate(
  template: Field,
  { count, delimiters, conversion }: { count: number; delimiters: Delimiters; conversion: Conversion },
): void {
  if (count > 1 && readsField(template, 'ElementIndex', delimiters))
    conversion.differ(template, '.ElementIndex counts elements, not each element with each template');
  for (const name of ['name', 'namespace']) {
    conversion.differ(
      fieldAt(template, 'content', 'metadata', 'labels', `sets.gitops.pro/${name}`),
      `it stays a label like any other; resources of the set have generatorset.dev/${name}`,
    );
  }
}
