import { handlebarsParser, type NativeLexer } from '../isolated-handlebars.ts';
import { TemplateError } from '../template-error.ts';
import { failAt, quote, type TemplateSource } from './template-source.ts';

/** How deeply blocks, else branches and parentheses may nest together. */
const MAX_NESTING = 200;

/** Characters of one template: some texts of 4 MiB take Handlebars' lexer a second. */
const MAX_LENGTH = 1024 * 1024;

/** Tokens of one template: reading and compiling more takes longer than a render may take. */
const MAX_TOKENS = 40_000;

/** Characters around a pipe that are looked at. */
const MAX_PIPELINE = 80;

const GO_PIPES = 'pipes are of Go templates';

/** Characters of what is unexpected that a message shows. */
const MAX_WORD = 60;

const OPENING: ReadonlySet<string> = new Set([
  'OPEN_BLOCK',
  'OPEN_INVERSE',
  'OPEN_PARTIAL_BLOCK',
  'OPEN_SEXPR',
]);
const CLOSING: ReadonlySet<string> = new Set(['OPEN_ENDBLOCK', 'CLOSE_SEXPR']);

/** What the lexer has read so far. */
interface Progress {
  tokens: number;
  /** How deep the parser is. */
  nesting: number;
  /** For each block and parenthesis that is open: where it begins, and how many else branches it has. */
  readonly open: { readonly pos: number; branches: number }[];
}

/**
 * Reads a text with Handlebars' own parser, in an instance that is ours alone and stops early on what is too
 * large. Gives Handlebars' tree, unchecked. Throws a TemplateError of phase parse.
 */
export function parseNative(source: TemplateSource): unknown {
  if (source.text.length > MAX_LENGTH) failAt(source, 0, `template is larger than ${MAX_LENGTH} characters`);
  const { parser, lexer, grammar } = handlebarsParser();
  const progress: Progress = { tokens: 0, nesting: 0, open: [] };
  const readToken = lexer.next;
  lexer.next = function next(this: NativeLexer) {
    const token = readToken.call(this);
    const name = typeof token === 'number' ? grammar.tokenNames[token] : token;
    follow(source, progress, { name: String(name), pos: startOf(this) });
    return token;
  };
  grammar.locInfo = ({ range: [pos, end] }) => ({ start: { line: 1, column: pos }, pos, end });
  grammar.parseError = () => failToken(source, progress, lexer);
  try {
    return parser.parse(source.text);
  } catch (error) {
    if (error instanceof TemplateError) throw error;
    // Its exceptions have the column of a node, which is an offset here, and end in a place of their own.
    const { message, column = startOf(lexer) } = error as Error & { column?: number };
    return failAt(source, column, describeException(message));
  }
}

/** Its words, without the place; names of the template are quoted. */
function describeException(message: string): string {
  const [reason = ''] = message.split(/ - \d+:\d+$/);
  const [opened, closed] = reason.split(" doesn't match ");
  if (opened === undefined || closed === undefined) return quote(reason);
  return `${JSON.stringify(quote(opened))} doesn't match ${JSON.stringify(quote(closed))}`;
}

/** Where the token that was read last begins. */
function startOf({ offset, match }: NativeLexer): number {
  return offset - match.length;
}

/** Counts a token, before the parser pays for it: its time grows with the square of the nesting. */
function follow(source: TemplateSource, progress: Progress, token: { name: string; pos: number }): void {
  const { open } = progress;
  if (++progress.tokens > MAX_TOKENS)
    failAt(source, token.pos, `has more than ${MAX_TOKENS} words and signs`);
  if (OPENING.has(token.name)) {
    progress.nesting++;
    open.push({ pos: token.pos, branches: 0 });
  } else if (CLOSING.has(token.name)) {
    progress.nesting -= 1 + (open.pop()?.branches ?? -1);
  } else if (token.name === 'OPEN_INVERSE_CHAIN') {
    progress.nesting++;
    const last = open.at(-1);
    if (last) last.branches++;
  }
  if (progress.nesting > MAX_NESTING) failAt(source, token.pos, `nests deeper than ${MAX_NESTING} levels`);
}

/** What the grammar has no place for. */
function failToken(source: TemplateSource, { open }: Progress, lexer: NativeLexer): never {
  const pos = startOf(lexer);
  if (pos < source.text.length) return failAt(source, pos, describeToken(source.text, pos, lexer.match));
  const last = open.at(-1);
  if (last === undefined) return failAt(source, pos, 'unexpected end of the template');
  return failAt(source, last.pos, 'the block that begins here has no end');
}

/** Names the token, and how to write what was probably meant. */
function describeToken(text: string, pos: number, token: string): string {
  const word = /^[^\s{}]+/.exec(text.slice(pos, pos + MAX_WORD))?.[0];
  const found = quote(word ?? (token === '' ? text.slice(pos, pos + 1) : token));
  const reason = `unexpected ${JSON.stringify(found)}`;
  if (found === '}}}') return `${reason}: write }} }`;
  if (found.startsWith('|')) return `${reason}: ${adviseOnPipe(text, pos)}`;
  if (/^\d+$/.test(found) && text[pos - 1] === '.') return `${reason}: write [${found}]`;
  return /^\.\w/.test(found) ? `${reason}: write ${found.slice(1)}` : reason;
}

/** A pipeline as Handlebars has it, where it is short and holds no text that may have a pipe or brace of its own. */
function adviseOnPipe(text: string, pos: number): string {
  const around = text.slice(Math.max(0, pos - MAX_PIPELINE), pos + MAX_PIPELINE);
  const start = around.lastIndexOf('{{', Math.min(pos, MAX_PIPELINE));
  const [pipeline] = /^\{\{~?[^"'{}()#^]+(?=~?\}\})/.exec(around.slice(start)) ?? [];
  const [first = '', ...calls] = (pipeline ?? '').replace(/^\{\{~?|~$/g, '').split('|');
  const steps = calls.map((call) => call.trim());
  if (start < 0 || steps.length === 0 || steps.includes(''))
    return `${GO_PIPES}: {{f x | g}} is {{g (f x)}} here`;
  const argument = (inner: string) => (/\s/.test(inner) ? `(${inner})` : inner);
  const call = steps.reduce((inner, step) => `${step} ${argument(inner)}`, first.trim());
  return `${GO_PIPES}: write {{${call}}}`;
}
