import { showLine } from '../api/show-line.ts';
import type { TemplateError } from '../render/template/compile-template.ts';

/**
 * The fault of a template and its further ones as errors for people: `name:line:column: what is wrong`, the
 * line of the template, and a caret.
 */
export function describeFaults(error: TemplateError, name: string, text: string): Error[] {
  const lines = text.split(/\r?\n/);
  return [error, ...error.others].map((fault) => new Error(describeFault(fault, name, lines)));
}

function describeFault(fault: TemplateError, name: string, lines: readonly string[]): string {
  const { line, reason } = fault;
  if (fault.column === undefined) return `${name}: ${reason}`;
  const written = lines[line - 1] ?? '';
  // A template counts code units, people count characters.
  const column = [...written.slice(0, fault.column - 1)].length + 1;
  return `${name}:${line}:${column}: ${reason}${showLine(written, column)}`;
}
