import type { Chooser } from './chooser.ts';
import { operand, pipeline, type Scope } from './expressions.ts';

/** Where a statement stands. */
interface Position extends Scope {
  readonly delimiters: readonly [string, string];
  readonly isInRange: boolean;
  /** Templates to call. One that is defined calls none, as it could call itself without end. */
  readonly templates: readonly string[];
}

const TEXTS = ['', ' ', '\n', 'text', ' a: b\n', '\n  - ', 'é ', ' { } ', '"q" ', '\t\n', 'x\r\ny', '-'];
const DEFINITIONS: readonly (readonly string[])[] = [
  ...Array(9).fill([]),
  ...Array(9).fill(['"t1"', '`t2`']),
  ['"t1"'],
  ['"t1"', '"t1"'],
];
const NAMES = ['$x', '$y', '$v'];

/** A whole template: what it defines, variables, and statements. */
export function template(scope: Omit<Scope, 'root'>, delimiters: readonly [string, string]): string {
  const { chooser } = scope;
  const templates = chooser.pick(DEFINITIONS);
  const names = chooser.some(0, 2, () => chooser.pick(NAMES));
  const start: Position = {
    ...scope,
    root: '',
    delimiters,
    variables: ['$'],
    isInRange: false,
    templates: templates.length > 0 ? templates : ['"zz"'],
  };
  const inside: Position = { ...start, variables: ['$', ...names] };
  const parts = [
    ...templates.map((name) => definition(start, name)),
    ...names.map((name) => action(start, `${name} := ${pipeline(start, 1)}`)),
    ...statements(inside, 2),
  ];
  if (templates.length > 0 && chooser.percent(30)) parts.push(parts.shift() as string);
  return parts.join('');
}

function statements(at: Position, depth: number): string[] {
  return at.chooser.some(1, 2, () => at.chooser.pick(TEXTS) + statement(at, depth));
}

function body(at: Position, depth: number): string {
  return statements(at, depth).join('');
}

type Maker = (at: Position, depth: number) => string;

const LEAVES: readonly Maker[] = [
  (at) => action(at, pipeline(at, 2)),
  (at) => action(at, pipeline(at, 2)),
  (at) => action(at, pipeline(at, 2)),
  declaration,
  templateCall,
  (at) => comment(at),
];

const BRANCHES: readonly Maker[] = [condition('if'), condition('with'), range, blockStatement];

/** A new variable, or another value for one that is mostly there. */
function declaration(at: Position): string {
  const { chooser } = at;
  const known = at.variables.filter((name) => name !== '$' && chooser.percent(90));
  const name = chooser.pick([...known, ...(known.length === 0 ? NAMES : [])]);
  const sign = known.length > 0 || chooser.percent(5) ? chooser.pick(['=', '=', ':=']) : ':=';
  return action(at, `${name} ${sign} ${pipeline(at, 1)}`);
}

function templateCall(at: Position): string {
  const isUnknown = at.templates.includes('"zz"') && at.chooser.percent(90);
  const text = isUnknown ? pipeline(at, 1) : `template ${at.chooser.pick(at.templates)} ${argument(at)}`;
  return action(at, text);
}

function statement(at: Position, depth: number): string {
  const { chooser } = at;
  if (at.isInRange && chooser.percent(8)) {
    return `${action(at, `if ${operand(at, 'any', 1)}`)}${action(at, chooser.pick(['break', 'continue']))}${action(at, 'end')}`;
  }
  if (depth > 0 && chooser.percent(35)) return chooser.pick(BRANCHES)(at, depth - 1);
  return chooser.pick(LEAVES)(at, depth);
}

function condition(word: 'if' | 'with'): Maker {
  return (at, depth) => {
    const { chooser } = at;
    const name = chooser.percent(25) ? chooser.pick(NAMES) : undefined;
    const variables = name === undefined ? at.variables : [...at.variables, name];
    const inside: Position = { ...at, variables, root: word === 'with' ? '$' : at.root };
    const declared = name === undefined ? '' : `${name} := `;
    const chained =
      word === 'if' && chooser.percent(25)
        ? [action(at, `else if ${pipeline(inside, 1)}`), body(inside, depth)]
        : [];
    const otherwise = chooser.percent(40) ? [action(at, 'else'), body(inside, depth)] : [];
    const start = action(at, `${word} ${declared}${pipeline(at, 1)}`);
    return [start, body(inside, depth), ...chained, ...otherwise, action(at, 'end')].join('');
  };
}

function range(at: Position, depth: number): string {
  const { chooser } = at;
  const names = chooser.pick([[], [], ['$e'], ['$i', '$e'], ['$i', '$e'], ['$x', '$y']]);
  const inside: Position = { ...at, isInRange: true, root: '$', variables: [...at.variables, ...names] };
  const declared = names.length === 0 ? '' : `${names.join(chooser.pick([',', ', ', ' , ']))} := `;
  const over = operand(at, chooser.pick(['list', 'list', 'map', 'any']), 1);
  const otherwise = chooser.percent(30) ? [action(at, 'else'), body(at, depth)] : [];
  return [action(at, `range ${declared}${over}`), body(inside, depth), ...otherwise, action(at, 'end')].join(
    '',
  );
}

function blockStatement(at: Position, depth: number): string {
  const name = `"b${at.chooser.below(1000)}"`;
  const inside: Position = { ...at, variables: ['$'], isInRange: false };
  return [action(at, `block ${name} ${argument(at)}`), body(inside, depth), action(at, 'end')].join('');
}

/** What a template is called on: mostly the data itself. */
function argument(at: Position): string {
  return at.chooser.percent(70) ? at.root || '.' : operand(at, 'any', 1);
}

function definition(at: Position, name: string): string {
  return [action(at, `define ${name}`), body({ ...at, templates: ['"zz"'] }, 1), action(at, 'end')].join('');
}

function action({ chooser, delimiters }: Position, text: string): string {
  const [left, right] = delimiters;
  return left + open(chooser) + text + close(chooser) + right;
}

function open(chooser: Chooser): string {
  return chooser.percent(12) ? chooser.pick(['- ', '-\n', '-  ']) : chooser.pick(['', ' ', '', ' \n ']);
}

function close(chooser: Chooser): string {
  return chooser.percent(12) ? chooser.pick([' -', '\n-', '  -']) : chooser.pick(['', ' ', '', '\t']);
}

function comment({ chooser, delimiters }: Position): string {
  const [left, right] = delimiters;
  const text = chooser.pick(['/* c */', '/**/', '/* a\n}} b */', '/* " */']);
  return chooser.percent(30) ? `${left}- ${text} -${right}` : left + text + right;
}
