/** JavaScript for a place in a template, given the JavaScript of its arguments and of the programs it runs. */
export interface Site {
  /** Whether the code is a statement; otherwise it is an expression. */
  readonly isStatement: boolean;
  emit(args: readonly string[], body: string, otherwise: string): string;
}

/** An expression. */
export function expressionSite(emit: Site['emit']): Site {
  return { isStatement: false, emit };
}

/** A statement. */
export function statementSite(emit: Site['emit']): Site {
  return { isStatement: true, emit };
}
