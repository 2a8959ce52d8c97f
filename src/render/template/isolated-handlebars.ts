import Handlebars from 'handlebars';
import { type HandlebarsProgram, HELPER } from './handlebars-ast.ts';
import type { Site } from './site.ts';

/** Earlier versions have known ways to run code from a hand-made tree. */
const LOWEST_VERSION = [4, 7, 10] as const;

/** A compiled Handlebars template as this engine calls it. */
export type Delegate = (context: unknown, options: object) => string;

/** The parts of Handlebars' code generator that the subclass uses; its own types leave them out. */
interface CompilerBase {
  readonly environment: { readonly children: readonly { readonly index: number }[] };
  readonly options: { readonly sites: readonly Site[]; readonly prelude: string };
  readonly context: { readonly programs: string[] };
  readonly source: { merge(): { toString(): string } };
  readonly isChild: boolean;
  popStack(): unknown;
  pushStackLiteral(value: unknown): void;
  push(code: unknown): void;
  pushSource(code: unknown): void;
}

/** The generated lexer of Handlebars' grammar, as far as the dialect uses it. */
export interface NativeLexer {
  /** Reads the next token: its number, or nothing where the grammar has no use for it. */
  next: (this: NativeLexer) => unknown;
  /** Where the token ends. */
  readonly offset: number;
  /** The text of the token. */
  readonly match: string;
}

/** What the grammar's actions call. */
interface NativeGrammar {
  readonly tokenNames: Readonly<Record<number, string>>;
  locInfo: (location: { readonly range: readonly [number, number] }) => object;
  parseError: () => never;
}

/** A parser of Handlebars' grammar whose parts may be changed. */
interface OwnParser {
  readonly parser: { parse(text: string): unknown };
  readonly lexer: NativeLexer;
  readonly grammar: NativeGrammar;
}

type Environment = ReturnType<typeof Handlebars.create> & {
  JavaScriptCompiler: new () => CompilerBase;
  readonly Parser: {
    readonly yy: object;
    readonly lexer: NativeLexer;
    readonly terminals_: NativeGrammar['tokenNames'];
    parse(text: string): unknown;
  };
};

const environment = createEnvironment();

/**
 * Compiles a tree of our own making: Handlebars' compiler turns it into code, in which every site emits its
 * own JavaScript. `scope` holds what the code may name; `prelude` begins the function.
 */
export function compileProgram(
  tree: HandlebarsProgram,
  sites: readonly Site[],
  code: { readonly header: string; readonly prelude: string; readonly scope: object },
): Delegate {
  const options = {
    noEscape: true,
    knownHelpers: { [HELPER]: true },
    knownHelpersOnly: true,
    ignoreStandalone: true,
    sites,
    prelude: code.prelude,
  };
  const source = environment.precompile(tree, options);
  const specification = new Function('$', `"use strict";${code.header}return ${source};`)(code.scope);
  return environment.template(specification) as Delegate;
}

/** A parser of Handlebars' grammar that shares its tables with Handlebars' own, and no state. */
export function handlebarsParser(): OwnParser {
  const { Parser } = environment;
  // The grammar's actions are only there once something was parsed.
  environment.parseWithoutProcessing('');
  const lexer: NativeLexer = Object.assign(Object.create(Parser.lexer), { options: { ranges: true } });
  const grammar = { ...Parser.yy, tokenNames: Parser.terminals_ } as unknown as NativeGrammar;
  return { parser: Object.assign(Object.create(Parser), { lexer, yy: grammar }), lexer, grammar };
}

/** Applies `~` to a tree of Handlebars' parser, and removes lines on which only blocks and comments stand. */
export function stripWhitespace(tree: object): void {
  // A tree is not parsed again: of Handlebars' two steps only the second is taken.
  environment.parse(tree as unknown as string);
}

/** A Handlebars of our own without any helper, refusing versions with known holes. */
function createEnvironment(): Environment {
  checkVersion(Handlebars.VERSION);
  const created = Handlebars.create() as unknown as Environment;
  for (const name of Object.keys(created.helpers)) created.unregisterHelper(name);
  created.JavaScriptCompiler = createCompiler(created.JavaScriptCompiler);
  return created;
}

function checkVersion(version: string): void {
  const found = version.split('.').map(Number);
  for (const [i, lowest] of LOWEST_VERSION.entries()) {
    const part = found[i] ?? 0;
    if (part > lowest) return;
    if (part < lowest) throw new Error(`handlebars ${version} is too old: 4.7.10 or later is needed`);
  }
}

/**
 * The code generator with two changes: a helper call is the code of its site, and a program is written where
 * it is run instead of being a closure of its own. So loops are JavaScript loops, break and continue work,
 * and no helper table or options object is made at run time.
 */
function createCompiler(Base: new () => CompilerBase): new () => CompilerBase {
  class TemplateCompiler extends Base {
    /** Child programs are compiled by the same class. */
    get compiler() {
      return TemplateCompiler;
    }

    invokeKnownHelper(paramSize: number): void {
      this.popStack();
      const inverse = this.#programCode(this.popStack());
      const program = this.#programCode(this.popStack());
      const params: unknown[] = [];
      for (let i = paramSize - 1; i >= 0; i--) params[i] = this.popStack();
      const site = this.options.sites[params[0] as number] as Site;
      const code = site.emit(params.slice(1).map(String), program, inverse);
      if (site.isStatement) {
        this.pushSource(code);
        this.pushStackLiteral('');
      } else this.push(code);
    }

    pushProgram(guid: number | null | undefined): void {
      this.pushStackLiteral(guid ?? null);
    }

    /** Statements have written themselves; what is on the stack is only their mark. */
    append(): void {
      this.popStack();
    }

    appendToBuffer(text: unknown): unknown {
      return `o.literal(${String(text)});`;
    }

    createFunctionContext(): string {
      const body = this.source.merge().toString();
      if (this.isChild) return body;
      this.context.programs.length = 0;
      return `function(container,depth0,helpers,partials,data){${this.options.prelude}\n${body}return "";}`;
    }

    /** Equal programs are never shared: each is written where it stands. */
    matchExistingProgram(): undefined {
      return undefined;
    }

    #programCode(guid: unknown): string {
      if (typeof guid !== 'number') return '';
      const child = this.environment.children[guid] as { index: number };
      return this.context.programs[child.index] as string;
    }
  }
  return TemplateCompiler;
}
