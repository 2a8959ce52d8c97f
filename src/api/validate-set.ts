import type { JsonObject } from '../lib/json.ts';
import { checkGenerators, type GeneratorChecks } from './check-generators.ts';
import { checkSet, normaliseFolder } from './check-set.ts';
import { compileSchema } from './compile-schema.ts';
import { DEFAULT_BRANCH, DEFAULT_NAMESPACE } from './defaults.ts';
import { explainErrors } from './explain-errors.ts';
import { type GeneratorSchemas, type GeneratorSet, generatorSetSchema, KIND } from './generatorset-schema.ts';
import { type Problem, problemsError } from './problem.ts';
import { isGitOpsSet, readGitOpsSet } from './read-gitops-set.ts';
import { checkReadyTemplates, type TemplateLibrary } from './ready-template.ts';
import type { Source } from './source.ts';

/**
 * Turns an object of kind GeneratorSet or GitOpsSet into a validated GeneratorSet with its defaults. Leaves the
 * object as it is. Throws an ErrorList with everything that is wrong, each with its place in the source.
 */
export type ValidateSet = (value: JsonObject, source: Source) => GeneratorSet;

/** What a validator may know beside the generators. */
interface ValidatorOptions {
  /** That of sets that name none. */
  readonly namespace?: string;
  /** What `spec.templates[].from` may name; without it nothing is said about such names. */
  readonly library?: TemplateLibrary;
  /** What generators check beyond their schemas. */
  readonly checks?: GeneratorChecks;
}

/** Compiles the schema once, for the given generators. */
export function createSetValidator(
  generators: GeneratorSchemas,
  { namespace = DEFAULT_NAMESPACE, library, checks = {} }: ValidatorOptions = {},
): ValidateSet {
  const isValid = compileSchema(generatorSetSchema(generators));

  return (value, source) => {
    const { set, problems } = isGitOpsSet(value)
      ? readGitOpsSet(value)
      : { set: structuredClone(value), problems: [] };
    const found: Problem[] = [...problems];
    const valid = isValid(set);
    const explained = valid ? { problems: [], more: 0 } : explainErrors(isValid.errors ?? [], set);
    add(found, explained.problems);
    add(found, checkSet(set));
    // A spec of another form than its schema's is nothing that a generator could check.
    if (explained.more === 0) add(found, checkGenerators(set, checks, explained.problems));
    if (library) add(found, checkReadyTemplates(set, library));
    // What the schema refuses is refused, also where nobody found the words.
    if (!valid && found.length === 0) found.push({ path: [], message: `is no valid ${KIND}` });
    if (found.length > 0) throw problemsError(found, source, explained.more);
    return withReadyTemplates(finish(set as unknown as GeneratorSet, namespace), library);
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

/** The ready-made templates that the set names, each beside its name. */
function withReadyTemplates(set: GeneratorSet, library: TemplateLibrary | undefined): GeneratorSet {
  if (!library || set.spec.templates.every(({ from }) => from === undefined)) return set;
  const templates = set.spec.templates.map((template) => {
    const ready = template.from === undefined ? undefined : library.find(template.from);
    return ready ? { ...template, ready } : template;
  });
  return { ...set, spec: { ...set.spec, templates } };
}
