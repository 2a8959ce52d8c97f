import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LIST_SET, useCommandLine } from '../harness/command-line.ts';
import { runProgram } from '../harness/run-program.ts';

const GITOPS_SET = LIST_SET.replace('generatorset.dev/v1alpha1', 'sets.gitops.pro/v1alpha1')
  .replace('GeneratorSet', 'GitOpsSet')
  .replace('  interval: 5s\n', '');

describe('generatorset convert', function () {
  this.timeout(60_000);
  const { folder, env, run, writeSet } = useCommandLine();

  it('reads stdin, and writes the set to stdout and what differs to stderr', async () => {
    const { code, stdout, stderr } = await runProgram(['convert', '-'], { env: env(), stdin: GITOPS_SET });
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^---\n# Converted from a GitOpsSet\.[\s\S]*\nkind: GeneratorSet\n/);
    assert.match(stderr, /^⚠️ stdin:2:1: kind: differs: /);
  });

  it('leaves a file alone that is there already', async () => {
    const file = await writeSet(GITOPS_SET);
    const target = join(folder.path, 'list.yaml');
    await writeFile(target, 'mine');
    const { code, stderr } = await run('convert', '-o', folder.path, file);
    assert.equal(code, 1);
    assert.match(stderr, /✗ .*list\.yaml: exists already; remove it, or choose another folder/);
    assert.equal(await readFile(target, 'utf8'), 'mine');
  });

  it('writes no file where two sets would have the same one', async () => {
    const second = GITOPS_SET.replace('name: list', 'name: b-list\n  namespace: a');
    const first = GITOPS_SET.replace('name: list', 'name: list\n  namespace: a-b');
    const { code, stderr } = await run(
      'convert',
      '-o',
      join(folder.path, 'out'),
      await writeSet(`${first}---\n${second}`),
    );
    assert.equal(code, 1);
    assert.match(stderr, /✗ .*a-b-list\.yaml: both the GitOpsSet a-b\/list and the GitOpsSet a\/b-list; /);
    await assert.rejects(readFile(join(folder.path, 'out', 'a-b-list.yaml')), { code: 'ENOENT' });
  });

  it('asks for files where a folder is named', async () => {
    const { code, stderr } = await run('convert', folder.path);
    assert.equal(code, 1);
    assert.match(stderr, /: a folder: name its files, as in sets\/\*\.yaml/);
  });

  it('writes nothing outside the folder, whatever a set is called', async () => {
    const file = await writeSet(GITOPS_SET.replace('name: list', 'name: ../../evil'));
    const { code, stdout, stderr } = await run('convert', '-o', join(folder.path, 'out'), file);
    assert.deepEqual([code, stdout], [1, '']);
    assert.match(stderr, /✗ .*set\.yaml:4:9: metadata\.name: /);
    assert.doesNotMatch(stderr, /written/);
  });

  const wrong: readonly (readonly [name: string, text: string | undefined, message: RegExp])[] = [
    ['a file that is not there', undefined, /✗ .*nowhere\.yaml: no such file/],
    [
      'a file without any set',
      'kind: Namespace\nmetadata: {name: a}\n',
      /✗ .*set\.yaml: no set that can be converted/,
    ],
  ];
  for (const [name, text, message] of wrong)
    it(`fails with ${name}`, async () => {
      const file = text === undefined ? join(folder.path, 'nowhere.yaml') : await writeSet(text);
      const { code, stderr } = await run('convert', file);
      assert.equal(code, 1);
      assert.match(stderr, message);
    });
});
