import type { ParamType } from '../functions/signature.ts';
import { type ReadField, shownType, TemplateFault } from '../values/field.ts';
import { GoObject } from '../values/go-object.ts';
import { readMember } from '../values/object-member.ts';
import { isMap, type Value } from '../values/value.ts';
import type { Convert } from './arguments.ts';

/** Evaluates an argument of a method for a parameter's type. */
type EvaluateArgument = (type: ParamType, to: Readonly<Record<ParamType, Convert>>) => Value;

/** A call as the compiled template writes it. */
interface MethodCall {
  readonly name: string;
  /** What the receiver came out of, as for fields. */
  readonly source: Value;
  readonly args: readonly EvaluateArgument[];
  /** Sets the place back to the call once its arguments are evaluated. */
  readonly place: () => void;
}

/** Calls a method with arguments. */
export type CallMethod = (receiver: Value, call: MethodCall) => Value;

/** Gives what compiled templates call methods with: `get` reads fields, `to` converts arguments. */
export function methodCaller(get: ReadField, to: Readonly<Record<ParamType, Convert>>): CallMethod {
  return (receiver, { name, source, args, place }) => {
    if (isMap(receiver)) throw new TemplateFault(`${name} is not a method but has arguments`);
    if (!(receiver instanceof GoObject)) return get(receiver, name, source);
    const evaluate = (params: readonly ParamType[]) => {
      const values = params.map((type, i) => (args[i] as EvaluateArgument)(type, to));
      place();
      return values;
    };
    return readMember(receiver, name, {
      type: shownType(receiver, source),
      args: { count: args.length, evaluate },
    });
  };
}
