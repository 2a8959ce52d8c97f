import { checkRefName } from '../../src/lib/git-ref.ts';
import { parseGitUrl } from '../../src/lib/git-url.ts';
import { compileGlob } from '../../src/lib/glob.ts';
import type { SpecMistake } from '../generator.ts';
import type { GitDirectorySpec } from './schema.ts';
import type { PathPattern } from './select-paths.ts';

/** The mistakes in a spec that its schema cannot say; which places may be read is looked at when they are. */
export function checkSpec({ url, ref, directories, files }: GitDirectorySpec): SpecMistake[] {
  const { branch, tag } = (ref ?? {}) as { readonly branch?: string; readonly tag?: string };
  return [
    ...find(['url'], () => parseGitUrl(url, { allowFile: true })),
    ...(branch === undefined ? [] : find(['ref', 'branch'], () => checkRefName(branch, 'branch'))),
    ...(tag === undefined ? [] : find(['ref', 'tag'], () => checkRefName(tag, 'tag'))),
    ...checkPatterns('directories', directories),
    ...checkPatterns('files', files),
  ];
}

function checkPatterns(field: string, patterns: readonly PathPattern[] = []): SpecMistake[] {
  return patterns.flatMap(({ path, exclude = [] }, position) => [
    ...find([field, position, 'path'], () => compileGlob(path)),
    ...[exclude]
      .flat()
      .flatMap((glob, index) =>
        find([field, position, 'exclude', ...(Array.isArray(exclude) ? [index] : [])], () =>
          compileGlob(glob, { dot: true }),
        ),
      ),
  ]);
}

function find(path: SpecMistake['path'], read: () => unknown): SpecMistake[] {
  try {
    read();
    return [];
  } catch (error) {
    return [{ path, message: (error as Error).message }];
  }
}
