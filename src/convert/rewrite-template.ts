import { StalledError } from '../api/errors.ts';
import { VALIDATION_FAILED } from '../api/reasons.ts';
import { formatPath, formatPosition } from '../api/source.ts';
import { functionsOf } from '../render/functions/profiles.ts';
import { knownFunctions } from '../render/functions/refusals.ts';
import { lex } from '../render/template/lex.ts';
import { parseTemplate } from '../render/template/parse.ts';
import { TemplateError } from '../render/template/template-error.ts';
import type { Token } from '../render/template/token.ts';
import type { Field } from './field.ts';
import { type Dot, Scope } from './scope.ts';
import type { Delimiters } from './template-words.ts';

/** What a token becomes; undefined: it stays. */
export type RewriteToken = (token: Token, place: TokenPlace) => string | undefined;

/** Where a token stands. */
export interface TokenPlace {
  /** The token before it, where no space is between them. */
  readonly before: Token | undefined;
  /** The token after it, where no space is between them. */
  readonly after: Token | undefined;
  readonly dot: Dot;
}

/** How templates of another tool are read. */
export interface RewriteOptions {
  readonly delimiters: Delimiters;
  /** Functions that only the other tool has. */
  readonly extra?: readonly string[];
  readonly rewrite: RewriteToken;
}

const FUNCTIONS = knownFunctions(functionsOf('generatorset', 'exact'), { allowNonDeterministic: true });

/**
 * The template with some of its tokens rewritten, and every other character as it was. Throws a StalledError with the
 * place of what cannot be parsed, or calls a function that is not there.
 */
export function rewriteTemplate(text: string, field: Field, options: RewriteOptions): string {
  const [left, right] = options.delimiters;
  if (!text.includes(left)) return text;
  checkTemplate(text, field, options);
  const tokens = lex(text, left, right);
  const scope = new Scope();
  let rewritten = '';
  let end = 0;
  tokens.forEach((token, index) => {
    const place = {
      before: adjacent(tokens[index - 1], token),
      after: next(token, tokens[index + 1]),
      dot: scope.dot,
    };
    const replacement = isInAction(token) ? options.rewrite(token, place) : undefined;
    scope.read(token);
    if (replacement === undefined) return;
    rewritten += text.slice(end, token.pos) + replacement;
    end = token.pos + token.text.length;
  });
  return rewritten + text.slice(end);
}

/** An error at a character of a field. */
export function templateProblem(
  field: Field,
  reason: string,
  options: { readonly within?: { line: number; column: number } | undefined; readonly cause?: unknown } = {},
): StalledError {
  const position = field.source.locate(field.path, options.within);
  const message = `${formatPosition(position)}: ${formatPath(field.path)}: ${reason}`;
  return new StalledError(VALIDATION_FAILED, message, { cause: options.cause });
}

function checkTemplate(text: string, field: Field, { delimiters, extra = [] }: RewriteOptions): void {
  const functions = { ...FUNCTIONS, has: (name: string) => extra.includes(name) || FUNCTIONS.has(name) };
  try {
    parseTemplate(text, { name: 'template', delimiters, functions });
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    const { line, column, reason } = error;
    const within = column === undefined ? undefined : { line, column };
    throw templateProblem(field, reason, { within, cause: error });
  }
}

function isInAction({ type }: Token): boolean {
  return type !== 'text' && type !== 'eof' && type !== 'left' && type !== 'right';
}

function adjacent(before: Token | undefined, token: Token): Token | undefined {
  return before && before.pos + before.text.length === token.pos && isInAction(before) ? before : undefined;
}

function next(token: Token, after: Token | undefined): Token | undefined {
  return after && adjacent(token, after) ? after : undefined;
}
