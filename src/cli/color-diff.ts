import type { Colors } from './streams.ts';

/** A unified diff as a terminal shows it. */
export function colorDiff(patch: string, colors: Colors): string {
  return patch.replace(/^(---|\+\+\+|@@|\+|-).*$/gm, (line, mark: string) => {
    if (mark === '@@') return colors.cyan(line);
    if (mark === '+') return colors.green(line);
    return mark === '-' ? colors.red(line) : colors.bold(line);
  });
}
