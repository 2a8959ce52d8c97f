import { TemplateError } from './template-error.ts';
import { describeToken, type Token, type TokenType } from './token.ts';

/** Reads tokens one after the other, looks ahead and back, and says what was unexpected. */
export class TokenReader {
  readonly name: string;
  /** Line where the action being read began; 0 between actions. */
  actionLine = 0;
  readonly #tokens: readonly Token[];
  readonly #text: string;
  #at = 0;
  /** How far the tokens were looked at: Go's parse errors name the line of that one. */
  #seen = 0;

  /** The text is what the tokens were read from, to tell columns. */
  constructor(name: string, tokens: readonly Token[], text = '') {
    this.name = name;
    this.#tokens = tokens;
    this.#text = text;
  }

  /** The next token; the last one again at the end. */
  next(): Token {
    const token = this.peek();
    if (this.#at < this.#tokens.length - 1) this.#at++;
    else this.#at = this.#tokens.length;
    return token;
  }

  /** Steps one token back. */
  back(): void {
    this.#at--;
  }

  peek(): Token {
    if (this.#at > this.#seen) this.#seen = Math.min(this.#at, this.#tokens.length - 1);
    return this.#tokens[Math.min(this.#at, this.#tokens.length - 1)] as Token;
  }

  /** The next token that is not space, which is skipped. */
  peekPastSpace(): Token {
    while (this.peek().type === 'space') this.#at++;
    return this.peek();
  }

  nextPastSpace(): Token {
    this.peekPastSpace();
    return this.next();
  }

  /** The line of the last token that was looked at. */
  get line(): number {
    return (this.#tokens[this.#seen] as Token).line;
  }

  /** A mark to return to with `rewind`. */
  mark(): number {
    return this.#at;
  }

  rewind(mark: number): void {
    this.#at = mark;
  }

  /** The next token, which must be of this type. */
  expect(type: TokenType, context: string): Token {
    const token = this.nextPastSpace();
    if (token.type !== type) this.unexpected(token, context);
    return token;
  }

  unexpected(token: Token, context: string): never {
    if (token.type !== 'error') return this.fail(`unexpected ${describeToken(token)} in ${context}`, token);
    const isLater = this.actionLine !== 0 && this.actionLine !== token.line;
    const where = `action started at ${this.name}:${this.actionLine}`;
    const extra = isLater ? ` in ${where}` : '';
    return this.fail(
      token.text.endsWith(' action') && isLater
        ? `${token.text} started at ${this.name}:${this.actionLine}`
        : token.text + extra,
      token,
    );
  }

  /** Refuses the template at the token, by default the one read last; `line` is the one that Go names. */
  fail(
    reason: string,
    token: Token = this.#tokens[Math.max(0, Math.min(this.#at, this.#tokens.length) - 1)] as Token,
    line = this.line,
  ): never {
    throw new TemplateError(`template: ${this.name}:${line}: ${reason}`, {
      phase: 'parse',
      line: token.line,
      ...this.#columnOf(token),
      reason,
    });
  }

  /** Nothing for a token that Go tells by another line than the one it begins on. */
  #columnOf(token: Token): { readonly column?: number } {
    const before = this.#text.slice(0, token.pos).split('\n');
    return before.length === token.line ? { column: (before.at(-1) ?? '').length + 1 } : {};
  }
}
