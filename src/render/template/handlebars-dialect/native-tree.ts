/** What templates may use of the tree that Handlebars' parser makes. Places are offsets into the text. */

/** Where a node begins and ends. */
export interface Span {
  readonly pos: number;
  readonly end: number;
}

/** A list of statements, and the names that its block gives to what it hands over. */
export interface NativeProgram {
  readonly type: 'Program';
  readonly body: readonly NativeStatement[];
  readonly blockParams?: readonly string[];
}

/** What a program is made of. */
export type NativeStatement =
  | { readonly type: 'ContentStatement'; readonly loc: Span; readonly value: string }
  | { readonly type: 'CommentStatement'; readonly loc: Span }
  | NativeMustache
  | NativeBlock;

/** A path, or a function and its arguments. */
interface NativeCall {
  readonly loc: Span;
  readonly path: NativePath;
  readonly params: readonly NativeExpression[];
}

/** `{{path}}` or `{{function argument}}`. */
export interface NativeMustache extends NativeCall {
  readonly type: 'MustacheStatement';
}

/** `{{#path}}...{{/path}}`; an inverse block has no program. */
export interface NativeBlock extends NativeCall {
  readonly type: 'BlockStatement';
  readonly program?: NativeProgram;
  readonly inverse?: NativeProgram;
}

/** `(function argument)`. */
export interface NativeSubExpression extends NativeCall {
  readonly type: 'SubExpression';
}

/** `a.b`, `../a`, `this`, `@index`. */
export interface NativePath {
  readonly type: 'PathExpression';
  readonly loc: Span;
  /** Whether it begins with `@`. */
  readonly data: boolean;
  /** How many `../` it begins with. */
  readonly depth: number;
  readonly parts: readonly string[];
}

/** What may be an argument. */
export type NativeExpression =
  | NativePath
  | NativeSubExpression
  | { readonly type: 'StringLiteral'; readonly loc: Span; readonly value: string }
  | { readonly type: 'NumberLiteral'; readonly loc: Span }
  | { readonly type: 'BooleanLiteral'; readonly loc: Span; readonly value: boolean }
  | { readonly type: 'NullLiteral' | 'UndefinedLiteral'; readonly loc: Span };
