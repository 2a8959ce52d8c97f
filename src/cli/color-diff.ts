import { printable } from './printer.ts';
import type { Streams } from './streams.ts';

/** A unified diff as stdout shows it: painted on a terminal, which obeys nothing in it; elsewhere every byte as it is. */
export function colorDiff(patch: string, { stdout, colors }: Pick<Streams, 'stdout' | 'colors'>): string {
  const text = stdout.isTTY ? printable(patch) : patch;
  return text.replace(/^(---|\+\+\+|@@|\+|-).*$/gm, (line, mark: string) => {
    if (mark === '@@') return colors.cyan(line);
    if (mark === '+') return colors.green(line);
    return mark === '-' ? colors.red(line) : colors.bold(line);
  });
}
