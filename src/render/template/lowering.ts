import type { FunctionDef } from '../functions/function-def.ts';
import type { Value } from '../values/value.ts';
import { expression, type HandlebarsExpression } from './handlebars-ast.ts';
import { operandText } from './node-text.ts';
import { expressionSite, type Site } from './site.ts';
import type { Operand } from './tree.ts';

/** Where something is evaluated, for error texts. */
export interface Place {
  readonly pos: number;
  /** The name of the template that is being run. */
  readonly template: string;
  /** The node, as it is written. */
  readonly describe: () => string;
  /** The function whose failure is told as "error calling NAME". */
  readonly callee?: string;
}

/** What a template is lowered with, and to. */
export interface Lowering {
  readonly template: string;
  readonly functions: ReadonlyMap<string, FunctionDef>;
  readonly sites: Site[];
  readonly constants: Value[];
  readonly calls: FunctionDef[];
  readonly places: Place[];
  readonly safeVariables: Set<number>;
  /** Code for the map or list that a variable holds an item of. */
  readonly itemSources: Map<number, string>;
  /** Code for the one that the dot is an item of, or `false`. */
  source: string;
  /** Labels that the current statement may break or continue, the innermost last. */
  readonly loops: { readonly break: string; readonly continue: string }[];
  /** Registers that the code uses, besides variables. */
  readonly registers: string[];
}

/** An expression, and whether evaluating it moves the frame's place. */
export interface Lowered {
  readonly node: HandlebarsExpression;
  readonly moves: boolean;
}

/** The lowering of one template of a program, whose places are shared. */
export function createLowering(
  template: string,
  functions: ReadonlyMap<string, FunctionDef>,
  places: Place[],
): Lowering {
  return {
    template,
    functions,
    places,
    sites: [],
    constants: [],
    calls: [],
    safeVariables: new Set(),
    itemSources: new Map(),
    source: 'false',
    loops: [],
    registers: [],
  };
}

/** Adds a site and gives its number. */
export function addSite(lowering: Lowering, site: Site): number {
  return lowering.sites.push(site) - 1;
}

/** Adds a place and gives its number. */
export function addPlace(lowering: Lowering, place: Omit<Place, 'template'>): number {
  return lowering.places.push({ ...place, template: lowering.template }) - 1;
}

/** The place of an operand. */
export function operandPlace(lowering: Lowering, node: Operand): number {
  return addPlace(lowering, { pos: node.pos, describe: () => operandText(node) });
}

/** A constant as an expression. */
export function lowerConstant(lowering: Lowering, value: Value): Lowered {
  const code = constantCode(lowering, value);
  return {
    node: expression(
      addSite(
        lowering,
        expressionSite(() => code),
      ),
      [],
    ),
    moves: false,
  };
}

/** An expression that fails with a reason when it is evaluated, after what comes `first`. */
export function lowerFault(lowering: Lowering, place: number, reason: string, first?: Lowered): Lowered {
  const fault = `data.at=${place},$.fault(${JSON.stringify(reason)})`;
  const site = expressionSite(([code]) => (code === undefined ? `(${fault})` : `(${code},${fault})`));
  const args = first === undefined ? [] : [first.node];
  return { node: expression(addSite(lowering, site), args), moves: true };
}

/** A value that is checked after it was evaluated: the check must know where it is. */
export function placed(lowering: Lowering, lowered: Lowered, node: Operand): Lowered {
  const place = operandPlace(lowering, node);
  const register = lowered.moves ? addRegister(lowering) : undefined;
  const site = addSite(
    lowering,
    expressionSite(([code]) => {
      return register === undefined
        ? `(data.at=${place},${code})`
        : `(${register}=${code},data.at=${place},${register})`;
    }),
  );
  return { node: expression(site, [lowered.node]), moves: true };
}

/** A local name for a value that must be kept while something else is evaluated. */
export function addRegister(lowering: Lowering): string {
  const name = `r${lowering.registers.length}`;
  lowering.registers.push(name);
  return name;
}

/** The code of a constant. */
export function constantCode(lowering: Lowering, value: Value): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number' && Number.isFinite(value) && !Object.is(value, -0)) return `(${value})`;
  return `$.constants[${lowering.constants.push(value) - 1}]`;
}
