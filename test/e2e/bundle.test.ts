import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { useBundle } from '../harness/bundle-program.ts';
import { LIST_SET } from '../harness/command-line.ts';
import { ROOT, SOURCES } from '../harness/run-program.ts';
import { useTemporaryFolder } from '../harness/temporary-folder.ts';

describe('the bundle', function suite() {
  this.timeout(60_000);
  const bundle = useBundle();
  const folder = useTemporaryFolder();

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
      assert.equal(run(bundle.program, command), run(SOURCES, command));
    });
  }

  it('has the ready-made templates, without their samples', async () => {
    const names = await readdir(join(ROOT, 'templates'), { withFileTypes: true });
    const folders = names.filter((entry) => entry.isDirectory()).map(({ name }) => name);
    assert.deepEqual((await readdir(join(bundle.dist, 'templates'))).sort(), folders.sort());
    const set = join(folder.path, 'ready.yaml');
    const values = '{name: "{{ .Element.name }}", path: ./apps}';
    const template = `[{from: kustomization, values: ${values}}]\n`;
    await writeFile(set, LIST_SET.replace(/templates:\n[\s\S]*/, `templates: ${template}`));
    const built = run(bundle.program, ['build', set]);
    assert.match(built, /kind: Kustomization/);
    assert.equal(built, run(SOURCES, ['build', set]));
    for (const name of folders)
      assert.deepEqual(await readdir(join(bundle.dist, 'templates', name)), ['template.yaml']);
  });
});
