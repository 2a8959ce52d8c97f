import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { makeRepository } from '../../../test/harness/git.ts';
import { useTemporaryFolder } from '../../../test/harness/temporary-folder.ts';
import { baseEnvironment } from './environment.ts';
import { GitOutputError, GitTimeoutError, runGit } from './run-git.ts';

const command = { folder: tmpdir(), timeout: 10_000, maxOutput: 1_000_000 };
const signal = new AbortController().signal;

describe('runGit', () => {
  const folder = useTemporaryFolder();
  let env: Record<string, string>;
  beforeEach(() => {
    env = baseEnvironment(makeRepository(`${folder.path}/x.git`, { a: 'hello\n' }));
  });

  it('gives bytes as they are, and takes input', async () => {
    const input = Buffer.from('main:a\n');
    const result = await runGit({ ...command, env, args: ['cat-file', '--batch'], input }, signal);
    assert.equal(result.exitCode, 0);
    assert.match(result.stdout.toString(), /^[0-9a-f]{40} blob 6\nhello\n\n$/);
  });

  it('gives the exit code and the errors of a failure', async () => {
    const result = await runGit({ ...command, env, args: ['rev-parse', '--verify', 'none'] }, signal);
    assert.equal(result.exitCode, 128);
    assert.match(result.stderr, /^fatal: /);
  });

  it('does not wait for a command that writes nothing', async () => {
    const times: number[] = [];
    for (let round = 0; round < 9; round++) {
      const before = performance.now();
      await runGit({ ...command, env, args: ['update-ref', 'refs/heads/x', 'main'] }, signal);
      times.push(performance.now() - before);
    }
    assert.ok(Math.min(...times) < 50, times.join());
  });

  it('ends a command that takes too long', async () => {
    const before = Date.now();
    const running = runGit(
      { ...command, env, args: ['cat-file', '--batch-check', '--buffer'], timeout: 300 },
      signal,
    );
    await assert.rejects(running, GitTimeoutError);
    assert.ok(Date.now() - before < 3000);
  });

  it('ends a command that writes too much', async () => {
    const input = Buffer.from('main:a\n'.repeat(10_000));
    const running = runGit(
      { ...command, env, args: ['cat-file', '--batch'], input, maxOutput: 1000 },
      signal,
    );
    await assert.rejects(running, GitOutputError);
  });

  it('rejects with the reason of an abort, before and during the command', async () => {
    const reason = new Error('shutting down');
    const args = ['cat-file', '--batch-check'];
    await assert.rejects(runGit({ ...command, env, args }, AbortSignal.abort(reason)), reason);
    const stop = new AbortController();
    const running = runGit({ ...command, env, args }, stop.signal);
    setTimeout(() => stop.abort(reason), 50);
    await assert.rejects(running, reason);
  });
});
