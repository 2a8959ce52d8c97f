import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseYaml } from '../../src/lib/yaml.ts';
import { LIST_SET, listSetWith, useCommandLine } from '../harness/command-line.ts';
import { runProgram } from '../harness/run-program.ts';

describe('the command line build', function () {
  this.timeout(60_000);
  const { folder, env, run, writeSet } = useCommandLine();

  it('writes YAML documents to stdout, and nothing else', async () => {
    const { stdout, stderr, code } = await run('build', await writeSet(LIST_SET));
    assert.equal(code, 0);
    assert.equal(stderr, '');
    const documents = stdout.split(/^---\n/m).filter((text) => text !== '');
    assert.deepEqual(
      documents.map((text) => (parseYaml(text) as never)['metadata']['name']),
      ['a', 'b'],
    );
  });

  it('writes a List as JSON', async () => {
    const { stdout } = await run('build', '-o', 'json', await writeSet(LIST_SET));
    const { kind, items } = JSON.parse(stdout) as { kind: string; items: { data: unknown }[] };
    assert.equal(kind, 'List');
    assert.deepEqual(
      items.map(({ data }) => data),
      [{ size: '1' }, { size: '2' }],
    );
  });

  it('reads stdin', async () => {
    const { stdout, code } = await runProgram(['build', '-'], { stdin: LIST_SET, env: env() });
    assert.equal(code, 0);
    assert.match(stdout, /name: a/);
  });

  it('says where a typing mistake is, and what to write', async () => {
    const file = await writeSet(LIST_SET.replace('  generators', '  genrators'));
    const { stdout, stderr, code } = await run('build', file);
    assert.equal(code, 1);
    assert.equal(stdout, '');
    assert.match(stderr, /set\.yaml:7:3: spec: unknown field "genrators", did you mean "generators"\?/);
  });

  it('says where a template fails', async () => {
    const file = await writeSet(LIST_SET.replace('.Element.size', '.Element.sise'));
    const { stderr, code } = await run('build', file);
    assert.equal(code, 1);
    assert.match(stderr, /set\.yaml:19:\d+: .*map has no entry for key "sise"/);
    assert.match(stderr, /\^/);
  });

  it('puts sets without a namespace where --namespace says', async () => {
    const { stdout } = await run('build', '-n', 'apps', await writeSet(LIST_SET));
    assert.match(stdout, /namespace: apps/);
  });

  it('fails for a path that is not there', async () => {
    const { stderr, code } = await run('build', join(folder.path, 'nothing.yaml'));
    assert.equal(code, 1);
    assert.match(stderr, /✗ .*nothing\.yaml/);
  });

  it('names the server when there is no network', async () => {
    const set = listSetWith('apiClient: {interval: 1h, endpoint: "http://127.0.0.1:9/api", timeout: 2s}');
    const { stderr, code } = await run('build', await writeSet(set));
    assert.equal(code, 1);
    assert.match(stderr, /spec\.generators\[0\]\.apiClient: .*http:\/\/127\.0\.0\.1:9\/api/);
  });

  it('takes Secrets from --objects, and never prints them', async () => {
    const objects = join(folder.path, 'objects');
    await mkdir(objects);
    await writeFile(
      join(objects, 'secret.yaml'),
      'apiVersion: v1\nkind: Secret\nmetadata: {name: token}\nstringData: {Authorization: "Bearer canary"}\n',
    );
    const set = listSetWith(
      'apiClient: {interval: 1h, endpoint: "http://127.0.0.1:9/api", timeout: 2s, headersRef: {kind: Secret, name: token}}',
    );
    const { stdout, stderr, code } = await run(
      'build',
      '--verbose',
      '--objects',
      objects,
      await writeSet(set),
    );
    assert.equal(code, 1);
    assert.doesNotMatch(stdout + stderr, /canary|does not exist/);
  });
});
