const MAX_LINE = 160;

/**
 * A line of a file beneath an error, with a caret under the column (from 1, in characters); nothing for an empty
 * line. A long line is shown around the column.
 */
export function showLine(line: string | undefined, column: number): string {
  if (line === undefined || line.trim() === '') return '';
  const start = column > MAX_LINE ? column - MAX_LINE / 2 : 0;
  const characters = [...line].slice(start, start + MAX_LINE);
  const pad = characters
    .slice(0, column - 1 - start)
    .join('')
    .replace(/[^\t]/g, ' ');
  return `\n    ${characters.join('')}\n    ${pad}^`;
}
