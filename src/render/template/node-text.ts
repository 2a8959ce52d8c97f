import { quoteGo } from '../values/quote.ts';
import type { CommandNode, Operand, PipeNode, TemplateNode, Variable } from './tree.ts';

/** A pipeline as Go's error texts print it. */
function pipeText(pipe: PipeNode): string {
  const declared = pipe.variables.map((variable: Variable) => variable.name).join(', ');
  const commands = pipe.commands.map(commandText).join(' | ');
  return declared === '' ? commands : `${declared} ${pipe.isAssignment ? '=' : ':='} ${commands}`;
}

/** A command as Go's error texts print it. */
export function commandText(command: CommandNode): string {
  if (command.written !== undefined) return command.written;
  return command.args.map((arg) => (arg.type === 'pipe' ? `(${pipeText(arg)})` : operandText(arg))).join(' ');
}

/** An operand as Go's error texts print it. */
export function operandText(node: Operand): string {
  if ('written' in node && node.written !== undefined) return node.written;
  switch (node.type) {
    case 'dot':
      return '.';
    case 'nil':
      return 'nil';
    case 'bool':
      return String(node.value);
    case 'string':
    case 'number':
      return node.source;
    case 'field':
      return node.names.map((name) => `.${name}`).join('');
    case 'variable':
      return [node.variable.name, ...node.names].join('.');
    case 'function':
      return node.name;
    case 'chain':
      return `${chainBase(node.node)}${node.names.map((name) => `.${name}`).join('')}`;
    case 'pipe':
      return pipeText(node);
  }
}

/** A template call as Go's error texts print it. */
export function templateText(node: TemplateNode): string {
  const argument = node.pipe === undefined ? '' : ` ${pipeText(node.pipe)}`;
  return `{{template ${quoteGo(node.name)}${argument}}}`;
}

function chainBase(node: Operand): string {
  return node.type === 'pipe' ? `(${pipeText(node)})` : operandText(node);
}
