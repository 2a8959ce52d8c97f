import { TemplateError } from './template-error.ts';
import { describeToken, type Token, type TokenType } from './token.ts';

/** Reads tokens one after the other, looks ahead and back, and says what was unexpected. */
export class TokenReader {
  readonly name: string;
  /** Line where the action being read began; 0 between actions. */
  actionLine = 0;
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(name: string, tokens: readonly Token[]) {
    this.name = name;
    this.#tokens = tokens;
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

  /** Refuses the template at the token, by default the one read last. */
  fail(
    reason: string,
    token: Token = this.#tokens[Math.max(0, Math.min(this.#at, this.#tokens.length) - 1)] as Token,
  ): never {
    throw new TemplateError(`template: ${this.name}:${token.line}: ${reason}`, {
      phase: 'parse',
      line: token.line,
      reason,
    });
  }
}
