import assert from 'node:assert/strict';
import { join } from 'node:path';
import { makeRepository } from '../../../test/harness/git.ts';
import { recordingOptions } from '../../../test/harness/git-options.ts';
import { installShim, type Shim } from '../../../test/harness/git-shim.ts';
import { useTemporaryFolder } from '../../../test/harness/temporary-folder.ts';
import { openRepository } from './git-repository.ts';
import { isOldGit, readGitVersion } from './git-version.ts';

const signal = new AbortController().signal;

describe('isOldGit', () => {
  const cases: readonly [version: string, old: boolean][] = [
    ['1.9.1', true],
    ['2.9.5', true],
    ['2.38.9', true],
    ['2.39', false],
    ['2.39.5', false],
    ['2.100.0', false],
    ['3.0.0', false],
  ];
  for (const [version, old] of cases)
    it(`takes ${version} for ${old ? 'old' : 'new enough'}`, () => assert.equal(isOldGit(version), old));
});

describe('the git on PATH', () => {
  const folder = useTemporaryFolder();
  let shim: Shim | undefined;
  afterEach(() => {
    shim?.restore();
    shim = undefined;
  });

  /** A git that says that it is of this version. */
  function claim(line: string): Shim {
    shim = installShim(folder.path, 'git', `[ "$1" = version ] && echo '${line}' && exit; exec "$REAL" "$@"`);
    return shim;
  }

  function resolve(): Promise<Map<string, string>> {
    const url = `file://${makeRepository(join(folder.path, 'fleet.git'), { a: 'a' })}`;
    return openRepository({ url }, recordingOptions(join(folder.path, 'cache'))).resolve(
      ['refs/heads/main'],
      signal,
    );
  }

  const lines: readonly [line: string, version: string | undefined][] = [
    ['git version 2.39.5', '2.39.5'],
    ['git version 2.50.1 (Apple Git-155)', '2.50.1'],
    ['git version 2.45.1.windows.1', '2.45.1'],
    ['git version 2.53.GIT', '2.53'],
    ['no idea', undefined],
  ];
  for (const [line, version] of lines) {
    it(`is of version ${version} where it says "${line}"`, async () => {
      claim(line);
      assert.equal(await readGitVersion(signal), version);
    });
  }

  it('is asked nothing else where it is too old', async () => {
    const { calls } = claim('git version 2.30.2');
    const refused = /^Error: git 2\.30\.2 is too old: install git 2\.39 or later$/;
    await assert.rejects(resolve(), refused);
    await assert.rejects(resolve(), refused);
    assert.ok(!calls().some(({ args }) => args.includes('ls-remote')));
  });

  for (const line of ['git version 2.39.0', 'no idea']) {
    it(`is used, and asked for its version once, where it says "${line}"`, async () => {
      const { calls } = claim(line);
      for (let i = 0; i < 2; i++) assert.equal((await resolve()).size, 1);
      assert.equal(calls().filter(({ args }) => args[0] === 'version').length, 1);
    });
  }

  it('has no version where there is none', async () => {
    const path = process.env['PATH'];
    process.env['PATH'] = folder.path;
    try {
      assert.equal(await readGitVersion(signal), undefined);
    } finally {
      process.env['PATH'] = path;
    }
  });
});
