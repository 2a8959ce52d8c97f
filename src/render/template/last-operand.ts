import type { CommandNode, Operand } from './tree.ts';

/** What Go evaluated last in an operand: there its error texts point after a pipeline has been run. */
export function lastOperand(node: Operand): Operand {
  if (node.type === 'chain') return lastOperand(node.node);
  if (node.type !== 'pipe') return node;
  const last = node.commands.at(-1) as CommandNode;
  return lastOperand(last.args.at(-1) as Operand);
}
