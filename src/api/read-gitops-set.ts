import { isObject, type JsonObject, type JsonValue, ownValue } from '../lib/json.ts';
import { API_VERSION, KIND } from './generatorset-schema.ts';
import { joinWords, type Problem, quote } from './problem.ts';
import type { Path } from './source.ts';

/** Where GitOpsSets have lived: gitopssets-controller, and Weave GitOps before it. */
const API_VERSIONS = ['sets.gitops.pro/v1alpha1', 'templates.weave.works/v1alpha1'];

/** The kind of the objects that GeneratorSets succeed. */
export const GITOPS_KIND = 'GitOpsSet';

/** All fields of a GitOpsSet's spec. */
const SPEC_FIELDS = ['suspend', 'serviceAccountName', 'generators', 'templates'];

/** The generators of GitOpsSets, and what does the same here where the name differs. */
const GENERATORS = new Map<string, string | undefined>([
  ['list', undefined],
  ['apiClient', undefined],
  ['gitRepository', 'gitDirectory'],
  ['ociRepository', undefined],
  ['pullRequests', undefined],
  ['matrix', undefined],
  ['cluster', undefined],
  ['imagePolicy', undefined],
  ['config', undefined],
]);

/** Tells a GitOpsSet, of whatever version, from other objects. */
export function isGitOpsSet(value: JsonObject): boolean {
  return value['kind'] === GITOPS_KIND;
}

/**
 * Reads a GitOpsSet as a GeneratorSet: the fields they share have the same names and the same meaning, and the
 * others are problems. Paths are those of the GitOpsSet.
 */
export function readGitOpsSet(
  value: JsonObject,
  available: readonly string[],
): { set: JsonObject; problems: Problem[] } {
  const problems = [...checkVersion(value), ...checkFields(value), ...checkGenerators(value, available)];
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
function checkFields(value: JsonObject): Problem[] {
  const spec = ownValue(value, 'spec');
  const unknown = Object.keys(isObject(spec) ? spec : {}).filter((key) => !SPEC_FIELDS.includes(key));
  return unknown.map((key) => ({
    path: ['spec'],
    key,
    message: `a ${GITOPS_KIND} has no field ${quote(key)}; its fields are ${joinWords(SPEC_FIELDS, 'and')} (${KIND} of ${API_VERSION} has more)`,
  }));
}

/** A generator that exists there and not here is named, rather than called unknown. */
function checkGenerators(value: JsonObject, available: readonly string[]): Problem[] {
  return checkEntries(ownValue(value, 'spec'), ['spec'], available);
}

/** The entries under `generators` of the set, or of a generator that runs others. */
function checkEntries(parent: JsonValue | undefined, base: Path, available: readonly string[]): Problem[] {
  const entries = isObject(parent) ? ownValue(parent, 'generators') : undefined;
  if (!Array.isArray(entries)) return [];
  return entries.flatMap((entry, index) => {
    const path = [...base, 'generators', index];
    const inner = isObject(entry) ? ownValue(entry, 'matrix') : undefined;
    // A matrix in a matrix is refused by the schema.
    const nested = base.length === 1 ? checkEntries(inner, [...path, 'matrix'], available) : [];
    return [...checkGenerator(entry, path, available), ...nested];
  });
}

function checkGenerator(entry: JsonValue, path: Path, available: readonly string[]): Problem[] {
  const keys = Object.keys(isObject(entry) ? entry : {});
  const missing = keys.filter((key) => GENERATORS.has(key) && !available.includes(key));
  return missing.map((key) => {
    const instead = GENERATORS.get(key);
    const use =
      instead !== undefined && available.includes(instead) ? `use ${instead}, or one of ` : 'use one of ';
    return {
      path,
      key,
      message: `generator "${key}" is not available; ${use}${available.filter((name) => name !== instead).join(', ')}`,
    };
  });
}
