import { StalledError } from '../../src/api/errors.ts';
import { compileGlob } from '../../src/lib/glob.ts';

/** Paths to take, and those of them to leave out. */
export interface PathPattern {
  readonly path: string;
  readonly exclude?: string | readonly string[];
}

/**
 * The paths that any pattern matches, each once. A pattern that matches nothing, or only what it excludes, is an
 * error: it is more likely that the repository changed than that nothing is wanted.
 */
export function selectPaths(
  paths: readonly string[],
  patterns: readonly PathPattern[],
  what: string,
): string[] {
  const selected = new Set<string>();
  for (const { path: glob, exclude = [] } of patterns) {
    const matches = compile(glob);
    const excluded = [exclude].flat().map((text) => compile(text, { dot: true }));
    const found = paths.filter(matches);
    if (found.length === 0) throw new Error(`no ${what} matches ${JSON.stringify(glob)}`);
    const left = found.filter((path) => !excluded.some((isExcluded) => isExcluded(path)));
    if (left.length === 0)
      throw new Error(`exclude leaves out every ${what} that matches ${JSON.stringify(glob)}`);
    for (const path of left) selected.add(path);
  }
  return [...selected];
}

/** Only another spec mends a broken glob. */
function compile(glob: string, options?: { dot: boolean }): (path: string) => boolean {
  try {
    return compileGlob(glob, options);
  } catch (error) {
    throw new StalledError('InvalidGlob', (error as Error).message, { cause: error });
  }
}
