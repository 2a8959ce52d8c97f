import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT, runProgram } from '../harness/run-program.ts';
import { useTemporaryFolder } from '../harness/temporary-folder.ts';

const LIST = 'examples/hpa-list/generatorset.yaml';
/** What asks somebody, HTTP, Git, a cluster, or reads PromQL. None of it is needed to render what a file holds. */
const CLIENTS = [
  '@kubernetes/client-node',
  '@lezer/lr',
  '@prometheus-io/lezer-promql',
  'pino',
  'prom-client',
  'simple-git',
  'undici',
];

describe('the start of the program', function () {
  this.timeout(60_000);
  const folder = useTemporaryFolder();

  /** The packages of npm that a command loads. */
  async function loadedBy(args: readonly string[]): Promise<string[]> {
    const hooks = join(ROOT, 'test', 'harness', 'loaded-packages.ts');
    const program = join(ROOT, 'bin', 'generatorset.cjs');
    const env = { PATH: process.env['PATH'], XDG_CACHE_HOME: folder.path };
    const options = { cwd: ROOT, env, maxBuffer: 1 << 24 };
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--import', hooks, program, ...args],
      options,
    );
    return stdout.trim().split('\n').at(-1)?.replace('loaded: ', '').split(' ') ?? [];
  }

  for (const command of ['build', 'validate']) {
    it(`loads no client for ${command} of a list`, async () => {
      const loaded = await loadedBy([command, LIST]);
      assert.ok(loaded.includes('commander'), loaded.join());
      assert.deepEqual(
        CLIENTS.filter((name) => loaded.includes(name)),
        [],
      );
    });
  }

  it('needs no home, which a user without a name has not', async () => {
    const homeless = join(folder.path, 'homeless.cjs');
    await writeFile(homeless, "require('node:os').homedir = () => { throw new Error('ENOENT'); };\n");
    const env = { HOME: '', XDG_CACHE_HOME: '', NODE_OPTIONS: `--require=${homeless}` };
    const { code, stderr } = await runProgram(['build', LIST], { env });
    assert.deepEqual([code, stderr], [0, '']);
  });

  it('keeps the name of a plugin where it goes on with another Node.js', async function () {
    // Elsewhere none comes with the packages.
    if (process.platform !== 'linux') this.skip();
    const old = join(folder.path, 'old-node.cjs');
    await writeFile(
      old,
      `if (!process.env.IS_NEW) Object.defineProperty(process, 'versions', { value: { node: '20.0.0' } });
process.env.IS_NEW = '1';\n`,
    );
    const plugin = join(folder.path, 'flux-generatorset');
    await symlink(join(ROOT, 'bin', 'generatorset.cjs'), plugin);
    const options = { program: plugin, env: { NODE_OPTIONS: `--require=${old}` } };
    const { stdout } = await runProgram(['build', '--help'], options);
    assert.match(stdout, /^Usage: flux generatorset build /);
  });

  for (const args of [['version'], ['schema'], ['install', '--export']]) {
    it(`loads next to nothing for ${args.join(' ')}`, async () => {
      const loaded = await loadedBy(args);
      assert.deepEqual(
        loaded.filter((name) => name !== 'yaml'),
        ['commander', 'picocolors'],
      );
    });
  }
});
