/** One step of a parsed JSONPath, applied to every value that the step before it gave. */
export type JsonPathStep =
  | { readonly kind: 'field'; readonly name: string }
  | { readonly kind: 'wildcard' }
  | { readonly kind: 'descent' }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'slice'; readonly from?: number; readonly to?: number; readonly step: number }
  | { readonly kind: 'union'; readonly branches: readonly JsonPathStep[] }
  | { readonly kind: 'filter'; readonly filter: JsonPathFilter };

/** What an item of a list must satisfy to stay; without an operator, that `left` exists. */
export interface JsonPathFilter {
  readonly left: JsonPathOperand;
  readonly comparison?: { readonly operator: Operator; readonly right: JsonPathOperand };
}

/** One side of a comparison: a path from the item, or a literal. */
export type JsonPathOperand =
  | { readonly steps: readonly JsonPathStep[] }
  | { readonly literal: string | number | bigint | boolean };

export type Operator = '==' | '!=' | '<' | '<=' | '>' | '>=';

// Specs are written by people; what is longer or points further is a mistake or an attack.
const MAX_LENGTH = 1024;
const MAX_INDEX = 2 ** 31;
const OPERATORS: readonly Operator[] = ['==', '!=', '<=', '>=', '<', '>'];
// Where an unquoted field name ends; a backslash takes any character into it. Inside a filter the operators
// end it too.
const NAME_END = /[\s.,[\]$@{}]/;
const FILTER_NAME_END = /[\s.,[\]$@{}()=!<>'"]/;

/**
 * Parses kubectl's JSONPath: one or more `{…}`, or one path without braces. Throws a SyntaxError with the
 * column, counted from 1. `range` and text between the braces are refused: they make text, not values.
 */
export function parseJsonPath(expression: string): JsonPathStep[][] {
  if (expression.length > MAX_LENGTH)
    throw new SyntaxError(`JSONPath is longer than ${MAX_LENGTH} characters`);
  return new JsonPathParser(expression).parse();
}

/** A recursive descent over the text, one method for each rule of the grammar. */
class JsonPathParser {
  readonly #text: string;
  #position = 0;
  #filterDepth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  parse(): JsonPathStep[][] {
    this.#skipSpace();
    if (this.#atEnd()) throw this.#error('the expression is empty');
    if (this.#peek() !== '{') return [this.#parseWhole()];
    const paths: JsonPathStep[][] = [];
    while (!this.#atEnd()) {
      this.#expect('{');
      paths.push(this.#parseRoot());
      this.#expect('}');
      this.#skipSpace();
    }
    return paths;
  }

  /** A path without braces: allowed because only one reading of it is possible. */
  #parseWhole(): JsonPathStep[] {
    if (!/[.[$@]/.test(this.#peek())) throw this.#error('a path starts with ".", "[" or "$"');
    const steps = this.#parseRoot();
    if (!this.#atEnd()) throw this.#error(`unexpected ${this.#describe()}`);
    return steps;
  }

  /** A path with its optional `$` or `@`; both mean the value that the path starts from. */
  #parseRoot(): JsonPathStep[] {
    this.#skipSpace();
    if (/[$@]/.test(this.#peek())) this.#position++;
    const steps = this.#parseSteps();
    this.#skipSpace();
    return steps;
  }

  #parseSteps(): JsonPathStep[] {
    const steps: JsonPathStep[] = [];
    while (/[.[]/.test(this.#peek())) {
      if (this.#take('..')) this.#parseDescent(steps);
      else if (this.#take('.')) this.#parseName(steps);
      else steps.push(this.#parseBrackets());
    }
    return steps;
  }

  /** After `..`: a field name, or brackets that begin at once. */
  #parseDescent(steps: JsonPathStep[]): void {
    if (this.#peek() === '.') throw this.#error('expected a field name after ".."');
    steps.push({ kind: 'descent' });
    if (this.#peek() !== '[') steps.push(this.#parseField());
  }

  #parseName(steps: JsonPathStep[]): void {
    // A lone "." is the value itself, and ".[0]" an index, as kubectl reads them.
    if (this.#atEnd() || /[\s}[)=!<>]/.test(this.#peek())) return;
    steps.push(this.#parseField());
  }

  #parseField(): JsonPathStep {
    const end = this.#filterDepth > 0 ? FILTER_NAME_END : NAME_END;
    const start = this.#position;
    let name = '';
    while (!this.#atEnd() && !end.test(this.#peek())) {
      if (this.#peek() === '\\') this.#position++;
      name += this.#next();
    }
    if (this.#position === start) throw this.#error(`expected a field name, not ${this.#describe()}`);
    return name === '*' ? { kind: 'wildcard' } : { kind: 'field', name };
  }

  /** One selector, or several with commas between them, which make a union. */
  #parseBrackets(): JsonPathStep {
    if (this.#take('[?(')) return this.#parseFilter();
    this.#expect('[');
    const branches = [this.#parseSelector()];
    while (this.#take(',')) branches.push(this.#parseSelector());
    this.#expect(']');
    const [first] = branches;
    return branches.length === 1 && first !== undefined ? first : { kind: 'union', branches };
  }

  #parseSelector(): JsonPathStep {
    this.#skipSpace();
    const selector = this.#parseSelectorBody();
    this.#skipSpace();
    return selector;
  }

  /** A quoted key, `*`, an index, or a slice `from:to:step` of which any part may be absent. */
  #parseSelectorBody(): JsonPathStep {
    if (/['"]/.test(this.#peek())) return { kind: 'field', name: this.#parseQuoted() };
    if (this.#take('*')) return { kind: 'slice', step: 1 };
    const from = this.#parseInteger();
    if (!this.#take(':')) {
      if (from === undefined)
        throw this.#error(`expected an index, "*" or a quoted key, not ${this.#describe()}`);
      return { kind: 'index', index: from };
    }
    const to = this.#parseInteger();
    const step = this.#take(':') ? (this.#parseInteger() ?? 1) : 1;
    if (step < 1) throw this.#error('the step of a slice must be at least 1');
    return { kind: 'slice', step, ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
  }

  /** `[?(left)]` or `[?(left operator right)]`; the opening is already taken. */
  #parseFilter(): JsonPathStep {
    this.#filterDepth++;
    const left = this.#parseOperand();
    const operator = OPERATORS.find((candidate) => this.#take(candidate));
    const comparison = operator && { operator, right: this.#parseOperand() };
    this.#filterDepth--;
    this.#expect(')');
    this.#expect(']');
    return { kind: 'filter', filter: { left, ...(comparison && { comparison }) } };
  }

  #parseOperand(): JsonPathOperand {
    this.#skipSpace();
    const operand = this.#parseOperandBody();
    this.#skipSpace();
    return operand;
  }

  #parseOperandBody(): JsonPathOperand {
    if (/['"]/.test(this.#peek())) return { literal: this.#parseQuoted() };
    if (/[@$.]/.test(this.#peek())) return { steps: this.#parseRoot() };
    const word = /^[^\s()=!<>[\]]+/.exec(this.#text.slice(this.#position))?.[0] ?? '';
    const literal = literalOf(word);
    if (literal === undefined) throw this.#error(`expected "@", a quoted text, a number, true or false`);
    this.#position += word.length;
    return { literal };
  }

  /** A text in either kind of quotes, where a backslash takes the next character as it is. */
  #parseQuoted(): string {
    const start = this.#position;
    const quote = this.#next();
    let value = '';
    while (this.#peek() !== quote) {
      if (this.#atEnd()) throw this.#error('the quote is not closed', start);
      if (this.#peek() === '\\') this.#position++;
      value += this.#next();
    }
    this.#position++;
    return value;
  }

  #parseInteger(): number | undefined {
    const digits = /^-?\d+/.exec(this.#text.slice(this.#position))?.[0];
    if (digits === undefined) return undefined;
    if (Math.abs(Number(digits)) > MAX_INDEX) throw this.#error('the index is too large');
    this.#position += digits.length;
    return Number(digits);
  }

  #peek(): string {
    return this.#text.charAt(this.#position);
  }

  #next(): string {
    return this.#text.charAt(this.#position++);
  }

  #take(token: string): boolean {
    if (!this.#text.startsWith(token, this.#position)) return false;
    this.#position += token.length;
    return true;
  }

  #expect(token: string): void {
    if (!this.#take(token)) throw this.#error(`expected "${token}", not ${this.#describe()}`);
  }

  #skipSpace(): void {
    while (/[ \t]/.test(this.#peek())) this.#position++;
  }

  #atEnd(): boolean {
    return this.#position >= this.#text.length;
  }

  #describe(): string {
    return this.#atEnd() ? 'the end' : JSON.stringify(this.#peek());
  }

  #error(problem: string, position = this.#position): SyntaxError {
    return new SyntaxError(`column ${position + 1} of the JSONPath: ${problem}`);
  }
}

/** A bare word as a value: true, false, or a number with all of its digits. */
function literalOf(word: string): number | bigint | boolean | undefined {
  if (word === 'true' || word === 'false') return word === 'true';
  if (/^[-+]?\d+$/.test(word)) {
    return Number.isSafeInteger(Number(word)) ? Number(word) : BigInt(word.replace('+', ''));
  }
  return /^[-+]?\d*\.?\d+([eE][-+]?\d+)?$/.test(word) ? Number(word) : undefined;
}
