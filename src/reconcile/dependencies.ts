import { StalledError, WaitingError } from '../api/errors.ts';
import { API_VERSION, type Dependency, type GeneratorSet, KIND } from '../api/generatorset-schema.ts';
import { type Problem, problemsError } from '../api/problem.ts';
import type { ObjectReader, ObjectRef } from '../api/readers.ts';
import { ACCESS_DENIED, DEPENDENCY_NOT_READY, VALIDATION_FAILED } from '../api/reasons.ts';
import { apiGroup, type Resource } from '../api/resource.ts';
import type { Path, Source } from '../api/source.ts';
import { isObject, type JsonObject, ownValue } from '../lib/json.ts';
import { createLimiter } from '../lib/limiter.ts';
import { whyNotReady } from './object-readiness.ts';
import type { ReadyExpression } from './ready-expression.ts';

/** Flux's reason. */
const INVALID_EXPRESSION = 'InvalidCELExpression';

/** Milliseconds until dependencies that were not ready are looked at again. */
const RETRY_AFTER = 5000;
/** Reads at a time, and dependencies that a message names. */
const CONCURRENCY = 8;
const MAX_NAMED = 3;

interface DependencyOptions {
  readonly objects: ObjectReader;
  /** Whether a set may depend on objects of other namespaces. */
  readonly allowCrossNamespace: boolean;
  readonly signal: AbortSignal;
}

/** A dependency that is allowed, as it is read. */
interface Wanted {
  readonly ref: ObjectRef;
  readonly path: Path;
  readonly isReady?: ReadyExpression;
}

/**
 * Returns when all of `spec.dependsOn` are ready. Throws a WaitingError that names those that are not and why, and a
 * StalledError for what only a change of the set can help. Dependencies in a circle all wait; their messages say for
 * whom.
 */
export async function checkDependencies(set: GeneratorSet, options: DependencyOptions): Promise<void> {
  const { dependsOn = [] } = set.spec;
  const wanted: Wanted[] = [];
  for (const [index, dependency] of dependsOn.entries()) {
    wanted.push(await admit(dependency, set, { index, ...options }));
  }
  const limit = createLimiter(CONCURRENCY);
  const reasons = await Promise.all(wanted.map((one) => limit(() => whyWait(one, set, options))));
  const waits = reasons.filter((reason) => reason !== undefined);
  if (waits.length === 0) return;
  const more = waits.length > MAX_NAMED ? [`and ${waits.length - MAX_NAMED} more`] : [];
  const message = `waits for ${[...waits.slice(0, MAX_NAMED), ...more].join('; ')}`;
  throw new WaitingError(DEPENDENCY_NOT_READY, RETRY_AFTER, message);
}

/** Checks that all `readyExpr` of a set can be used, without any object. Throws one error for all that cannot. */
export async function checkReadyExpressions({
  set,
  source,
}: {
  readonly set: GeneratorSet;
  readonly source: Source;
}): Promise<void> {
  const problems: Problem[] = [];
  for (const [index, { readyExpr }] of (set.spec.dependsOn ?? []).entries()) {
    if (readyExpr === undefined) continue;
    const path = [...pathOf(index), 'readyExpr'];
    await parseExpression(readyExpr).catch((error: Error) => problems.push({ path, message: error.message }));
  }
  if (problems.length === 0) return;
  const error = problemsError(problems, source);
  throw new StalledError(INVALID_EXPRESSION, error.message, { cause: error });
}

/** What is wrong with a dependency before anybody is asked. */
async function admit(
  { apiVersion, kind, name, namespace, readyExpr }: Dependency,
  { metadata }: GeneratorSet,
  { index, allowCrossNamespace }: { index: number; allowCrossNamespace: boolean },
): Promise<Wanted> {
  const path = pathOf(index);
  const at = `spec.dependsOn[${index}]`;
  const ref = { apiVersion, kind, namespace: namespace ?? metadata.namespace, name };
  if (isSet(ref, metadata)) throw new StalledError(VALIDATION_FAILED, `${at}: the set depends on itself`);
  if (ref.namespace !== metadata.namespace && !allowCrossNamespace) {
    throw new StalledError(
      ACCESS_DENIED,
      `${at}.namespace: ${describe(ref)} is in another namespace than the set, which is not allowed here`,
    );
  }
  if (readyExpr === undefined) return { ref, path };
  try {
    return { ref, path, isReady: await parseExpression(readyExpr) };
  } catch (error) {
    const message = `${at}.readyExpr: ${(error as Error).message}`;
    throw new StalledError(INVALID_EXPRESSION, message, { cause: error });
  }
}

/** The package is loaded where an expression is: few sets have one. */
async function parseExpression(text: string): Promise<ReadyExpression> {
  const { parseReadyExpression } = await import('./ready-expression.ts');
  return parseReadyExpression(text);
}

/** Why a dependency is to be waited for, beginning with its name; undefined when it is ready. */
async function whyWait(
  { ref, isReady, path }: Wanted,
  set: GeneratorSet,
  { objects, signal }: DependencyOptions,
): Promise<string | undefined> {
  const object = await objects.get(ref, signal);
  if (!object) return `${describe(ref)}, which does not exist`;
  const reason = isReady ? await whyNotByExpression(isReady, { set, object, path }) : whyNotReady(object);
  if (reason === undefined) return undefined;
  const circle = dependsOn(object, set) ? ' and depends on this set in turn' : '';
  return `${describe(ref)}, which ${reason}${circle}`;
}

async function whyNotByExpression(
  isReady: ReadyExpression,
  { set, object, path }: { set: GeneratorSet; object: Resource; path: Path },
): Promise<string | undefined> {
  const { ExpressionError } = await import('./ready-expression.ts');
  try {
    const variables = { self: set as unknown as JsonObject, dep: object };
    return isReady(variables) ? undefined : 'is not ready by its readyExpr';
  } catch (error) {
    const { message } = error as Error;
    if (!(error instanceof ExpressionError)) return `is not ready: its readyExpr says ${message}`;
    throw new StalledError(INVALID_EXPRESSION, `spec.dependsOn[${path[2]}].readyExpr: ${message}`, {
      cause: error,
    });
  }
}

/** Whether an object is a set that names this set as a dependency of its own. */
function dependsOn(object: Resource, { metadata }: GeneratorSet): boolean {
  const spec = object.kind === KIND ? ownValue(object, 'spec') : undefined;
  const list = isObject(spec) ? ownValue(spec, 'dependsOn') : undefined;
  if (!Array.isArray(list)) return false;
  return list.filter(isObject).some((one) => {
    const field = (key: string, absent: unknown) => String(ownValue(one, key) ?? absent);
    const ref = {
      apiVersion: field('apiVersion', API_VERSION),
      kind: field('kind', KIND),
      namespace: field('namespace', object.metadata['namespace']),
      name: field('name', ''),
    };
    return isSet(ref, metadata);
  });
}

function isSet(ref: ObjectRef, { namespace, name }: GeneratorSet['metadata']): boolean {
  const isKind = ref.kind === KIND && apiGroup(ref.apiVersion) === apiGroup(API_VERSION);
  return isKind && ref.namespace === namespace && ref.name === name;
}

function describe({ kind, namespace, name }: ObjectRef): string {
  return `${kind}/${namespace}/${name}`;
}

function pathOf(index: number): Path {
  return ['spec', 'dependsOn', index];
}
