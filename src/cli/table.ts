import { printable } from './printer.ts';

/**
 * A table as kubectl prints it: upper-case headers, columns padded to their widest cell and three spaces, no
 * borders. Cells are one line each, and printable.
 */
export function formatTable(headers: readonly string[], rows: readonly (readonly string[])[]): string {
  return new GrowingTable(headers).add(rows);
}

/** A table whose rows come little by little: what is printed already cannot change, so columns only get wider. */
export class GrowingTable {
  readonly #widths: number[];
  /** The line of the headers, until it is printed. */
  #headers: readonly string[] | undefined;

  constructor(headers: readonly string[], { noHeader = false } = {}) {
    const names = headers.map((header) => header.toUpperCase());
    this.#widths = names.map((name) => (noHeader ? 0 : widthOf(name)));
    this.#headers = noHeader ? undefined : names;
  }

  /** The lines of more rows; the first time below the headers. */
  add(rows: readonly (readonly string[])[]): string {
    const lines = [...(this.#headers ? [this.#headers] : []), ...rows.map((row) => row.map(oneLine))];
    this.#headers = undefined;
    for (const line of lines) {
      for (const [column, cell] of line.entries()) {
        this.#widths[column] = Math.max(this.#widths[column] ?? 0, widthOf(cell));
      }
    }
    return lines.map((line) => `${this.#format(line)}\n`).join('');
  }

  #format(line: readonly string[]): string {
    return line
      .map((cell, column) => pad(cell, this.#widths[column] ?? 0))
      .join('   ')
      .trimEnd();
  }
}

function pad(cell: string, width: number): string {
  return cell + ' '.repeat(Math.max(0, width - widthOf(cell)));
}

function widthOf(cell: string): number {
  return [...cell].length;
}

function oneLine(cell: string): string {
  return printable(cell.replace(/\s*\n\s*/g, '; ')).replaceAll('\t', ' ');
}
