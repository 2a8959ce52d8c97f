import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundle } from '../../config/bundle.ts';
import { LIST_SET } from '../harness/command-line.ts';
import { ROOT } from '../harness/run-program.ts';

describe('the bundle', function suite() {
  this.timeout(60_000);
  let folder: string;
  let program: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'generatorset-bundle-'));
    program = join(folder, 'bin/generatorset.cjs');
    await bundle(join(folder, 'dist'));
    await mkdir(join(folder, 'bin'));
    await copyFile(join(ROOT, 'bin/generatorset.cjs'), program);
    await copyFile(join(ROOT, 'package.json'), join(folder, 'package.json'));
  });

  after(() => rm(folder, { recursive: true, force: true }));

  const run = (file: string, args: readonly string[]): string =>
    execFileSync(process.execPath, [file, ...args], {
      cwd: ROOT,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });

  const commands = [
    ['build', 'examples/hpa-list/generatorset.yaml'],
    ['build', 'examples/podinfo-memory/generatorset.yaml', '--replay', 'examples/podinfo-memory/replay'],
    ['validate', 'examples'],
    ['install', '--export'],
    ['schema'],
    ['controller', '--help'],
  ];
  for (const command of commands) {
    it(`does the same as the sources: ${command.join(' ')}`, () => {
      assert.equal(run(program, command), run(join(ROOT, 'bin/generatorset.cjs'), command));
    });
  }

  it('has the ready-made templates, without their samples', async () => {
    const names = await readdir(join(ROOT, 'templates'), { withFileTypes: true });
    const folders = names.filter((entry) => entry.isDirectory()).map(({ name }) => name);
    assert.deepEqual((await readdir(join(folder, 'dist/templates'))).sort(), folders.sort());
    const set = join(folder, 'ready.yaml');
    const values = '{name: "{{ .Element.name }}", path: ./apps}';
    const template = `[{from: kustomization, values: ${values}}]\n`;
    await writeFile(set, LIST_SET.replace(/templates:\n[\s\S]*/, `templates: ${template}`));
    const built = run(program, ['build', set]);
    assert.match(built, /kind: Kustomization/);
    assert.equal(built, run(join(ROOT, 'bin/generatorset.cjs'), ['build', set]));
    for (const name of folders)
      assert.deepEqual(await readdir(join(folder, 'dist/templates', name)), ['template.yaml']);
  });
});
