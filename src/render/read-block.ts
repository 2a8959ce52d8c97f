import { trimEndOf } from '../lib/trim-end.ts';
import { hideValues } from './hide-values.ts';
import type { Piece } from './template/compile-template.ts';

/**
 * Removes from structure the indentation of the block around it: `nindent` has to count it in where the whole
 * content is one text, as in GitOpsSets. Structure that is indented less is left as it is.
 */
export function removeBlockIndent(pieces: readonly Piece[], indent: number): Piece[] {
  return pieces.map((piece) => (piece.kind === 'safe' ? removeOuter(piece, indent) : piece));
}

/** The first line goes on where it stands. */
function removeOuter(piece: Piece, indent: number): Piece {
  const [first, ...lines] = piece.text.split('\n');
  if (lines.some((line) => line !== '' && indentOf(line) < indent)) return piece;
  return { ...piece, text: [first, ...lines.map((line) => line.slice(indent))].join('\n') };
}

/**
 * Reads the output of a leaf of several lines as a literal block of YAML would be read: line breaks at its end
 * are cut to what the template's own text ends with, and an indentation that the first line brings is removed
 * from all. Values with line breaks or outer spaces keep them.
 */
export function readBlock(pieces: readonly Piece[], template: string): string {
  const hidden = hideValues(pieces, (piece) => piece.kind !== 'literal' && /\n|^\s|\s$/.test(piece.text));
  const isIndentWritten = /^[ \n]/.test(template);
  const text = isIndentWritten ? hidden.text : removeIndent(hidden.text);
  return hidden.restore(cutEnd(text, template));
}

function removeIndent(text: string): string {
  if (!/^[ \n]/.test(text)) return text;
  const lines = text.split('\n');
  const filled = lines.filter((line) => /[^ ]/.test(line));
  const indent = indentOf(filled[0] ?? '');
  if (indent === 0 || filled.some((line) => indentOf(line) < indent)) return text;
  return lines.map((line) => line.slice(indent)).join('\n');
}

function indentOf(line: string): number {
  return /^ */.exec(line)?.[0].length ?? 0;
}

/** YAML's chomping: strip, clip or keep, as the template's text would have been written. */
function cutEnd(text: string, template: string): string {
  if (!template.endsWith('\n')) return trimEndOf(text, '\n');
  if (template.endsWith('\n\n')) return text;
  return /[^\n]/.test(text) && text.endsWith('\n') ? `${trimEndOf(text, '\n')}\n` : '';
}
