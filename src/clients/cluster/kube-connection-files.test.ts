import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { useTemporaryFolder } from '../../../test/harness/temporary-folder.ts';
import { readKubeconfigs } from './kube-connection-files.ts';

describe('readKubeconfigs', () => {
  const folder = useTemporaryFolder();

  async function write(name: string, text: string): Promise<string> {
    const file = join(folder.path, name);
    await mkdir(join(file, '..'), { recursive: true });
    await writeFile(file, text);
    return file;
  }

  const read = (environment: NodeJS.ProcessEnv, kubeconfig?: string) =>
    readKubeconfigs({
      environment: { HOME: folder.path, ...environment },
      ...(kubeconfig && { kubeconfig }),
    });

  it('takes the file that is named before those of KUBECONFIG, and these before the one at home', async () => {
    const files: [string, string][] = [];
    for (const name of ['named', 'listed', '.kube/config']) {
      files.push([name, await write(name, `current-context: ${name}`)]);
    }
    const [named = '', listed = '', home = ''] = files.map(([, file]) => file);
    const currents = await Promise.all([
      read({ KUBECONFIG: listed }, named),
      read({ KUBECONFIG: listed }),
      read({}),
    ]);
    assert.deepEqual(
      currents.map((it) => [it?.description, it?.config['current-context']]),
      [
        [`kubeconfig ${named}`, 'named'],
        [`kubeconfig ${listed}`, 'listed'],
        [`kubeconfig ${home}`, '.kube/config'],
      ],
    );
  });

  it('merges a list of files: the first to name a thing wins, and missing files do not matter', async () => {
    const first = await write(
      'a',
      'contexts: [{name: x, context: {cluster: one}}]\nusers: [{name: u, user: {}}]',
    );
    const second = await write(
      'b',
      'current-context: x\ncontexts: [{name: x, context: {cluster: two}}, {name: 1, context: {}}]',
    );
    const list = [join(folder.path, 'missing'), first, '', second].join(':');
    const merged = await read({ KUBECONFIG: list });
    assert.equal(merged?.description, `kubeconfig ${first}:${second}`);
    assert.deepEqual(merged.config, {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [],
      users: [{ name: 'u', user: {} }],
      contexts: [
        { name: 'x', context: { cluster: 'one' } },
        { name: '1', context: {} },
      ],
      'current-context': 'x',
    });
  });

  it('takes paths as relative to the file that names them', async () => {
    const text = `
clusters: [{name: c, cluster: {certificate-authority: ca.crt}}]
users:
  - {name: a, user: {client-certificate: ../a.crt, client-key: /keys/a.key, tokenFile: t}}
  - {name: b, user: {exec: {command: ./plugin}}}
  - {name: c, user: {exec: {command: aws}}}`;
    const merged = await read({}, await write('sub/config', text));
    const at = (path: string) => join(folder.path, 'sub', path);
    assert.deepEqual(merged?.config['clusters'], [
      { name: 'c', cluster: { 'certificate-authority': at('ca.crt') } },
    ]);
    assert.deepEqual(merged.config['users'], [
      {
        name: 'a',
        user: { 'client-certificate': at('../a.crt'), 'client-key': '/keys/a.key', tokenFile: at('t') },
      },
      { name: 'b', user: { exec: { command: at('plugin') } } },
      { name: 'c', user: { exec: { command: 'aws' } } },
    ]);
  });

  it('reads every plain text but true, false and null as text', async () => {
    const merged = await read(
      {},
      await write('config', 'users: [{name: u, user: {token: 1e5, a: true, b: null, c: y}}]'),
    );
    assert.deepEqual(merged?.config['users'], [
      { name: 'u', user: { token: '1e5', a: true, b: null, c: 'y' } },
    ]);
  });

  it('finds nothing where there is nothing', async () => {
    assert.equal(await read({}), undefined);
    assert.equal(await read({ KUBECONFIG: join(folder.path, 'missing') }), undefined);
  });

  const broken: [string, string, RegExp][] = [
    ['a list', '[1]', /^kubeconfig .*\/config: not a kubeconfig$/],
    ['nothing', '', /: not a kubeconfig$/],
    ['no YAML', 'users:\n  - token: "hush\n   x', /^kubeconfig .*\/config: not valid YAML \(line \d\)$/],
    ['huge', '#'.repeat(1024 * 1024 + 1), /: larger than 1024 KiB$/],
  ];
  for (const [what, text, message] of broken) {
    it(`refuses a file that is ${what}, and quotes nothing of it`, async () => {
      const file = await write('config', text);
      await assert.rejects(read({}, file), (error: Error) => {
        assert.match(error.message, message);
        assert.doesNotMatch(`${error.message} ${(error.cause as Error | undefined)?.message}`, /hush/);
        return true;
      });
    });
  }

  it('refuses a file that is named and missing, or a folder', async () => {
    const missing = join(folder.path, 'missing');
    await assert.rejects(read({}, missing), { message: `kubeconfig ${missing}: no such file` });
    await assert.rejects(read({}, folder.path), { message: `kubeconfig ${folder.path}: EISDIR` });
  });
});
