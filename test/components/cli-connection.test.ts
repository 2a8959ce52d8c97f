import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { clusterSet, GENERATORSET_CRD } from '../harness/cluster-sets.ts';
import { type ProgramResult, runProgram } from '../harness/run-program.ts';
import { useTemporaryFolder } from '../harness/temporary-folder.ts';
import { applyObject, createNamespace, establishCrd, grantRole, removeCrd } from './cluster-objects.ts';
import { useKubeApiserver } from './kube-apiserver.ts';

const SETS = { apiGroups: ['generatorset.dev'], resources: ['generatorsets'] };

describe('the options of commands that talk to a cluster, on a real API server', function suite() {
  this.timeout(60_000);
  const server = useKubeApiserver();
  const folder = useTemporaryFolder();
  let namespace: string;
  before(() => establishCrd(server(), GENERATORSET_CRD));
  beforeEach(async () => {
    namespace = await createNamespace(server());
    await applyObject(server(), clusterSet(namespace, ['a']));
  });

  const run = (args: readonly string[], env: Record<string, string> = {}): Promise<ProgramResult> =>
    runProgram(args, { env: { KUBECONFIG: server().kubeconfig, HOME: folder.path, ...env } });
  const get = (args: readonly string[], env?: Record<string, string>) =>
    run(['get', '-n', namespace, '--no-header', ...args], env);

  async function writeCa(): Promise<string> {
    const file = join(folder.path, 'ca.crt');
    await writeFile(file, server().ca);
    return file;
  }

  it('acts as whom --as names, and the rights are theirs', async () => {
    await grantRole(server(), { user: 'jane', namespace, name: 'jane' }, [
      { ...SETS, verbs: ['get', 'list'] },
    ]);
    assert.equal((await get(['--as', 'jane'])).code, 0);
    const refused: [string, string[], RegExp][] = [
      ['somebody else', ['get', '--as', 'joe'], /✗ list generatorsets \S+: .*User "joe" cannot list/],
      ['a change', ['suspend', 'teams', '--as', 'jane'], /✗ patch generatorsets .*"jane" cannot patch/],
      ['a request', ['reconcile', 'teams', '--as', 'jane'], /"jane" cannot patch/],
      ['logs', ['logs', '--flux-namespace', 'default', '--as', 'jane'], /"jane" cannot list resource "pods"/],
      ['all namespaces', ['get', '-A', '--as', 'jane'], /"jane" cannot list/],
    ];
    for (const [what, args, words] of refused) {
      const { code, stderr, stdout } = await run([...args, '-n', namespace]);
      assert.deepEqual([what, code, stdout], [what, 1, '']);
      assert.match(stderr, words);
    }
  });

  it('acts with groups and a uid', async () => {
    const admins = await get([
      '--as',
      'joe',
      '--as-group',
      'others',
      '--as-group',
      'system:masters',
      '--as-uid',
      '7',
    ]);
    assert.equal(admins.code, 0, admins.stderr);
    const alone = await get(['--as-group', 'system:masters']);
    assert.deepEqual([alone.code, alone.stderr], [1, '✗ --as-group and --as-uid need the user of --as\n']);
  });

  it('needs no kubeconfig where server, authority and token are named', async () => {
    const { code, stdout, stderr } = await get(
      ['--server', server().url, '--certificate-authority', await writeCa(), '--token', server().adminToken],
      { KUBECONFIG: join(folder.path, 'none') },
    );
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^teams /);
  });

  it('takes a token in place of what the kubeconfig says, and never shows it', async () => {
    const token = 'hush-hush-hush';
    const { code, stdout, stderr } = await get(['--token', token]);
    assert.equal(code, 1);
    assert.match(stderr, /Unauthorized/);
    assert.doesNotMatch(stdout + stderr, /hush/);
  });

  it('checks the certificate of the server, unless told not to', async () => {
    const wrong = await get(['--tls-server-name', 'elsewhere.example']);
    assert.deepEqual([wrong.code, /its certificate/.test(wrong.stderr)], [1, true], wrong.stderr);
    const right = await get(['--tls-server-name', 'kubernetes.default.svc']);
    assert.equal(right.code, 0, right.stderr);
    const server2 = ['--server', server().url, '--token', server().adminToken];
    const none = { KUBECONFIG: join(folder.path, 'none') };
    assert.equal((await get(server2, none)).code, 1);
    assert.equal((await get([...server2, '--insecure-skip-tls-verify'], none)).code, 0);
  });

  it('takes context, cluster and user from a list of kubeconfigs', async () => {
    const other = join(folder.path, 'other');
    await writeFile(
      other,
      JSON.stringify({
        clusters: [{ name: 'here', cluster: { server: server().url, 'insecure-skip-tls-verify': true } }],
        users: [
          { name: 'me', user: { token: server().adminToken } },
          { name: 'void', user: { token: 'x' } },
        ],
        contexts: [{ name: 'other', context: { cluster: 'here', user: 'void' } }],
      }),
    );
    const env = { KUBECONFIG: `${server().kubeconfig}:${other}` };
    const codes = [];
    for (const args of [[], ['--context', 'other'], ['--context', 'other', '--user', 'me']])
      codes.push((await get(args, env)).code);
    assert.deepEqual(codes, [0, 1, 0]);
    const alone = await get(['--cluster', 'here', '--user', 'me'], { KUBECONFIG: other });
    assert.equal(alone.code, 0, alone.stderr);
    const unknown = await get(['--user', 'nobody'], env);
    assert.match(unknown.stderr, /: no user "nobody", which --user names/);
  });

  it('takes the namespace of FLUX_SYSTEM_NAMESPACE, where it is one', async () => {
    const found = await run(['get', '--no-header'], { FLUX_SYSTEM_NAMESPACE: namespace });
    assert.match(found.stdout, /^teams /);
    const odd = await run(['get'], { FLUX_SYSTEM_NAMESPACE: '../x' });
    assert.match(odd.stderr, /no GeneratorSet in namespace flux-system/);
    const refused = await run(['get', '-n', '../x']);
    assert.deepEqual([refused.code, /must be a DNS label/.test(refused.stderr)], [1, true]);
  });

  it('chooses by labels and conditions, and refuses what is no choice', async () => {
    const labelled = clusterSet(namespace, ['b'], { name: 'labelled' });
    await applyObject(server(), { ...labelled, metadata: { ...labelled.metadata, labels: { team: 'a' } } });
    const names = async (...args: string[]) =>
      (await get(args)).stdout.split('\n').map((line) => line.split(' ')[0]);
    assert.deepEqual(await names('-l', 'team=a'), ['labelled', '']);
    assert.deepEqual(await names('-l', 'team!=a'), ['teams', '']);
    assert.deepEqual(await names('--status-selector', 'Ready=False'), ['labelled', 'teams', '']);
    assert.deepEqual(await names('--status-selector', 'ready=true'), ['']);
    for (const args of [
      ['-l', '=='],
      ['--status-selector', 'ready'],
      ['-o', 'xml'],
      ['teams', '-l', 'a'],
    ]) {
      assert.equal((await get(args)).code, 1, args.join(' '));
    }
  });

  it('says that the kind is not installed', async () => {
    await removeCrd(server(), GENERATORSET_CRD);
    for (const args of [['get'], ['get', 'teams'], ['export', '--all']]) {
      const { code, stderr } = await run([...args, '-n', namespace]);
      assert.equal(code, 1);
      assert.equal(stderr, '✗ the cluster does not know GeneratorSets: run generatorset install\n');
    }
  });
});
