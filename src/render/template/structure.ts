import type { FunctionDef } from '../functions/function-def.ts';
import type { CommandNode, Operand, PipeNode } from './tree.ts';

/** What is known when a pipeline is looked at. */
interface Known {
  readonly functions: ReadonlyMap<string, FunctionDef>;
  /** Variables that hold the text of a structure. */
  readonly safeVariables: ReadonlySet<number>;
}

/** Whether a pipeline's text is YAML or JSON structure: it ends in toYaml and kin, perhaps indented after. */
export function isSafePipe(pipe: PipeNode, known: Known): boolean {
  let isSafe = false;
  for (const command of pipe.commands) isSafe = isSafeCommand(command, isSafe, known);
  return isSafe;
}

/** Whether a pipeline's text is one value in quotes: it ends in `quote` or `squote` of a single value. */
export function isQuotedPipe(pipe: PipeNode, { functions }: Known): boolean {
  const [first, ...rest] = pipe.commands.at(-1)?.args ?? [];
  if (first?.type === 'pipe' && rest.length === 0)
    return isQuotedPipe(first, { functions, safeVariables: new Set() });
  if (first?.type !== 'function' || functions.get(first.name)?.structure !== 'quotes') return false;
  return rest.length + (pipe.commands.length > 1 ? 1 : 0) === 1;
}

function isSafeCommand(command: CommandNode, isFinalSafe: boolean, known: Known): boolean {
  const [first, ...rest] = command.args as [Operand, ...Operand[]];
  if (first.type !== 'function') return isSafeOperand(first, known);
  const structure = known.functions.get(first.name)?.structure;
  if (structure === 'writes') return true;
  if (structure !== 'keeps') return false;
  const last = rest.at(-1);
  return isFinalSafe || (last !== undefined && isSafeOperand(last, known));
}

function isSafeOperand(node: Operand, known: Known): boolean {
  if (node.type === 'pipe') return isSafePipe(node, known);
  return node.type === 'variable' && node.names.length === 0 && known.safeVariables.has(node.variable.id);
}
