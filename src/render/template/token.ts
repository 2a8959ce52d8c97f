/** What the lexer tells apart. */
export type TokenType =
  | 'text'
  | 'left'
  | 'right'
  | 'space'
  | 'assign'
  | 'declare'
  | 'pipe'
  | 'leftParen'
  | 'rightParen'
  | 'char'
  | 'string'
  | 'rawString'
  | 'charConstant'
  | 'number'
  | 'complex'
  | 'bool'
  | 'dot'
  | 'nil'
  | 'field'
  | 'variable'
  | 'identifier'
  | 'keyword'
  | 'error'
  | 'eof';

/** A piece of the template's text; for an error its text is the message. */
export interface Token {
  readonly type: TokenType;
  readonly pos: number;
  readonly text: string;
  readonly line: number;
}

/** Words that begin a statement. */
export const KEYWORDS: ReadonlySet<string> = new Set([
  'block',
  'break',
  'continue',
  'define',
  'else',
  'end',
  'if',
  'range',
  'template',
  'with',
]);

const MAX_QUOTED = 10;

/** A token as Go's error texts name it: `"x"`, `<if>`, `EOF`. */
export function describeToken(token: Token): string {
  if (token.type === 'eof') return 'EOF';
  if (token.type === 'error') return token.text;
  if (token.type === 'keyword' || token.type === 'nil' || token.type === 'dot') return `<${token.text}>`;
  const characters = [...token.text];
  if (characters.length > MAX_QUOTED) return `${JSON.stringify(characters.slice(0, MAX_QUOTED).join(''))}...`;
  return JSON.stringify(token.text);
}
