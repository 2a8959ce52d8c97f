import { holdsText } from '../../lib/holds-text.ts';
import type { JsonObject } from '../../lib/json.ts';
import type { Conversion } from '../conversion.ts';
import { type Field, fieldAt, fieldsOf, keyOf, textOf } from '../field.ts';
import { type Children, type GeneratorOptions, namesOf } from './children.ts';
import { convertClusters } from './convert-clusters.ts';
import { convertGit } from './convert-git.ts';
import { convertPullRequest } from './convert-pull-request.ts';

type Convert = (field: Field, options: GeneratorOptions) => Children | undefined;

const GENERATORS: ReadonlyMap<string, Convert> = new Map<string, Convert>([
  ['list', convertList],
  ['git', convertGit],
  ['clusters', convertClusters],
  ['pullRequest', convertPullRequest],
  ['matrix', convertMatrix],
  ['merge', convertMerge],
]);

/** What to do about generators that nothing here is like. */
const ADVICE: Readonly<Record<string, string>> = {
  scmProvider: 'no generator lists repositories; apiClient can ask the server',
  clusterDecisionResource:
    'the object generator reads any object: name the resource, and the list in its status as jsonPath',
  plugin: 'apiClient asks any service: with method POST, a body, and jsonPath "{.output.parameters}"',
};

/** The generator of an entry; undefined, and reported, where nothing here gives the same. */
export function convertGenerator(entry: Field, options: GeneratorOptions): Children | undefined {
  const { conversion } = options;
  const found = fieldsOf(entry).find(
    (field) => GENERATORS.has(keyOf(field)) || Object.hasOwn(ADVICE, keyOf(field)),
  );
  conversion.lose(
    fieldAt(entry, 'selector'),
    'elements are not filtered: leave the others out where they come from',
  );
  if (found === undefined) return undefined;
  const key = keyOf(found);
  conversion.lose(
    fieldAt(found, 'template'),
    'a generator has no template of its own here: make another set with it',
  );
  const convert = GENERATORS.get(key);
  if (convert) return convert(found, options);
  conversion.lose(found, ADVICE[key] ?? '');
  return undefined;
}

function convertList(field: Field, { conversion, isFirst = true }: GeneratorOptions): Children | undefined {
  conversion.lose(
    fieldAt(field, 'elementsYaml'),
    'elements are written out here, or given by another generator',
  );
  const elements = fieldAt(field, 'elements');
  if (elements === undefined) return undefined;
  if (isFirst && holdsText(elements.value, '{{'))
    conversion.differ(
      elements,
      'what looks like a template in it is one only behind another generator of a matrix',
    );
  const names = fieldsOf(elements).flatMap((element) =>
    namesOf(fieldsOf(element).map(keyOf), fieldAt(element, 'values')),
  );
  return {
    names,
    make(rewrite) {
      const list: JsonObject = {};
      conversion.put(list, 'elements', elements, isFirst ? undefined : rewrite);
      return [{ list }];
    },
  };
}

/** A matrix in a matrix is one with all of their generators. */
function convertMatrix(field: Field, options: GeneratorOptions): Children | undefined {
  const { conversion, isFirst = true } = options;
  const entries = fieldsOf(fieldAt(field, 'generators'));
  const children = entries.map((entry, index) =>
    convertGenerator(entry, { ...options, isFirst: isFirst && index === 0 }),
  );
  const known = children.filter((child) => child !== undefined);
  if (known.length < entries.length || known.length === 0) {
    conversion.lose(field, 'one of its generators is not carried over, and it is nothing without it');
    return undefined;
  }
  const files = known.map(({ file }) => file).filter((file) => file !== undefined);
  if (files.length > 1) {
    conversion.lose(
      field,
      'the files of two git generators cannot be told apart: use gitDirectory generators with names',
    );
    return undefined;
  }
  reportTwice(field, known, conversion);
  return {
    names: known.flatMap(({ names }) => names),
    paths: known.flatMap(({ paths = [] }) => paths),
    inner: known.flatMap(({ inner = [] }) => inner),
    file: files[0],
    make: (rewrite) => known.flatMap((child) => child.make(rewrite)),
  };
}

/** Parameters that two generators of a matrix give: the first one counts there. */
function reportTwice(field: Field, children: readonly Children[], conversion: Conversion): void {
  const all = children.flatMap(({ names }) => [...new Set(names)]);
  const twice = new Set(all.filter((name, index) => name !== 'values' && all.indexOf(name) < index));
  if (twice.size > 0)
    conversion.differ(
      field,
      `${[...twice].join(', ')}: several of its generators give it, and the last one counts, rather than the first`,
    );
  if (children.length > 1 && children.some(({ file }) => file !== undefined))
    conversion.differ(
      field,
      'what a file of Git and another generator both give is read from the other generator',
    );
}

/** Only lists: others need a list behind them that gives their values names, and a merge runs no matrix. */
function convertMerge(field: Field, options: GeneratorOptions): Children | undefined {
  const { conversion } = options;
  const entries = fieldsOf(fieldAt(field, 'generators'));
  const keys = fieldAt(field, 'mergeKeys');
  const isSimple = entries.every((entry) => fieldAt(entry, 'list', 'elements'));
  if (!isSimple || keys === undefined || fieldsOf(keys).some((key) => textOf(key)?.includes('.') !== false)) {
    conversion.lose(
      field,
      'only lists are merged, by fields of their elements; write the exceptions into the template',
    );
    return undefined;
  }
  const children = entries.map((entry) => convertGenerator(entry, options));
  const known = children.filter((child) => child !== undefined);
  return {
    names: known.flatMap(({ names }) => names),
    make(rewrite) {
      const merge: JsonObject = { generators: known.flatMap((child) => child.make(rewrite)) };
      conversion.put(merge, 'keys', keys);
      return [{ merge }];
    },
  };
}
