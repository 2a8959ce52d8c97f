/** The typed tree of a template, as Go's parser would build it. Positions are offsets into the text. */

/** What stands between actions or is one. */
export type Statement =
  | TextNode
  | ActionNode
  | BranchNode
  | TemplateNode
  | { readonly type: 'break'; readonly pos: number; readonly line: number }
  | { readonly type: 'continue'; readonly pos: number; readonly line: number };

/** A node that another dialect than Go's wrote. */
interface Written {
  /** The node as it stands in the template; absent where Go's way to write it is the template's. */
  readonly written?: string;
}

/** Literal text. */
interface TextNode {
  readonly type: 'text';
  readonly pos: number;
  readonly text: string;
}

/** A pipeline whose value is printed, or which only declares variables. */
interface ActionNode {
  readonly type: 'action';
  readonly pos: number;
  readonly pipe: PipeNode;
}

/** if, with or range: a pipeline and what is run when it is true, or not. */
export interface BranchNode {
  readonly type: 'if' | 'with' | 'range';
  readonly pos: number;
  readonly pipe: PipeNode;
  readonly body: readonly Statement[];
  readonly otherwise: readonly Statement[] | undefined;
  /** A range that enters any true value but a list once, as Handlebars' plain sections do. */
  readonly isSection?: boolean;
  /** What a range sets besides the variables of its pipeline. */
  readonly position?: LoopPosition;
}

/** Variables that say where a loop is: the number of the item from 0, and whether it is the first or the last. */
export interface LoopPosition {
  readonly index?: Variable;
  readonly first?: Variable;
  readonly last?: Variable;
}

/** A call of another template; `block` gives one too. */
export interface TemplateNode {
  readonly type: 'template';
  readonly pos: number;
  readonly name: string;
  readonly pipe: PipeNode | undefined;
}

/** Commands, each of which takes the value of the one before as its last argument. */
export interface PipeNode {
  readonly type: 'pipe';
  readonly pos: number;
  readonly variables: readonly Variable[];
  /** Whether the variables existed before. */
  readonly isAssignment: boolean;
  readonly commands: readonly CommandNode[];
}

/** A value, or a function and its arguments. */
export interface CommandNode extends Written {
  readonly type: 'command';
  readonly pos: number;
  readonly args: readonly Operand[];
}

/** A variable of the template. Every declaration is its own variable, whatever its name. */
export interface Variable {
  readonly name: string;
  /** Number of the declaration within its template; 0 is `$`. */
  readonly id: number;
  /** Whether `=` gives it another value somewhere. */
  isReassigned?: boolean;
}

/** What a command is made of. */
export type Operand =
  | ({ readonly type: 'dot'; readonly pos: number } & Written)
  | ({ readonly type: 'nil'; readonly pos: number } & Written)
  | { readonly type: 'bool'; readonly pos: number; readonly value: boolean }
  | { readonly type: 'string'; readonly pos: number; readonly source: string; readonly value: string }
  | NumberNode
  | ({ readonly type: 'field'; readonly pos: number; readonly names: readonly string[] } & Written)
  | ({
      readonly type: 'variable';
      readonly pos: number;
      readonly variable: Variable;
      readonly names: readonly string[];
    } & Written)
  | { readonly type: 'function'; readonly pos: number; readonly name: string }
  | ChainNode
  | PipeNode;

/** Fields of a value that is not itself a field or variable: `(pipeline).a.b`. */
interface ChainNode {
  readonly type: 'chain';
  readonly pos: number;
  readonly node: Operand;
  readonly names: readonly string[];
}

/** A number literal with every reading that Go allows it. */
export interface NumberNode {
  readonly type: 'number';
  readonly pos: number;
  readonly source: string;
  readonly int?: bigint;
  readonly uint?: bigint;
  readonly float?: number;
  readonly complex?: readonly [number, number];
}

/** One template: the text itself, or what define and block gave a name. */
export interface TemplateTree {
  readonly name: string;
  readonly body: readonly Statement[];
  /** How many variables it declares, `$` included. */
  readonly variables: number;
}
