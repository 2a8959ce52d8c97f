import { formatPath, type Path, type Position, type Source } from './source.ts';

/**
 * The source of an object that was read from a cluster, where there is no file: places are named by their field, and
 * lines count within the text of that field.
 */
export function createObjectSource(name: string): Source {
  const locate = (path: Path, within?: { line: number; column: number }): Position =>
    within ? { file: formatPath(path), ...within } : { file: name, line: 0, column: 0 };
  return { file: name, locate, locateKey: locate, line: () => undefined };
}
