import { isObject, type JsonObject, type JsonValue, ownValue } from '../lib/json.ts';
import { StalledError } from './errors.ts';
import { API_VERSION, type GeneratorSet, KIND } from './generatorset-schema.ts';
import { GITOPS_KIND } from './read-gitops-set.ts';
import { readYaml, type YamlMistake } from './read-yaml.ts';
import { VALIDATION_FAILED } from './reasons.ts';
import { apiGroup } from './resource.ts';
import { showLine } from './show-line.ts';
import { formatPosition, type Path, type Source } from './source.ts';
import type { ValidateSet } from './validate-set.ts';
import { createYamlSource } from './yaml-source.ts';

/** A validated set, and the text it was read from. */
export interface LoadedSet {
  readonly set: GeneratorSet;
  readonly source: Source;
}

/** What a file holds. Sets without a mistake stand beside the errors of the others. */
export interface ReadSets {
  readonly sets: readonly LoadedSet[];
  readonly errors: readonly StalledError[];
}

/** Bounds of one file; the largest object that Kubernetes stores has 1.5 MiB. */
const LIMITS = { maxLength: 4 * 1024 * 1024, maxDocuments: 1000, maxNodes: 200_000 };

/**
 * Reads the GeneratorSets (and GitOpsSets) of a YAML or JSON text with any number of documents; `kind: List` is
 * opened, documents of other kinds are ignored. `file` is the name that errors show.
 */
export function readGeneratorSets(text: string, file: string, options: { validate: ValidateSet }): ReadSets {
  const read = readYaml(text, LIMITS);
  if ('mistakes' in read) return { sets: [], errors: read.mistakes.map((one) => syntaxError(one, file)) };
  const sets: LoadedSet[] = [];
  const errors: StalledError[] = [];
  for (const yaml of read.documents) {
    for (const { value, path } of findSets(yaml.value)) {
      const source = createYamlSource(file, text, { yaml, root: path });
      const result = validateOne(value, source, options.validate);
      if (result instanceof StalledError) errors.push(result);
      else sets.push({ set: result, source });
    }
  }
  return { sets, errors };
}

/**
 * The sets whose name and namespace are theirs alone, and an error for each that has another's, naming both places.
 * Of sets with one name none is used: each would delete the other's files.
 */
export function refuseDuplicateSets(sets: readonly LoadedSet[]): ReadSets {
  const byName = Map.groupBy(sets, ({ set }) => `${set.metadata.namespace}/${set.metadata.name}`);
  const unique = sets.filter(
    ({ set }) => byName.get(`${set.metadata.namespace}/${set.metadata.name}`)?.length === 1,
  );
  const errors = [...byName].flatMap(([name, [first, ...others]]) =>
    others.map(({ source }) => duplicateError(name, source, (first as LoadedSet).source)),
  );
  return { sets: unique, errors };
}

/** Mistakes of the user are values here, so that the sets beside them can be used; any other error is thrown. */
function validateOne(value: JsonObject, source: Source, validate: ValidateSet): GeneratorSet | StalledError {
  try {
    return validate(value, source);
  } catch (error) {
    if (error instanceof StalledError) return error;
    throw error;
  }
}

/** The sets in a document: itself, or the items of a list of objects. */
function findSets(value: JsonValue): { value: JsonObject; path: Path }[] {
  if (!isObject(value)) return [];
  const items = ownValue(value, 'items');
  if (isList(value) && Array.isArray(items)) {
    return items.flatMap((item, index) =>
      isObject(item) && isSet(item) ? [{ value: item, path: ['items', index] }] : [],
    );
  }
  return isSet(value) ? [{ value, path: [] }] : [];
}

/** kubectl prints `List`; the API server answers with the list of the kind. */
function isList(value: JsonObject): boolean {
  return ['List', `${KIND}List`, `${GITOPS_KIND}List`].includes(String(ownValue(value, 'kind')));
}

/** By kind or by group: a mistake in one of both must be reported, not ignored. */
function isSet(value: JsonObject): boolean {
  const kind = ownValue(value, 'kind');
  const version = ownValue(value, 'apiVersion');
  if (kind === KIND || kind === GITOPS_KIND) return true;
  return typeof version === 'string' && apiGroup(version) === apiGroup(API_VERSION);
}

function syntaxError(mistake: YamlMistake, file: string): StalledError {
  const { line, column, reason, text, cause } = mistake;
  const message = `${formatPosition({ file, line, column })}: ${reason}${showLine(text, column)}`;
  return new StalledError(VALIDATION_FAILED, message, { cause });
}

function duplicateError(name: string, source: Source, first: Source): StalledError {
  const at = (place: Source) => {
    const { file, line } = place.locate(['metadata', 'name']);
    return `${file}:${line}`;
  };
  return new StalledError(
    VALIDATION_FAILED,
    `${at(source)}: the GeneratorSet ${name} stands in ${at(first)} too; rename one`,
  );
}
