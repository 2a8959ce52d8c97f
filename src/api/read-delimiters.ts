import { StalledError } from './errors.ts';

/** Annotations that set the delimiters of every template of a set; the first wins. */
const DELIMITER_ANNOTATIONS = [
  'generatorset.dev/delimiters',
  'sets.gitops.pro/delimiters',
  'templates.weave.works/delimiters',
] as const;

const MAX_LENGTH = 8;
/** Characters that open nothing in the template language, in YAML's words or in a path. */
const SANE = /^[{}[\]()<>$%@#!?&*=|~^+;]+$/;

/**
 * The delimiters that the annotations ask for, such as `${{,}}`; undefined without the annotation. Throws a
 * StalledError unless there are exactly two different parts of up to 8 brackets and signs.
 */
export function readDelimiters(
  annotations: Readonly<Record<string, string>> = {},
): readonly [string, string] | undefined {
  const name = DELIMITER_ANNOTATIONS.find((annotation) => Object.hasOwn(annotations, annotation));
  if (name === undefined) return undefined;
  const parts = String(annotations[name]).split(',');
  const [left = '', right = ''] = parts;
  if (parts.length === 2 && left !== right && isSane(left) && isSane(right)) return [left, right];
  throw new StalledError(
    'InvalidDelimiters',
    `annotation ${name}: two different delimiters are needed, separated by a comma, such as "\${{,}}", each of up to ${MAX_LENGTH} brackets and signs`,
  );
}

function isSane(delimiter: string): boolean {
  return delimiter.length <= MAX_LENGTH && SANE.test(delimiter);
}
