import type { GoObject } from './go-object.ts';
import type { Value } from './value.ts';

/** The types that parameters of methods have. */
export type MethodParam = 'string' | 'int' | 'time' | 'duration' | 'location' | 'version';

/** A method that templates may call on a value. Its arguments have been converted to its parameters' types. */
export interface Method {
  readonly params: readonly MethodParam[];
  /** How many results Go's method has; templates can only call those with one, or one and an error. */
  readonly results: number;
  readonly run: (receiver: GoObject, args: readonly unknown[]) => Value;
}

/** The methods of a type by name. */
export type MethodTable = ReadonlyMap<string, Method>;

/** Declares the methods of a class: each its parameters and its code. */
export function methodTable<T extends GoObject>(
  methods: Readonly<
    Record<string, readonly [params: readonly MethodParam[], run: (self: T, ...args: never[]) => Value]>
  >,
): Map<string, Method> {
  const entries = Object.entries(methods).map(([name, [params, run]]): [string, Method] => {
    const call = run as (self: GoObject, ...args: readonly unknown[]) => Value;
    return [name, { params, results: 1, run: (receiver, args) => call(receiver, ...args) }];
  });
  return new Map(entries);
}

/** Methods that no template can call, since they give several results. */
export function uncallable(results: Readonly<Record<string, number>>): [string, Method][] {
  return Object.entries(results).map(([name, count]) => [
    name,
    { params: [], results: count, run: () => null },
  ]);
}
