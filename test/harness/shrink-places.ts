import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { openRepository } from '../../src/clients/git/git-repository.ts';
import { createDirectoryTarget } from '../../src/commit/directory-target.ts';
import { createGitTarget } from '../../src/commit/git-target.ts';
import { silentLogger } from '../../src/lib/logger.ts';
import { git, makeRepository } from './git.ts';
import type { ShrinkPlace } from './shrink-sequences.ts';

const SET = { namespace: 'flux-system', name: 'shrinking' };

/** A directory of its own. */
export function directoryPlace(directory: string): ShrinkPlace {
  return {
    set: SET,
    open: async () => createDirectoryTarget({ directory, set: SET }),
    async list() {
      const files = (await readdir(directory)).filter((name) => name.endsWith('.yaml')).sort();
      const texts = files.map(async (name) => {
        const path = join(directory, name);
        return [name, `${await readFile(path, 'utf8')}${(await stat(path)).mtimeMs}`] as const;
      });
      return new Map(await Promise.all(texts));
    },
  };
}

/** A repository of its own below a folder. */
export function repositoryPlace(folder: string): ShrinkPlace {
  const repository = makeRepository(join(folder, 'fleet.git'), { 'README.md': 'x\n' });
  const options = { cacheFolder: join(folder, 'cache'), allowFile: true, log: silentLogger };
  return {
    set: SET,
    open: async () =>
      createGitTarget({
        set: SET,
        repository: openRepository({ url: pathToFileURL(repository).href, auth: undefined }, options),
        branch: 'main',
        path: 'apps',
        author: { name: 'Bot', email: 'bot@example.com' },
      }),
    async list() {
      const lines = git(repository, ['ls-tree', '-r', 'refs/heads/main', 'apps/']).split('\n');
      const files = lines.filter((line) => line.endsWith('.yaml')).map((line) => line.split('\t'));
      return new Map(files.map(([entry = '', path = '']) => [path, entry]));
    },
  };
}
