import type { GoObject } from './go-object.ts';
import type { MethodParam } from './method.ts';
import { findMethod, isHiddenField } from './methods.ts';
import { quoteGo } from './quote.ts';
import { TemplateFault } from './template-fault.ts';
import type { Value } from './value.ts';

/** Arguments of a method: they are only evaluated when there are as many as it takes. */
interface MethodArguments {
  readonly count: number;
  readonly evaluate: (params: readonly MethodParam[]) => readonly unknown[];
}

/** How a member is read. */
interface MemberRead {
  /** The type that error texts name. */
  readonly type: string;
  readonly args?: MethodArguments;
}

const NO_ARGUMENTS: MethodArguments = { count: 0, evaluate: () => [] };

/** What a value of a named type has by this name: the result of its method. Throws a fault with Go's words. */
export function readMember(object: GoObject, name: string, read: MemberRead): Value {
  const { count, evaluate } = read.args ?? NO_ARGUMENTS;
  const method = findMethod(object, name);
  if (method === undefined) return refuseMember(object, name, read.type);
  const { params, results, run } = method;
  if (params.length !== count) {
    throw new TemplateFault(`wrong number of args for ${name}: want ${params.length} got ${count}`);
  }
  if (results !== 1) {
    throw new TemplateFault(`can't call method/function ${quoteGo(name)} with ${results} results`);
  }
  const values = evaluate(params);
  try {
    return run(object, values);
  } catch (error) {
    throw new TemplateFault(`error calling ${name}: ${(error as Error).message}`, { cause: error });
  }
}

function refuseMember(object: GoObject, name: string, type: string): never {
  const reason = isHiddenField(object, name)
    ? `${name} is an unexported field of struct type ${type}`
    : `can't evaluate field ${name} in type ${type}`;
  throw new TemplateFault(reason);
}
