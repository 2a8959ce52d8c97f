import type { FunctionDef } from '../../functions/function-def.ts';
import type { KnownFunctions } from '../../functions/refusals.ts';
import { failRefused } from '../error-text.ts';
import { stripWhitespace } from '../isolated-handlebars.ts';
import type { TemplateTree } from '../tree.ts';
import { checkNativeTree } from './check-native-tree.ts';
import { parseNative } from './native-parser.ts';
import { rootScope } from './scope.ts';
import { translateProgram } from './translate-statement.ts';
import type { Translation } from './translation.ts';

/** Why other delimiters are refused. */
export const FIXED_DELIMITERS = 'Handlebars has no delimiters but {{ and }}';

/** What the parsing of a text in Handlebars' syntax must know. */
interface HandlebarsOptions {
  readonly name: string;
  readonly functions: KnownFunctions;
  readonly defs: ReadonlyMap<string, FunctionDef>;
}

/**
 * Parses a text in Handlebars' syntax into the tree of the Go dialect, so that it is compiled and run by the
 * same rules. Nothing of Handlebars' own runtime can be reached from it. Throws a TemplateError of phase parse.
 */
export function parseHandlebars(text: string, options: HandlebarsOptions): Map<string, TemplateTree> {
  const { name, functions, defs } = options;
  const source = { name, text };
  const program = checkNativeTree(parseNative(source), source);
  stripWhitespace(program);
  const translation: Translation = { source, functions, defs, refused: [], variables: 1 };
  const body = translateProgram(translation, rootScope(), program);
  if (translation.refused.length > 0) failRefused(name, text, translation.refused);
  return new Map([[name, { name, body, variables: translation.variables }]]);
}
