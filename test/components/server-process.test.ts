import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { useTemporaryFolder } from '../harness/temporary-folder.ts';
import { waitFor } from './cluster-objects.ts';
import { findProgram } from './find-program.ts';
import { type ServerOptions, ServerProcess } from './server-process.ts';

function isAlive(pid: number | undefined): boolean {
  try {
    return pid !== undefined && process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('ServerProcess', () => {
  const folder = useTemporaryFolder();
  let server: ServerProcess | undefined;
  afterEach(() => server?.stop());

  function shell(script: string, options: Partial<ServerOptions> = {}): ServerProcess {
    const log = join(folder.path, 'log');
    const args = ['-c', script];
    server = new ServerProcess({
      program: 'sh',
      args,
      log,
      patience: 10_000,
      isReady: async () => true,
      ...options,
    });
    return server;
  }

  it('runs from start to stop, any number of times', async () => {
    const process = shell('exec sleep 60');
    for (let i = 0; i < 2; i++) {
      await process.start();
      const { pid } = process;
      assert.equal(isAlive(pid), true);
      await process.stop('SIGTERM');
      assert.deepEqual([isAlive(pid), process.pid], [false, undefined]);
    }
    await process.stop();
  });

  it('is started once', async () => {
    const process = shell('exec sleep 60');
    await process.start();
    await assert.rejects(process.start(), /sh runs already/);
  });

  it('shows the end of the log where it ends at its start', async () => {
    const process = shell('seq 100; echo no such flag >&2; exit 3', { isReady: async () => false });
    await assert.rejects(process.start(), (error: Error) => {
      assert.match(error.message, /^sh ended at its start:\n87\n(\d+\n)+100\nno such flag$/);
      return true;
    });
  });

  it('is ended where it is not ready in time, whatever the question throws', async () => {
    let pid: number | undefined;
    const process = shell('echo waiting; exec sleep 60', {
      patience: 200,
      isReady: async () => {
        pid = process.pid;
        throw new Error('connection refused');
      },
    });
    await assert.rejects(process.start(), /sh was not ready within 0\.2 s:\nwaiting/);
    assert.ok(pid);
    assert.equal(isAlive(pid), false);
  });

  it('says which program is missing', async () => {
    const process = shell('', { program: 'no-such-server' });
    await assert.rejects(process.start(), /no no-such-server on this machine/);
  });

  it('dies with the process that started it, also where that is killed', async function dies() {
    // Only Linux has it; elsewhere servers end with a test process that exits, and outlive one that is killed.
    if (!findProgram('setpriv')) this.skip();
    const module = join(import.meta.dirname, 'server-process.ts');
    const log = join(mkdtempSync(join(tmpdir(), 'generatorset-test-')), 'log');
    const options = `{ program: 'sleep', args: ['60'], log: ${JSON.stringify(log)}, patience: 1000, isReady: async () => true }`;
    const code = `import { ServerProcess } from ${JSON.stringify(module)};
      const server = new ServerProcess(${options}); await server.start(); console.log(server.pid);`;
    const parent = spawn(process.execPath, ['--input-type=module', '-e', code], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = await once(parent.stdout, 'data');
    const pid = Number(line);
    assert.equal(isAlive(pid), true);
    parent.kill('SIGKILL');
    await waitFor('the server to end', () => !isAlive(pid));
    rmSync(join(log, '..'), { recursive: true });
  });
});
