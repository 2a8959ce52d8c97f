import type { BranchNode, Variable } from '../tree.ts';

/** A value that a block hands over. It becomes a variable once a path names it. */
export interface Slot {
  readonly name: string;
  variable?: Variable;
}

/** What `@index`, `@key`, `@first` and `@last` are inside of a loop. */
export interface LoopSlots {
  readonly index: Slot;
  readonly key: Slot;
  readonly first: Slot;
  readonly last: Slot;
}

/** What paths mean inside of a block that enters a value: one step of `../`. */
export interface Scope {
  readonly parent: Scope | undefined;
  readonly context: Slot;
  /** Block parameters. */
  readonly names: ReadonlyMap<string, Slot>;
  /** Of `each`; a plain section may be a loop or none, which only data tells. */
  readonly loop?: LoopSlots | 'unknown';
}

/** The scope of the whole template: its context is the data. */
export function rootScope(): Scope {
  return { parent: undefined, context: { name: '@root', variable: ROOT }, names: new Map() };
}

/** The data as a variable. */
const ROOT: Variable = { name: '@root', id: 0 };

/** The value that `../` written `depth` times leads to; undefined when that is outside of the template. */
export function findContext(scope: Scope, depth: number): Slot | undefined {
  let found: Scope | undefined = scope;
  for (let i = 0; i < depth && found; i++) found = found.parent;
  return found?.context;
}

/** The block parameter of a name, the innermost first. */
export function findName(scope: Scope, name: string): Slot | undefined {
  for (let at: Scope | undefined = scope; at; at = at.parent) {
    const slot = at.names.get(name);
    if (slot) return slot;
  }
  return undefined;
}

/** The loop around a scope, or the one `depth` loops further out. */
export function findLoop(scope: Scope, depth: number): LoopSlots | 'unknown' | undefined {
  let left = depth;
  for (let at: Scope | undefined = scope; at; at = at.parent) {
    if (at.loop === 'unknown') return 'unknown';
    if (at.loop && left-- === 0) return at.loop;
  }
  return undefined;
}

/** What a range sets besides its item, as far as it is used. */
export function usedPosition({ index, first, last }: LoopSlots): BranchNode['position'] {
  if (!index.variable && !first.variable && !last.variable) return undefined;
  return {
    ...(index.variable && { index: index.variable }),
    ...(first.variable && { first: first.variable }),
    ...(last.variable && { last: last.variable }),
  };
}
