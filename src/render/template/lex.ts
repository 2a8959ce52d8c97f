import { describeRune, quoteGo } from '../values/quote.ts';
import { KEYWORDS, type Token, type TokenType } from './token.ts';

const LETTER_OR_DIGIT = /^[\p{L}\p{Nd}_]$/u;
const TRIM_MARKER_LENGTH = 2;
/** Names, signs and spaces of all actions together: compiling takes a few microseconds for each. */
export const MAX_TOKENS = 30_000;
const OPEN_COMMENT = '/*';
const CLOSE_COMMENT = '*/';
const NUMBER =
  /[+-]?(?:0[xX][0-9a-fA-F_]*(?:\.[0-9a-fA-F_]*)?(?:[pP][+-]?[0-9_]*)?|0[oO][0-7_]*(?:\.[0-7_]*)?|0[bB][01_]*(?:\.[01_]*)?|[0-9_]*(?:\.[0-9_]*)?(?:[eE][+-]?[0-9_]*)?)i?/y;

/** The state of one pass over a template's text. */
interface Lexer {
  readonly input: string;
  readonly left: string;
  readonly right: string;
  readonly tokens: Token[];
  pos: number;
  start: number;
  line: number;
  startLine: number;
  parens: number;
}

/**
 * Splits a template into tokens by Go's rules: trim markers, comments that touch their delimiters, strings
 * that may hold delimiters. A mistake is an `error` token, which is always the last one.
 */
export function lex(input: string, left: string, right: string): Token[] {
  const lexer: Lexer = { input, left, right, tokens: [], pos: 0, start: 0, line: 1, startLine: 1, parens: 0 };
  while (lexText(lexer) && lexAction(lexer));
  return lexer.tokens;
}

/** Whether the character may stand in a name. */
function isNameCharacter(char: string): boolean {
  return LETTER_OR_DIGIT.test(char);
}

/** Reads up to and including the next left delimiter; false at the end of the text. */
function lexText(lexer: Lexer): boolean {
  for (;;) {
    if (lexer.tokens.length > MAX_TOKENS) return tooLong(lexer);
    const found = lexer.input.indexOf(lexer.left, lexer.pos);
    if (found < 0) return lexRest(lexer);
    const afterLeft = found + lexer.left.length;
    const trims = hasLeftTrimMarker(lexer.input, afterLeft);
    lexer.pos = trims ? trimRight(lexer.input, lexer.start, found) : found;
    if (lexer.pos > lexer.start) emit(lexer, 'text');
    lexer.pos = found;
    skip(lexer);
    const inside = trims ? afterLeft + TRIM_MARKER_LENGTH : afterLeft;
    if (!lexer.input.startsWith(OPEN_COMMENT, inside)) return lexLeftDelimiter(lexer, inside);
    lexer.pos = inside;
    skip(lexer);
    if (!lexComment(lexer)) return false;
  }
}

function tooLong(lexer: Lexer): false {
  return fail(lexer, `template has more than ${MAX_TOKENS} words, signs and spaces in its actions`);
}

function lexRest(lexer: Lexer): false {
  lexer.pos = lexer.input.length;
  if (lexer.pos > lexer.start) emit(lexer, 'text');
  emit(lexer, 'eof');
  return false;
}

function lexLeftDelimiter(lexer: Lexer, inside: number): true {
  lexer.pos += lexer.left.length;
  emit(lexer, 'left');
  lexer.pos = inside;
  skip(lexer);
  lexer.parens = 0;
  return true;
}

function lexComment(lexer: Lexer): boolean {
  const close = lexer.input.indexOf(CLOSE_COMMENT, lexer.pos + OPEN_COMMENT.length);
  if (close < 0) return fail(lexer, 'unclosed comment');
  lexer.pos = close + CLOSE_COMMENT.length;
  const delimiter = rightDelimiterAt(lexer, lexer.pos);
  if (!delimiter.found) return fail(lexer, 'comment ends before closing delimiter');
  lexer.pos = closeAction(lexer, delimiter.trims);
  skip(lexer);
  return true;
}

/** Reads the tokens of one action and its right delimiter; false after an error. */
function lexAction(lexer: Lexer): boolean {
  for (;;) {
    if (lexer.tokens.length > MAX_TOKENS) return tooLong(lexer);
    const delimiter = rightDelimiterAt(lexer, lexer.pos);
    if (delimiter.found) {
      if (lexer.parens > 0) return fail(lexer, 'unclosed left paren');
      return lexRightDelimiter(lexer, delimiter.trims);
    }
    if (lexer.pos >= lexer.input.length) return fail(lexer, 'unclosed action');
    if (!lexToken(lexer)) return false;
  }
}

function lexRightDelimiter(lexer: Lexer, trims: boolean): boolean {
  if (trims) {
    lexer.pos += TRIM_MARKER_LENGTH;
    skip(lexer);
  }
  lexer.pos += lexer.right.length;
  emit(lexer, 'right');
  if (trims) {
    lexer.pos = skipSpaces(lexer.input, lexer.pos);
    skip(lexer);
  }
  return true;
}

function lexToken(lexer: Lexer): boolean {
  const char = charAt(lexer.input, lexer.pos);
  if (isSpace(char)) return lexSpace(lexer);
  switch (char) {
    case '=':
      return take(lexer, 'assign', 1);
    case '|':
      return take(lexer, 'pipe', 1);
    case ':':
      return lexDeclare(lexer);
    case '"':
      return lexQuoted(lexer, '"', 'string', 'unterminated quoted string');
    case "'":
      return lexQuoted(lexer, "'", 'charConstant', 'unterminated character constant');
    case '`':
      return lexRawString(lexer);
    case '$':
      return lexName(lexer, 'variable');
    case '(':
      lexer.parens++;
      return take(lexer, 'leftParen', 1);
    case ')':
      return lexRightParen(lexer);
  }
  return lexWord(lexer, char);
}

function lexWord(lexer: Lexer, char: string): boolean {
  const next = lexer.input[lexer.pos + 1];
  if (char === '.' && next !== undefined && !isDigit(next)) return lexName(lexer, 'field');
  if (char === '.' || char === '+' || char === '-' || isDigit(char)) return lexNumber(lexer);
  if (isNameCharacter(char)) return lexIdentifier(lexer);
  if (char > ' ' && char <= '~') return take(lexer, 'char', 1);
  return fail(lexer, `unrecognized character in action: ${describeRune(char)}`);
}

function lexSpace(lexer: Lexer): boolean {
  const end = skipSpaces(lexer.input, lexer.pos);
  const isBeforeTrim = lexer.input[end] === '-' && lexer.input.startsWith(lexer.right, end + 1);
  const stop = isBeforeTrim ? end - 1 : end;
  lexer.pos = stop;
  emit(lexer, 'space');
  return true;
}

function lexDeclare(lexer: Lexer): boolean {
  if (lexer.input[lexer.pos + 1] !== '=') return fail(lexer, 'expected :=');
  return take(lexer, 'declare', 2);
}

function lexRightParen(lexer: Lexer): boolean {
  if (lexer.parens-- > 0) return take(lexer, 'rightParen', 1);
  take(lexer, 'rightParen', 1);
  return fail(lexer, "unexpected right paren U+0029 ')'");
}

function lexQuoted(lexer: Lexer, quote: string, type: TokenType, message: string): boolean {
  for (let i = lexer.pos + 1; i < lexer.input.length && lexer.input[i] !== '\n'; i++) {
    if (lexer.input[i] === quote) return take(lexer, type, i + 1 - lexer.pos);
    if (lexer.input[i] === '\\') i++;
    if (lexer.input[i] === '\n') break;
  }
  return fail(lexer, message);
}

function lexRawString(lexer: Lexer): boolean {
  const close = lexer.input.indexOf('`', lexer.pos + 1);
  if (close < 0) return fail(lexer, 'unterminated raw quoted string');
  return take(lexer, 'rawString', close + 1 - lexer.pos);
}

/** A field, a variable, or the dot or dollar alone. */
function lexName(lexer: Lexer, type: 'field' | 'variable'): boolean {
  const end = endOfName(lexer.input, lexer.pos + 1);
  if (!isTerminator(lexer, end)) return badCharacter(lexer, end);
  const isAlone = end === lexer.pos + 1;
  return take(lexer, isAlone && type === 'field' ? 'dot' : type, end - lexer.pos);
}

function lexIdentifier(lexer: Lexer): boolean {
  const end = endOfName(lexer.input, lexer.pos);
  if (!isTerminator(lexer, end)) return badCharacter(lexer, end);
  const word = lexer.input.slice(lexer.pos, end);
  if (KEYWORDS.has(word)) return take(lexer, 'keyword', word.length);
  if (word === 'true' || word === 'false') return take(lexer, 'bool', word.length);
  return take(lexer, word === 'nil' ? 'nil' : 'identifier', word.length);
}

function lexNumber(lexer: Lexer): boolean {
  let end = endOfNumber(lexer.input, lexer.pos);
  if (end < 0) return badNumber(lexer, -end);
  const sign = lexer.input[end];
  if (sign !== '+' && sign !== '-') return take(lexer, 'number', end - lexer.pos);
  end = endOfNumber(lexer.input, end);
  if (end < 0 || lexer.input[end - 1] !== 'i') return badNumber(lexer, Math.abs(end));
  return take(lexer, 'complex', end - lexer.pos);
}

/** The end of a number; negative when a letter or digit follows that cannot belong to it. */
function endOfNumber(input: string, at: number): number {
  NUMBER.lastIndex = at;
  const end = at + (NUMBER.exec(input)?.[0].length ?? 0);
  const next = charAt(input, end);
  return next !== '' && isNameCharacter(next) ? -(end + next.length) : end;
}

function badNumber(lexer: Lexer, end: number): boolean {
  return fail(lexer, `bad number syntax: ${quoteGo(lexer.input.slice(lexer.start, end))}`);
}

function badCharacter(lexer: Lexer, at: number): boolean {
  return fail(lexer, `bad character ${describeRune(charAt(lexer.input, at))}`);
}

function endOfName(input: string, at: number): number {
  let end = at;
  for (let char = charAt(input, end); char !== '' && isNameCharacter(char); char = charAt(input, end)) {
    end += char.length;
  }
  return end;
}

function isTerminator(lexer: Lexer, at: number): boolean {
  const char = charAt(lexer.input, at);
  return char === '' || isSpace(char) || '.,|:)('.includes(char) || lexer.input.startsWith(lexer.right, at);
}

function take(lexer: Lexer, type: TokenType, length: number): boolean {
  lexer.pos += length;
  emit(lexer, type);
  return true;
}

function emit(lexer: Lexer, type: TokenType): void {
  const text = lexer.input.slice(lexer.start, lexer.pos);
  lexer.tokens.push({ type, pos: lexer.start, text, line: lexer.startLine });
  skip(lexer);
}

function skip(lexer: Lexer): void {
  for (let i = lexer.start; i < lexer.pos; i++) if (lexer.input.charCodeAt(i) === 10) lexer.line++;
  lexer.start = lexer.pos;
  lexer.startLine = lexer.line;
}

function fail(lexer: Lexer, message: string): false {
  lexer.tokens.push({ type: 'error', pos: lexer.start, text: message, line: lexer.startLine });
  return false;
}

function rightDelimiterAt(lexer: Lexer, at: number): { found: boolean; trims: boolean } {
  const hasMarker = isSpace(charAt(lexer.input, at)) && lexer.input[at + 1] === '-';
  if (hasMarker && lexer.input.startsWith(lexer.right, at + TRIM_MARKER_LENGTH))
    return { found: true, trims: true };
  return { found: lexer.input.startsWith(lexer.right, at), trims: false };
}

function closeAction(lexer: Lexer, trims: boolean): number {
  const end = lexer.pos + (trims ? TRIM_MARKER_LENGTH : 0) + lexer.right.length;
  return trims ? skipSpaces(lexer.input, end) : end;
}

function hasLeftTrimMarker(input: string, at: number): boolean {
  return input[at] === '-' && isSpace(charAt(input, at + 1));
}

function trimRight(input: string, start: number, end: number): number {
  let at = end;
  while (at > start && isSpace(input[at - 1] as string)) at--;
  return at;
}

function skipSpaces(input: string, at: number): number {
  let end = at;
  while (end < input.length && isSpace(input[end] as string)) end++;
  return end;
}

function charAt(input: string, at: number): string {
  const code = input.codePointAt(at);
  return code === undefined ? '' : String.fromCodePoint(code);
}

function isSpace(char: string): boolean {
  return char === ' ' || char === '\t' || char === '\r' || char === '\n';
}

function isDigit(char: string): boolean {
  return char >= '0' && char <= '9';
}
