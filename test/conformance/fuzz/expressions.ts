import type { FunctionDef } from '../../../src/render/functions/function-def.ts';
import { ARGUMENTS, kindOfParameter } from './arguments.ts';
import type { Chooser } from './chooser.ts';
import { type Kind, LITERALS } from './literals.ts';

/** What an expression is made with. */
export interface Scope {
  readonly chooser: Chooser;
  readonly functions: readonly FunctionDef[];
  /** Names of the variables that may be used. */
  readonly variables: readonly string[];
  /** How the data is reached: the dot may be something else. */
  readonly root: '' | '$';
}

const KINDS = Object.keys(LITERALS) as Kind[];

/**
 * Kinds that are never computed: a size could become huge, a map that is changed could come to hold itself, and
 * what is no time is read as the present one.
 */
const LITERAL_KINDS: ReadonlySet<Kind> = new Set(['size', 'fresh', 'scalar', 'stamp', 'duration']);
const HARMLESS_KINDS: readonly Kind[] = ['text', 'places', 'bool', 'list', 'scalar'];

/** What functions of each result type are good for. */
const RESULTS: Readonly<Record<string, readonly string[]>> = {
  text: ['string'],
  list: ['list', 'any'],
  map: ['map', 'any'],
  number: ['int', 'int64', 'float64'],
  int: ['int', 'int64'],
  bool: ['bool'],
  any: ['any', 'string', 'int', 'int64', 'float64', 'bool', 'map', 'list'],
};

/** A pipeline: a call or an operand, perhaps piped through functions. */
export function pipeline(scope: Scope, depth: number): string {
  const { chooser } = scope;
  if (chooser.percent(20)) return operand(scope, 'any', depth);
  return callOf(scope, chooser.pick(scope.functions), depth);
}

/** One operand of a kind; what is not a literal stands in parentheses. */
export function operand(scope: Scope, kind: Kind, depth: number): string {
  if (kind === 'format') return formatText(scope.chooser);
  if (LITERAL_KINDS.has(kind)) return literal(scope, kind);
  return computed(scope, kind, depth) ?? literal(scope, kind);
}

/** A variable or a call, or nothing. */
function computed(scope: Scope, kind: Kind, depth: number): string | undefined {
  const { chooser } = scope;
  if (scope.variables.length > 0 && chooser.percent(kind === 'any' ? 20 : 2)) return variable(scope);
  const results = RESULTS[kind] ?? [];
  const fitting = scope.functions.filter((def) => results.includes(def.signature.result));
  if (depth === 0 || fitting.length === 0 || !chooser.percent(30)) return undefined;
  return `(${callOf(scope, chooser.pick(fitting), depth - 1)})${field(scope)}`;
}

function literal({ chooser, root }: Scope, kind: Kind): string {
  const text = chooser.pick(LITERALS[kind === 'any' && chooser.percent(4) ? 'odd' : kind]);
  return root === '' || chooser.percent(5) ? text : text.replace(/(^|[( ])(?=\.[a-z])/g, `$1${root}`);
}

function variable({ chooser, variables }: Scope): string {
  return chooser.pick(variables) + (chooser.percent(8) ? chooser.pick(['.a', '.k', '.name', '.c.d']) : '');
}

function field({ chooser }: Scope): string {
  return chooser.percent(2) ? chooser.pick(['.a', '.b.c', '.x']) : '';
}

/** A call of one function, perhaps with its last argument piped into it. */
export function callOf(scope: Scope, def: FunctionDef, depth: number): string {
  const { chooser } = scope;
  const kinds = argumentKinds(def, chooser);
  const isMutating = kinds.includes('fresh');
  const args = kinds.map((kind) => {
    const isOdd = kind !== 'stamp' && kind !== 'duration' && chooser.percent(3);
    const isPlain = isMutating || kind === 'size';
    const other = isOdd ? chooser.pick(isPlain ? HARMLESS_KINDS : KINDS) : kind;
    return isPlain ? literal(scope, other) : operand(scope, other, depth);
  });
  const last = kinds.at(-1);
  const isPiped = last !== undefined && !LITERAL_KINDS.has(last) && chooser.percent(30);
  const piped = isPiped ? args.pop() : undefined;
  const written = [def.name, ...args].join(' ');
  if (piped === undefined) return written;
  return `${isBare(piped) ? piped : piped.slice(1, -1)} | ${written}`;
}

/** Whether an operand is not one pair of parentheses around a call. */
function isBare(text: string): boolean {
  return !/^\((?:[^()"`']|"[^"\\]*"|\([^()"`']*\))*\)$/.test(text);
}

function argumentKinds(def: FunctionDef, chooser: Chooser): Kind[] {
  const { params, rest } = def.signature;
  const byType = [
    ...params.map(kindOfParameter),
    ...(rest === undefined ? [] : [`${kindOfParameter(rest)}*`]),
  ];
  const words = Object.hasOwn(ARGUMENTS, def.name) ? alternative(chooser, def.name) : byType;
  const kinds = words.flatMap((word) => {
    if (word.endsWith('*')) return chooser.some(0, 2, () => word.slice(0, -1) as Kind);
    return word.endsWith('?') ? chooser.some(0, 1, () => word.slice(0, -1) as Kind) : [word as Kind];
  });
  if (chooser.percent(1)) return kinds.slice(0, -1);
  return chooser.percent(1) && !kinds.includes('fresh') ? [...kinds, 'any'] : kinds;
}

function alternative(chooser: Chooser, name: string): string[] {
  return chooser.pick((ARGUMENTS[name] as string).split(' | ')).split(' ');
}

function formatText(chooser: Chooser): string {
  const parts = chooser.some(1, 3, () => chooser.pick(['', 'a ', 'é', '%%', '']) + directive(chooser));
  return `"${parts.join(chooser.pick(['', ' ', '|']))}"`;
}

function directive(chooser: Chooser): string {
  const index = chooser.percent(6) ? chooser.pick(['[1]', '[2]', '[9]', '[x]', '[', '[0]', '[-1]']) : '';
  const flags = chooser.percent(45) ? chooser.some(0, 3, () => chooser.pick([...'+-# 0'])).join('') : '';
  const width = chooser.percent(30) ? chooser.pick(['5', '12', '1', '20', '*', '03']) : '';
  const precision = chooser.percent(25) ? chooser.pick(['.2', '.0', '.', '.7', '.*', '.1', '.20']) : '';
  return `%${flags}${index}${width}${precision}${chooser.pick([...'vvvdsqxXtTeEfFgGboOcUw!é', ''])}`;
}
