import { isObject, type JsonObject, type JsonValue, ownValue } from '../lib/json.ts';
import { suggest } from '../lib/suggest.ts';
import { API_VERSION, KIND } from './generatorset-schema.ts';
import { joinWords, type Problem, quote } from './problem.ts';
import type { Path } from './source.ts';

/** Where GitOpsSets have lived: gitopssets-controller, and Weave GitOps before it. */
const API_VERSIONS = ['sets.gitops.pro/v1alpha1', 'templates.weave.works/v1alpha1'];

/** The kind of the objects that GeneratorSets succeed. */
export const GITOPS_KIND = 'GitOpsSet';

/** All fields of a GitOpsSet's spec, and of one of its templates. */
const SPEC_FIELDS = ['suspend', 'serviceAccountName', 'generators', 'templates'];
const TEMPLATE_FIELDS = ['repeat', 'content'];

const REPOSITORY_FIELDS = ['repositoryRef', 'files', 'directories'];

/**
 * The generators of GitOpsSets and their fields, in the order in which they are documented there. What stands in these
 * fields has the same fields as here. Source: gitopssets-controller, api/v1alpha1/gitopsset_types.go.
 */
const GENERATOR_FIELDS: Readonly<Record<string, readonly string[]>> = {
  list: ['elements'],
  pullRequests: ['interval', 'driver', 'serverURL', 'repo', 'secretRef', 'labels', 'forks'],
  gitRepository: REPOSITORY_FIELDS,
  ociRepository: REPOSITORY_FIELDS,
  matrix: ['generators', 'singleElement'],
  cluster: ['selector'],
  apiClient: [
    'interval',
    'endpoint',
    'method',
    'jsonPath',
    'headersRef',
    'body',
    'singleElement',
    'secretRef',
  ],
  imagePolicy: ['policyRef'],
  config: ['kind', 'name'],
};

/** The servers that GitOpsSets ask for pull requests. */
const DRIVERS = ['github', 'gitlab', 'bitbucketserver'];

/** What to do about a field that GeneratorSets have. */
const MORE = ` (${KIND} of ${API_VERSION} has more)`;

/** Tells a GitOpsSet, of whatever version, from other objects. */
export function isGitOpsSet(value: JsonObject): boolean {
  return value['kind'] === GITOPS_KIND;
}

/**
 * Reads a GitOpsSet as a GeneratorSet: the fields they share have the same names and the same meaning, and the
 * others are problems. Paths are those of the GitOpsSet.
 */
export function readGitOpsSet(value: JsonObject): { set: JsonObject; problems: Problem[] } {
  const problems = [...checkVersion(value), ...checkSpec(ownValue(value, 'spec'))];
  const set = { ...structuredClone(value), apiVersion: API_VERSION, kind: KIND };
  return { set, problems };
}

function checkVersion(value: JsonObject): Problem[] {
  const version = ownValue(value, 'apiVersion');
  if (API_VERSIONS.some((known) => known === version)) return [];
  return [
    { path: ['apiVersion'], message: `must be ${joinWords(API_VERSIONS, 'or')} for kind ${GITOPS_KIND}` },
  ];
}

/** What only a GeneratorSet has would be lost without a word when the object is applied to a cluster. */
function checkSpec(spec: JsonValue | undefined): Problem[] {
  const path = ['spec'];
  return [
    ...checkFields(spec, path, SPEC_FIELDS),
    ...checkEntries(spec, path, Object.keys(GENERATOR_FIELDS)),
    ...entriesOf(spec, 'templates').flatMap((template, index) =>
      checkFields(template, [...path, 'templates', index], TEMPLATE_FIELDS),
    ),
  ];
}

/** The entries under `generators` of the set, or of a matrix, where each may have a name and none is a matrix. */
function checkEntries(parent: JsonValue | undefined, base: Path, fields: readonly string[]): Problem[] {
  return entriesOf(parent, 'generators').flatMap((entry, index) => {
    const path = [...base, 'generators', index];
    const known = Object.entries(GENERATOR_FIELDS).filter(([name]) => fields.includes(name));
    const inner = known.flatMap(([name, allowed]) =>
      checkGenerator(isObject(entry) ? ownValue(entry, name) : undefined, [...path, name], allowed),
    );
    return [...checkFields(entry, path, fields), ...inner];
  });
}

function checkGenerator(spec: JsonValue | undefined, path: Path, fields: readonly string[]): Problem[] {
  const problems = checkFields(spec, path, fields);
  const name = path.at(-1);
  if (name === 'pullRequests') problems.push(...checkDriver(spec, path));
  if (name !== 'matrix') return problems;
  const children = Object.keys(GENERATOR_FIELDS).filter((child) => child !== 'matrix');
  return [...problems, ...checkEntries(spec, path, ['name', ...children])];
}

function checkDriver(spec: JsonValue | undefined, path: Path): Problem[] {
  const driver = isObject(spec) ? ownValue(spec, 'driver') : undefined;
  // What is no text the schema refuses in better words.
  if (typeof driver !== 'string' || DRIVERS.includes(driver)) return [];
  const message = `a ${GITOPS_KIND} has no driver ${quote(driver)}; it has ${joinWords(DRIVERS, 'and')}${MORE}`;
  return [{ path: [...path, 'driver'], message }];
}

function checkFields(value: JsonValue | undefined, path: Path, fields: readonly string[]): Problem[] {
  const unknown = Object.keys(isObject(value) ? value : {}).filter((key) => !fields.includes(key));
  return unknown.map((key) => {
    const meant = suggest(key, fields);
    const instead =
      meant === undefined
        ? `; its ${fields.length === 1 ? 'field is' : 'fields are'} ${joinWords(fields, 'and')}${MORE}`
        : `, did you mean "${meant}"?`;
    return { path, key, message: `a ${GITOPS_KIND} has no field ${quote(key)} here${instead}` };
  });
}

function entriesOf(value: JsonValue | undefined, field: string): readonly JsonValue[] {
  const entries = isObject(value) ? ownValue(value, field) : undefined;
  return Array.isArray(entries) ? entries : [];
}
