import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { makeRepository } from '../../../test/harness/git.ts';
import { recordingOptions } from '../../../test/harness/git-options.ts';
import { useTemporaryFolder } from '../../../test/harness/temporary-folder.ts';
import { openRepository } from './git-repository.ts';

describe('a git repository', () => {
  const folder = useTemporaryFolder();
  const signal = new AbortController().signal;
  const headOf = (repository: string) =>
    execFileSync('git', ['-C', repository, 'rev-parse', 'main'], { encoding: 'utf8' }).trim();

  it('pushes nothing, and leaves nothing behind, when that is forbidden at the last moment', async () => {
    const url = makeRepository(join(folder.path, 'fleet.git'), { 'a.yaml': 'a: 1\n' });
    const options = recordingOptions(join(folder.path, 'cache'));
    const forbidden = new Error('not the leader');
    const onCommand = (command: string) => {
      options.commands.push(command);
      if (command === 'push') throw forbidden;
    };
    const repository = openRepository({ url, auth: undefined }, { ...options, onCommand });
    const parent = headOf(url);
    await repository.open('refs/heads/main', parent, signal);
    const author = { name: 'a', email: 'a@b' };
    const request = { parent, files: new Map([['b.yaml', 'b: 1\n']]), removed: [], message: 'b', author };
    await assert.rejects(repository.push(request, 'main', signal), forbidden);
    assert.equal(headOf(url), parent);
    assert.ok(options.commands.includes('push'));
    const scratch = readdirSync(join(folder.path, 'cache'), { recursive: true }) as string[];
    assert.deepEqual(
      scratch.filter((path) => /session|askpass|credential/.test(path)),
      [],
    );
  });
});
