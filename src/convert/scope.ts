import type { Token } from '../render/template/token.ts';

/** What `.` is: the data itself; a value of a `range` or `with`; or the argument of a `define`, which `$` is too. */
export type Dot = 'root' | 'inner' | 'argument';

/** One control structure that is open: what `.` is around it, and in it. */
interface Block {
  readonly outer: Dot;
  readonly inner: Dot;
  /** What `.` is in the part that is being read. */
  dot: Dot;
}

/** What each control structure makes of `.`; those that are not here leave it as it is. */
const INNER: ReadonlyMap<string, Dot> = new Map([
  ['range', 'inner'],
  ['with', 'inner'],
  ['define', 'argument'],
  ['block', 'argument'],
]);

/** Follows the tokens of a template, and knows what `.` is at each of them. */
export class Scope {
  readonly #blocks: Block[] = [];
  /** What the action that is being read opens, or goes on with. */
  #entered: Block | undefined;

  /** What `.` is now. The pipeline of a `range` or `with` still has the one around it. */
  get dot(): Dot {
    const block = this.#blocks.at(-1);
    if (block === undefined) return 'root';
    return block === this.#entered ? block.outer : block.dot;
  }

  read({ type, text }: Token): void {
    if (type === 'right') this.#entered = undefined;
    if (type === 'keyword') this.#readKeyword(text);
  }

  #readKeyword(word: string): void {
    if (word === 'end') this.#blocks.pop();
    else if (word === 'else') this.#readElse();
    else if (['if', 'range', 'with', 'define', 'block'].includes(word)) this.#open(word);
  }

  /** In the else of a `range` or `with`, `.` is the one around it again. */
  #readElse(): void {
    const block = this.#blocks.at(-1);
    if (block === undefined) return;
    block.dot = block.outer;
    this.#entered = block;
  }

  #open(word: string): void {
    const block = this.#blocks.at(-1);
    // `else if` and `else with` go on with the structure that is open.
    if (this.#entered !== undefined) {
      if (word === 'with' && block) block.dot = block.inner;
      return;
    }
    const outer = this.dot;
    const inner = outer === 'argument' ? outer : (INNER.get(word) ?? outer);
    const opened = { outer, inner, dot: inner };
    this.#blocks.push(opened);
    this.#entered = opened;
  }
}
