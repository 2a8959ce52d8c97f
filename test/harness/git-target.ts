import { join } from 'node:path';
import type { GitAuth } from '../../src/api/readers.ts';
import { openRepository } from '../../src/clients/git/git-repository.ts';
import { createGitTarget, type GitTargetOptions } from '../../src/commit/git-target.ts';
import type { Target } from '../../src/plan/target.ts';
import { makeRepository } from './git.ts';
import { recordingOptions } from './git-options.ts';
import { useTemporaryFolder } from './temporary-folder.ts';

/** The set whose files the targets of a test keep, and where they keep its state. */
export const SET = { namespace: 'flux-system', name: 'podinfo' };
export const STATE = '.generatorset/flux-system/podinfo.state';

/** A repository with files of somebody else, and targets below its folder `apps`; new for each test. */
interface GitTargetBench {
  readonly folder: { readonly path: string };
  options: ReturnType<typeof recordingOptions>;
  repository: string;
  openTarget(more?: Partial<GitTargetOptions>, url?: string, auth?: GitAuth): Target;
}

/** Gives the suite that calls it a repository for each of its tests. */
export function useGitTarget(): GitTargetBench {
  const folder = useTemporaryFolder();
  const bench: GitTargetBench = {
    folder,
    options: recordingOptions(''),
    repository: '',
    openTarget: (more = {}, url = bench.repository, auth = undefined) =>
      createGitTarget({
        set: SET,
        repository: openRepository({ url, auth }, bench.options),
        branch: 'main',
        path: 'apps',
        author: { name: 'Bot', email: 'bot@example.com' },
        ...more,
      }),
  };
  beforeEach(() => {
    bench.options = recordingOptions(join(folder.path, 'cache'));
    bench.repository = makeRepository(join(folder.path, 'fleet.git'), {
      'README.md': 'hello\n',
      'apps/other.yaml': 'o: 1\n',
    });
  });
  return bench;
}
