import { createContext, Script } from 'node:vm';
import { type Environment as CelEnvironment, Environment } from '@marcbachmann/cel-js';
import { isObject, type JsonObject, type JsonValue } from '../lib/json.ts';

/** What an expression sees: the set, and the object that it depends on. */
export interface ReadyVariables {
  readonly self: JsonObject;
  readonly dep: JsonObject;
}

/** Says whether a dependency is ready. Throws an Error when it cannot say so yet, such as for a field that is missing. */
export type ReadyExpression = (variables: ReadyVariables) => boolean;

/** An expression that only a change of its own can help. */
export class ExpressionError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ExpressionError';
  }
}

/** What an expression may consist of: more than any that people write. */
const LIMITS = {
  maxAstNodes: 1000,
  maxDepth: 40,
  maxListElements: 100,
  maxMapEntries: 100,
  maxCallArguments: 16,
};

/** Milliseconds: loops within loops over long lists, and regular expressions, could take for ever. */
const MAX_TIME = 250;

const MAX_KNOWN = 1000;
const known = new Map<string, ReadyExpression>();

const environment: CelEnvironment = new Environment({ limits: LIMITS })
  .registerVariable('self', 'map')
  .registerVariable('dep', 'map');

/** Whatever runs below this script can be stopped, which no loop in the program's own code can be. */
const stoppable = new Script('run()');
const sandbox = createContext({ run: (): unknown => undefined });

/**
 * Reads a CEL expression over `self` and `dep` that gives a bool. Throws an ExpressionError for any other; what its
 * type does not tell before is found when it runs.
 */
export function parseReadyExpression(text: string): ReadyExpression {
  const expression = known.get(text) ?? create(text);
  known.delete(text);
  known.set(text, expression);
  if (known.size > MAX_KNOWN) known.delete(known.keys().next().value as string);
  return expression;
}

function create(text: string): ReadyExpression {
  const { valid, type, error } = environment.check(text);
  if (!valid) throw new ExpressionError(summaryOf(error), { cause: error });
  if (type !== 'bool' && type !== 'dyn') throw new ExpressionError(`gives a ${type}, must give a bool`);
  const evaluate = environment.parse(text);
  return ({ self, dep }) => {
    const variables = { self: toCel(self), dep: toCel(dep) };
    const result = runWithin(() => evaluate(variables));
    if (typeof result === 'boolean') return result;
    throw new ExpressionError('gives no bool; compare it, such as "dep.status.ready >= 1"');
  };
}

function runWithin(run: () => unknown): unknown {
  sandbox['run'] = run;
  try {
    return stoppable.runInContext(sandbox, { timeout: MAX_TIME });
  } catch (error) {
    throw new Error(describeFailure(error), { cause: error });
  } finally {
    sandbox['run'] = undefined;
  }
}

/** Failures that name nothing but what the expression says; others may show a value, perhaps a Secret's. */
const SAFE_CODES = new Set(['no_such_key', 'no_such_overload', 'no_matching_overload', 'division_by_zero']);

function describeFailure(error: unknown): string {
  const { code } = error as { code?: unknown };
  if (code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return `took longer than ${MAX_TIME} ms`;
  if (typeof code !== 'string') return 'failed';
  return SAFE_CODES.has(code) ? summaryOf(error) : `failed: ${code.replaceAll('_', ' ')}`;
}

/** One line in lower case, without the excerpt that the library draws. */
function summaryOf(error: unknown): string {
  const { summary = 'is no CEL expression' } = error as { summary?: string };
  return summary.charAt(0).toLowerCase() + summary.slice(1);
}

/** Integers as CEL's int, which the library takes as bigint; objects as Maps, which inherit no fields. */
function toCel(value: JsonValue): unknown {
  if (Array.isArray(value)) return value.map(toCel);
  if (isObject(value)) return new Map(Object.entries(value).map(([key, item]) => [key, toCel(item)]));
  return typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : value;
}
