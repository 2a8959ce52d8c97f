import type { JsonObject } from '../lib/json.ts';
import { checkSet, normaliseFolder } from './check-set.ts';
import { compileSchema } from './compile-schema.ts';
import { DEFAULT_BRANCH, DEFAULT_NAMESPACE } from './defaults.ts';
import { explainErrors } from './explain-errors.ts';
import { type GeneratorSchemas, type GeneratorSet, generatorSetSchema, KIND } from './generatorset-schema.ts';
import { type Problem, problemsError } from './problem.ts';
import { isGitOpsSet, readGitOpsSet } from './read-gitops-set.ts';
import type { Source } from './source.ts';

/**
 * Turns an object of kind GeneratorSet or GitOpsSet into a validated GeneratorSet with its defaults. Leaves the
 * object as it is. Throws an ErrorList with everything that is wrong, each with its place in the source.
 */
export type ValidateSet = (value: JsonObject, source: Source) => GeneratorSet;

/** Compiles the schema once, for the given generators; `namespace` is that of sets that name none. */
export function createSetValidator(
  generators: GeneratorSchemas,
  { namespace = DEFAULT_NAMESPACE }: { namespace?: string } = {},
): ValidateSet {
  const isValid = compileSchema(generatorSetSchema(generators));

  return (value, source) => {
    const { set, problems } = isGitOpsSet(value)
      ? readGitOpsSet(value, Object.keys(generators))
      : { set: structuredClone(value), problems: [] };
    const found: Problem[] = [...problems];
    const valid = isValid(set);
    const explained = valid ? { problems: [], more: 0 } : explainErrors(isValid.errors ?? [], set);
    add(found, explained.problems);
    add(found, checkSet(set));
    // What the schema refuses is refused, also where nobody found the words.
    if (!valid && found.length === 0) found.push({ path: [], message: `is no valid ${KIND}` });
    if (found.length > 0) throw problemsError(found, source, explained.more);
    return finish(set as unknown as GeneratorSet, namespace);
  };
}

/** Adds problems about values that nothing is known to be wrong with yet. */
function add(problems: Problem[], more: readonly Problem[]): void {
  const known = new Set(problems.map(({ path }) => JSON.stringify(path)));
  problems.push(...more.filter(({ path }) => !known.has(JSON.stringify(path))));
}

/** The defaults that depend on other fields. */
function finish(set: GeneratorSet, namespace: string): GeneratorSet {
  const metadata = { ...set.metadata, namespace: set.metadata.namespace ?? namespace };
  const git = set.spec.target?.git;
  if (!git) return { ...set, metadata };
  const branch = git.branch ?? (git.url === undefined ? undefined : DEFAULT_BRANCH);
  const target = {
    git: { ...git, path: normaliseFolder(git.path), ...(branch !== undefined && { branch }) },
  };
  return { ...set, metadata, spec: { ...set.spec, target } };
}
