/** The few nodes of Handlebars' syntax tree that templates are lowered to. */

/** The one helper that every node calls; its first argument is the number of a site. */
export const HELPER = 'go';

interface Path {
  readonly type: 'PathExpression';
  readonly data: false;
  readonly depth: 0;
  readonly parts: string[];
  readonly original: string;
}

interface NumberLiteral {
  readonly type: 'NumberLiteral';
  readonly value: number;
  readonly original: number;
}

interface SubExpression {
  readonly type: 'SubExpression';
  readonly path: Path;
  readonly params: HandlebarsExpression[];
}

/** What may be an argument. */
export type HandlebarsExpression = Path | NumberLiteral | SubExpression;

/** What may stand in a program. */
export type HandlebarsStatement =
  | { readonly type: 'ContentStatement'; readonly value: string; readonly original: string }
  | {
      readonly type: 'MustacheStatement';
      readonly path: Path;
      readonly params: HandlebarsExpression[];
      readonly escaped: false;
      readonly strip: { open: false; close: false };
    }
  | {
      readonly type: 'BlockStatement';
      readonly path: Path;
      readonly params: HandlebarsExpression[];
      readonly program: HandlebarsProgram;
      readonly inverse: HandlebarsProgram | undefined;
      readonly openStrip: object;
      readonly inverseStrip: object;
      readonly closeStrip: object;
    };

/** A list of statements. */
export interface HandlebarsProgram {
  readonly type: 'Program';
  readonly body: HandlebarsStatement[];
  readonly strip: object;
}

/** The current context. */
export function dot(): HandlebarsExpression {
  return { type: 'PathExpression', data: false, depth: 0, parts: [], original: '.' };
}

/** The value of a site. */
export function expression(site: number, args: readonly HandlebarsExpression[]): HandlebarsExpression {
  return { type: 'SubExpression', path: helper(), params: [siteNumber(site), ...args] };
}

/** A site that stands alone. */
export function statement(site: number, args: readonly HandlebarsExpression[]): HandlebarsStatement {
  const params = [siteNumber(site), ...args];
  return {
    type: 'MustacheStatement',
    path: helper(),
    params,
    escaped: false,
    strip: { open: false, close: false },
  };
}

/** A site that runs programs. */
export function block(
  site: number,
  args: readonly HandlebarsExpression[],
  program: HandlebarsProgram,
  inverse: HandlebarsProgram | undefined,
): HandlebarsStatement {
  const params = [siteNumber(site), ...args];
  const strips = { openStrip: {}, inverseStrip: {}, closeStrip: {} };
  return { type: 'BlockStatement', path: helper(), params, program, inverse, ...strips };
}

/** Literal text. */
export function content(text: string): HandlebarsStatement {
  return { type: 'ContentStatement', value: text, original: text };
}

/** A list of statements. */
export function program(body: HandlebarsStatement[]): HandlebarsProgram {
  return { type: 'Program', body, strip: {} };
}

function helper(): Path {
  return { type: 'PathExpression', data: false, depth: 0, parts: [HELPER], original: HELPER };
}

function siteNumber(value: number): NumberLiteral {
  return { type: 'NumberLiteral', value, original: value };
}
