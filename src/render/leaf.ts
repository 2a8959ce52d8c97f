import type { JsonValue } from '../lib/json.ts';
import { isWrittenPlain } from '../lib/yaml-scalar.ts';
import { isWrittenAsBlock } from '../lib/yaml-write.ts';
import { createEmbeddedYamlCheck } from './check-embedded-yaml.ts';
import { readBlock, removeBlockIndent } from './read-block.ts';
import { readPlain } from './read-plain.ts';
import { compileTemplate, type TemplateOptions } from './template/compile-template.ts';
import { toJsonValue } from './values/to-json-value.ts';

/** A string of a template's content, ready to give its value for any data. */
export type RenderLeaf = (data: object) => JsonValue;

/** A key of a template's content that is a template itself. */
export type RenderKey = (data: object) => string;

/** What templates of one set have in common. */
export interface LeafOptions extends TemplateOptions {
  readonly delimiters: readonly [string, string];
  /** Columns of the lines of a block at this place, where GitOpsSets writes the content as YAML. */
  readonly indent?: number;
}

/**
 * Compiles a leaf, or gives undefined when it is no template. Its type follows from how sigs.k8s.io/yaml writes
 * its own text: without quotes, its output is read by YAML's rules; in any other way, it is a string. A leaf
 * whose last action ends in `| typed`, and which prints nothing else, has its value's own type. Throws a
 * TemplateError.
 */
export function compileLeaf(text: string, options: LeafOptions): RenderLeaf | undefined {
  if (!text.includes(options.delimiters[0])) return undefined;
  const program = compileTemplate(text, { ...options, use: 'leaf' });
  if (program.isTyped) return (data) => toJsonValue(program.value(data));
  // What stands for `{{` in Handlebars begins like an action, and is a string like one.
  const isEscape = options.dialect === 'handlebars' && text.startsWith('\\{{');
  if (!isEscape && isWrittenPlain(text)) return (data) => readPlain(program.renderPieces(data));
  const isOneLine = !text.includes('\n');
  if (isOneLine && !hasBrackets(text, options)) return (data) => program.render(data);
  const checkEmbeddedYaml = createEmbeddedYamlCheck(isOneLine);
  const isBlock = isWrittenAsBlock(text);
  return (data) => {
    const written = program.renderPieces(data);
    const pieces = isBlock ? removeBlockIndent(written, options.indent ?? 0) : written;
    checkEmbeddedYaml(pieces);
    return isBlock ? readBlock(pieces, text) : pieces.map((piece) => piece.text).join('');
  };
}

/** A line that may be JSON, or YAML in its style, has brackets beside those of its actions. */
function hasBrackets(text: string, { delimiters }: LeafOptions): boolean {
  return /[[{]/.test(text.replaceAll(delimiters[0], ''));
}

/** Compiles a key, or gives undefined when it is no template. Keys are strings, however YAML would read them. */
export function compileKey(text: string, options: LeafOptions): RenderKey | undefined {
  if (!text.includes(options.delimiters[0])) return undefined;
  const program = compileTemplate(text, { ...options, use: 'text' });
  return (data) => program.render(data);
}
