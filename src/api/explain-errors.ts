import type { ErrorObject } from 'ajv';
import { isObject, type JsonObject, type JsonValue } from '../lib/json.ts';
import { suggest } from '../lib/suggest.ts';
import { explainKeyword, isSchemaObject, typeNames } from './explain-keyword.ts';
import { isSamePath, joinWords, type Problem, quote } from './problem.ts';
import type { Path } from './source.ts';

const MAX_LISTED_FIELDS = 15;

/** More errors of one object are counted, and not explained. */
const MAX_EXPLAINED = 400;

/** Errors inside an alternative; the one about the alternatives themselves comes right behind them. */
const IN_ALTERNATIVE = /\/(?:oneOf|anyOf)\/\d/;

/** The problems of an object, and how many more there are that nobody explained. */
interface Explanation {
  readonly problems: readonly Problem[];
  readonly more: number;
}

/** What the validator found about `value`, in words of the API: one problem for each mistake. */
export function explainErrors(errors: readonly ErrorObject[], value: JsonValue): Explanation {
  let end = Math.min(errors.length, MAX_EXPLAINED);
  while (end < errors.length && isInAlternative(errors[end - 1] as ErrorObject)) end++;
  const rest = errors.slice(end).filter((error) => !isInAlternative(error));
  return { problems: explainAll(errors.slice(0, end), value), more: rest.length };
}

function isInAlternative({ schemaPath }: ErrorObject): boolean {
  return IN_ALTERNATIVE.test(schemaPath);
}

function explainAll(errors: readonly ErrorObject[], value: JsonValue): Problem[] {
  const located = errors.map((error) => ({ error, path: toPath(error.instancePath, value) }));
  const alternatives = located.filter(({ error }) => error.keyword === 'oneOf' || error.keyword === 'anyOf');
  const inBranch = (error: ErrorObject) =>
    alternatives.some((alternative) => isBranchOf(error, alternative.error));

  const own = located.filter(({ error }) => !inBranch(error));
  // A value of the wrong type breaks other rules too, which says nothing more.
  const wrongTypes = new Set(
    own.filter(({ error }) => error.keyword === 'type').map(({ error }) => error.instancePath),
  );
  const problems: Problem[] = [];
  for (const { error, path } of own) {
    if (error.keyword !== 'type' && wrongTypes.has(error.instancePath)) continue;
    problems.push(...explain(error, path, located));
  }
  return dropConsequences(problems);
}

/** What the validator found, and where in the value. */
interface Located {
  readonly error: ErrorObject;
  readonly path: Path;
}

/** A problem that another one at the same place may make pointless: the missing fields that it is about. */
interface Explained extends Problem {
  readonly missing?: readonly string[];
}

function explain(error: ErrorObject, path: Path, all: readonly Located[]): Explained[] {
  if (error.keyword === 'additionalProperties') return [explainUnknown(error, path)];
  if (error.keyword === 'required') {
    const field = String(error.params['missingProperty']);
    return [{ path, message: `missing field "${field}"`, missing: [field] }];
  }
  if (error.keyword === 'oneOf' || error.keyword === 'anyOf') return explainAlternatives(error, path, all);
  return [{ path, message: explainKeyword(error) }];
}

/** A key that the schema does not have: the one that was meant, or all that there are when they are few. */
function explainUnknown(error: ErrorObject, path: Path): Problem {
  const key = String(error.params['additionalProperty']);
  const properties = isSchemaObject(error.parentSchema) ? error.parentSchema['properties'] : undefined;
  const known = isSchemaObject(properties) ? Object.keys(properties) : [];
  const meant = suggest(key, known);
  const unknown = `unknown field ${quote(key)}`;
  if (meant !== undefined) return { path, key, message: `${unknown}, did you mean "${meant}"?` };
  if (known.length === 0 || known.length > MAX_LISTED_FIELDS) return { path, key, message: unknown };
  if (known.length === 1) return { path, key, message: `${unknown}; the only field is ${known[0]}` };
  return { path, key, message: `${unknown}; known fields are ${joinWords(known, 'and')}` };
}

/**
 * No alternative fits. Where one has the right type, what is wrong deeper inside it is what the user wants to
 * know; otherwise the types that are allowed are.
 */
function explainAlternatives(error: ErrorObject, path: Path, all: readonly Located[]): Explained[] {
  const alternatives = Array.isArray(error.schema) ? error.schema.filter(isSchemaObject) : [];
  const fields = alternatives.flatMap((alternative) => requiredFields(alternative));
  if (fields.length === alternatives.length) return explainExclusive(error, path, fields);

  const inBranches = all.filter((other) => isBranchOf(other.error, error));
  const wrongType = inBranches.filter(
    (other) => other.error.keyword === 'type' && isSamePath(other.path, path),
  );
  const deeper = inBranches.filter((other) => !wrongType.some((wrong) => sharesBranch(other, wrong, error)));
  if (deeper.length > 0) return deeper.flatMap((other) => explain(other.error, other.path, []));
  const types = alternatives.flatMap((alternative) => typeNames(alternative));
  return [{ path, message: `must be ${joinWords([...new Set(types)], 'or')}` }];
}

/** Fields of which exactly one, or at least one, must be there. */
function explainExclusive(error: ErrorObject, path: Path, fields: readonly string[]): Explained[] {
  const data = error.data as JsonValue;
  if (!isObject(data)) return [];
  const present = fields.filter((field) => Object.hasOwn(data, field));
  const count = error.keyword === 'oneOf' ? 'exactly one' : 'at least one';
  const has = present.length === 0 ? 'none' : joinWords(present, 'and');
  const message = `needs ${count} of ${fields.join(', ')}; it has ${has}`;
  return [{ path, message, ...(present.length === 0 && { missing: fields }) }];
}

/** Who writes an unknown field has not forgotten the one that was meant. */
function dropConsequences(problems: readonly Explained[]): Problem[] {
  const unknown = problems.filter((problem) => problem.key !== undefined);
  return problems.filter(({ path, missing }) => {
    if (!missing) return true;
    const besides = unknown.filter((problem) => isSamePath(problem.path, path));
    if (missing.length > 1) return besides.length === 0;
    return !besides.some((problem) => problem.message.includes(`did you mean "${missing[0]}"?`));
  });
}

/** Whether an error comes from inside one of the alternatives that all failed. */
function isBranchOf(error: ErrorObject, alternative: ErrorObject): boolean {
  if (!error.schemaPath.startsWith(`${alternative.schemaPath}/`)) return false;
  return (
    error.instancePath === alternative.instancePath ||
    error.instancePath.startsWith(`${alternative.instancePath}/`)
  );
}

/** Whether two errors come from the same alternative. */
function sharesBranch(a: Located, b: Located, alternative: ErrorObject): boolean {
  const branch = ({ error }: Located) =>
    error.schemaPath.slice(alternative.schemaPath.length + 1).split('/')[0];
  return branch(a) === branch(b);
}

/** The one field of an alternative that is nothing but `required`. */
function requiredFields(schema: JsonObject): string[] {
  const required = Object.keys(schema).length === 1 ? schema['required'] : undefined;
  return Array.isArray(required) && required.length === 1 ? required.map(String) : [];
}

/** A JSON pointer into the value, as a path whose list positions are numbers. */
function toPath(pointer: string, value: JsonValue): Path {
  const path: (string | number)[] = [];
  let at: JsonValue | undefined = value;
  for (const part of pointer.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    path.push(Array.isArray(at) ? Number(key) : key);
    at = Array.isArray(at) ? at[Number(key)] : isObject(at) ? at[key] : undefined;
  }
  return path;
}
