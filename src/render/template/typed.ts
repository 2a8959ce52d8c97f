import { failRefused } from './error-text.ts';
import { TemplateError } from './template-error.ts';
import type { Operand, PipeNode, Statement, TemplateTree } from './tree.ts';

/**
 * What a set takes the output of a template for: a leaf of content, whose type `typed` may decide; a text, which has
 * none; or a content that only makes sense as one text.
 */
export type TemplateUse = 'leaf' | 'text' | 'content';

const REASONS: Readonly<Record<TemplateUse, string>> = {
  leaf: 'typed works only as the end of a leaf\'s single action: "{{ ... | typed }}"',
  text: 'typed has no effect here: only a value in content takes the type of its template',
  content: 'typed has no effect here: templates that span several values make this content one text',
};

const IN_HANDLEBARS = 'typed works only as a leaf\'s single call: "{{typed ...}}"';

/** Calls that one error names. */
const MAX_NAMED = 20;

/**
 * Whether the value of a template is that of its last action, as `typed` at the end of it says. All before must print
 * nothing: variables, blank text, and blocks of these. A line break may follow, as a block of YAML ends in one.
 */
export function isTyped(body: readonly Statement[]): boolean {
  return typedAction(body) !== undefined;
}

/** Refuses, in one error, every call of `typed` that has no effect for this use of the template. */
export function checkTyped(
  trees: ReadonlyMap<string, TemplateTree>,
  {
    name,
    text,
    use,
    dialect,
  }: { name: string; text: string; use: TemplateUse; dialect: 'go' | 'handlebars' },
): void {
  if (!text.includes('typed')) return;
  const main = trees.get(name)?.body ?? [];
  const allowed = use === 'leaf' ? typedAction(main)?.commands.at(-1)?.args[0] : undefined;
  const calls = [...trees.values()].flatMap(({ body }) => findCalls(body));
  const misplaced = calls.filter((call) => call !== allowed).slice(0, MAX_NAMED);
  const reason = dialect === 'handlebars' && use === 'leaf' ? IN_HANDLEBARS : REASONS[use];
  if (misplaced.length > 0) {
    failRefused(
      name,
      text,
      misplaced.map(({ pos }) => ({ pos, reason })),
    );
  }
}

/** Whether a template was refused for a `typed` without effect. */
export function isTypedRefusal(error: unknown): boolean {
  return error instanceof TemplateError && [IN_HANDLEBARS, ...Object.values(REASONS)].includes(error.reason);
}

function typedAction(body: readonly Statement[]): PipeNode | undefined {
  const end = body.findLastIndex((statement) => statement.type !== 'text' || !/^\n*$/.test(statement.text));
  const last = body[end];
  if (last?.type !== 'action' || last.pipe.variables.length > 0) return undefined;
  const call = last.pipe.commands.at(-1)?.args[0];
  const endsTyped = call?.type === 'function' && call.name === 'typed';
  return endsTyped && body.slice(0, end).every(isSilent) ? last.pipe : undefined;
}

/** Whether a statement prints nothing, whatever the data. */
function isSilent(statement: Statement): boolean {
  switch (statement.type) {
    case 'text':
      return statement.text.trim() === '';
    case 'action':
      return statement.pipe.variables.length > 0;
    case 'if':
    case 'with':
    case 'range':
      return statement.body.every(isSilent) && (statement.otherwise ?? []).every(isSilent);
    case 'template':
      return false;
    case 'break':
    case 'continue':
      return true;
  }
}

type FunctionOperand = Extract<Operand, { type: 'function' }>;

/** All calls of `typed`, in the order of the text. */
function findCalls(body: readonly Statement[]): FunctionOperand[] {
  return body.flatMap((statement) => {
    const own = 'pipe' in statement && statement.pipe ? callsIn(statement.pipe) : [];
    if (!('body' in statement)) return own;
    return [...own, ...findCalls(statement.body), ...findCalls(statement.otherwise ?? [])];
  });
}

function callsIn(node: Operand): FunctionOperand[] {
  if (node.type === 'function') return node.name === 'typed' ? [node] : [];
  if (node.type === 'chain') return callsIn(node.node);
  if (node.type !== 'pipe') return [];
  return node.commands.flatMap((command) => command.args.flatMap(callsIn));
}
