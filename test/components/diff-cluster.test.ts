import assert from 'node:assert/strict';
import { type ClusterSet, clusterSet, waitForCondition } from '../harness/cluster-sets.ts';
import type { ProgramResult } from '../harness/run-program.ts';
import { startWebhook, WATCHED_BY } from './admission-webhook.ts';
import { applyObject, createNamespace, createServiceAccount, readObject } from './cluster-objects.ts';
import type { KubeObject } from './kube-request.ts';
import { useLiveCommands } from './live-commands.ts';

const READY = { status: 'True' } as const;

/** A set whose only template is this content. */
function contentSet(namespace: string, content: object, spec: object = {}): ClusterSet {
  return clusterSet(namespace, ['a'], { name: 'one', spec: { templates: [{ content }], ...spec } });
}

describe('generatorset diff against a real API server', function () {
  this.timeout(120_000);
  const { server, run, writeObjects } = useLiveCommands();
  let namespace: string;
  beforeEach(async () => {
    namespace = await createNamespace(server(), 'diff');
  });

  /** Applies a set and waits until the controller has applied what it renders. */
  async function applied(set: ClusterSet): Promise<ClusterSet> {
    await applyObject(server(), set);
    return waitForCondition(server(), set, READY);
  }
  const diffFile = async (set: ClusterSet, ...args: string[]): Promise<ProgramResult> =>
    run('diff', '--live', ...args, await writeObjects(set));
  const diffName = (name = 'teams', ...args: string[]) =>
    run('diff', `gset/${name}`, '-n', namespace, ...args);
  const configMap = (name: string, data: object = {}) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace },
    data,
  });

  it('shows what would be created, as the server would have it', async () => {
    const result = await diffFile(clusterSet(namespace, ['a']));
    assert.equal(result.code, 1, result.stderr);
    assert.equal(
      result.stdout,
      [
        '--- /dev/null',
        `+++ b/ConfigMap/${namespace}/a`,
        '@@ -0,0 +1,10 @@',
        '+apiVersion: v1',
        '+kind: ConfigMap',
        '+metadata:',
        '+  name: a',
        `+  namespace: ${namespace}`,
        '+  labels:',
        '+    generatorset.dev/name: teams',
        `+    generatorset.dev/namespace: ${namespace}`,
        '+data:',
        '+  team: a',
        '',
      ].join('\n'),
    );
    assert.equal(result.stderr, `✔ ${namespace}/teams: 1 created\n`);
    assert.equal(await readObject(server(), configMap('a')), undefined);
  });

  it('finds nothing for a set that was applied, by its file and by its name', async () => {
    const set = await applied(clusterSet(namespace, ['a', 'b']));
    for (const word of ['gset', 'generatorset', 'generatorsets', 'generatorset.generatorset.dev']) {
      const { code, stdout, stderr } = await run('diff', `${word}/teams`, '-n', namespace);
      assert.deepEqual([code, stdout, stderr], [0, '', `✔ ${namespace}/teams: 2 unchanged\n`]);
    }
    const file = clusterSet(namespace, ['a', 'b']);
    assert.equal((await diffFile(file)).code, 0, set.metadata.name);
  });

  it('shows changed fields with their surroundings, and what somebody else has changed', async () => {
    const content = { ...configMap('a', { team: 'a', size: '1' }) };
    await applied(contentSet(namespace, content));
    // Nobody puts it right meanwhile.
    await applyObject(server(), contentSet(namespace, content, { suspend: true }));
    await applyObject(server(), configMap('a', { size: '9', own: 'mine' }), { fieldManager: 'kubectl-edit' });
    const { stdout, stderr, code } = await diffName('one');
    // Whoever applies owns what it applies: a pass is refused, until it is told to take the field.
    assert.equal(code, 2, stdout);
    assert.match(
      stderr,
      /^✗ \S+: spec\.templates\[0\]\.content\.data\.size: ConfigMap\/\S+\/a: conflict with "kubectl-edit": \.data\.size/,
    );
    const forced = contentSet(namespace, content, { target: { apply: { force: true } } });
    const taken = await diffFile(forced);
    assert.equal(taken.code, 1, taken.stderr);
    assert.match(taken.stdout, /^ data:\n {3}own: mine\n- {2}size: "9"\n\+ {2}size: "1"\n {3}team: a$/m);
  });

  it('shows what would be deleted by the inventory, and that the guard would hold it, by the same digest', async () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    await applied(clusterSet(namespace, names));
    const fewer = clusterSet(namespace, names.slice(0, 5));
    const { code, stdout } = await diffFile(fewer);
    assert.equal(code, 1);
    assert.match(stdout, /^--- a\/ConfigMap\/\S+\/f\n\+\+\+ \/dev\/null\n/);
    assert.equal(stdout.split('--- ').length, 2, 'nothing else is shown');
    const few = clusterSet(namespace, ['a', 'b']);
    const held = await diffFile(few);
    assert.deepEqual([held.code, held.stdout], [0, '']);
    assert.match(held.stderr, /a pass would be held: would delete 4 of 6 resources/);
    await applyObject(server(), few);
    const stored = await waitForCondition(server(), few, { type: 'Held', status: 'True' });
    const [, digest] = /digest (sha256:\w+)/.exec(held.stderr) ?? [];
    assert.equal(stored.status?.held?.digest, digest);
  });

  it('masks the data of Secrets, and says what differs', async () => {
    const secret = (stringData: object) => ({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'token', namespace },
      stringData,
    });
    const before = await diffFile(contentSet(namespace, secret({ token: 'sesame-one' })));
    assert.match(before.stdout, /^\+ {2}token: '\*\*\*'$/m);
    await applied(contentSet(namespace, secret({ token: 'sesame-one', same: 'x' })));
    const { stdout, code } = await diffFile(
      contentSet(namespace, secret({ token: 'sesame-two', same: 'x' })),
    );
    assert.equal(code, 1);
    assert.match(
      stdout,
      /^ {3}same: '\*\*\*'\n- {2}token: '\*\*\* \(before\)'\n\+ {2}token: '\*\*\* \(after\)'$/m,
    );
    const all = [
      before.stdout,
      stdout,
      (
        await run(
          'plan',
          '--live',
          '-o',
          'json',
          await writeObjects(contentSet(namespace, secret({ token: 'sesame-two' }))),
        )
      ).stdout,
    ].join('');
    assert.doesNotMatch(all, /sesame|c2VzYW1l/);
  });

  it('says who else holds an object', async () => {
    await applied(clusterSet(namespace, ['a']));
    const { code, stderr } = await diffFile(clusterSet(namespace, ['a'], { name: 'other' }));
    assert.equal(code, 2);
    assert.match(
      stderr,
      /ConfigMap\/\S+\/a: two sets claim it, GeneratorSet\/\S+\/teams and GeneratorSet\/\S+\/other/,
    );
  });

  it('names file, line and column of what the server refuses, and shows the other objects', async () => {
    const bad = { ...configMap('bad'), metadata: { name: 'bad', labels: { team: 'no label!' } } };
    const set = clusterSet(namespace, ['a'], {
      spec: { templates: [{ content: bad }, { content: configMap('good', { x: '1' }) }] },
    });
    const file = await writeObjects(set);
    const { code, stdout, stderr } = await run('diff', '--live', file);
    assert.equal(code, 2);
    assert.match(stderr, /objects\.yaml:\d+:\d+: ConfigMap\/\S+\/bad: .*no label!/);
    assert.match(stdout, /^\+\+\+ b\/ConfigMap\/\S+\/good$/m);
  });

  it('lets admission webhooks refuse and default', async () => {
    const watched = {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: namespace, labels: { [WATCHED_BY]: 'diff' } },
    };
    await applyObject(server(), watched);
    const webhook = await startWebhook(server(), { name: 'diff', kind: 'Mutating' });
    try {
      webhook.answer = () => ({ refusal: 'no such thing here' });
      const refused = await diffFile(clusterSet(namespace, ['a']));
      assert.equal(refused.code, 2);
      assert.match(refused.stderr, /objects\.yaml:\d+:\d+: ConfigMap\/\S+\/a: .*no such thing here/);
      webhook.answer = () => ({ patch: [{ op: 'add', path: '/data/added', value: 'by the webhook' }] });
      const defaulted = await diffFile(clusterSet(namespace, ['a']));
      assert.match(defaulted.stdout, /^\+ {2}added: by the webhook$/m);
    } finally {
      await webhook.close();
    }
  });

  it('shows as rendered what cannot be tried yet: in a namespace or of a kind of the same set', async () => {
    const later = `${namespace}-later`;
    const crd = {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: `things.${namespace}.example.com` },
      spec: {
        group: `${namespace}.example.com`,
        scope: 'Cluster',
        names: { kind: 'Thing', plural: 'things' },
        versions: [
          { name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } },
        ],
      },
    };
    const contents = [
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: later } },
      { ...configMap('inside'), metadata: { name: 'inside', namespace: later } },
      crd,
      { apiVersion: `${namespace}.example.com/v1`, kind: 'Thing', metadata: { name: 'thing' } },
    ];
    const set = clusterSet(namespace, ['x'], {
      spec: { templates: contents.map((content) => ({ content })) },
    });
    const { code, stdout, stderr } = await diffFile(set);
    assert.equal(code, 1, stderr);
    assert.deepEqual(
      [...stdout.matchAll(/^\+\+\+ b\/(\w+)/gm)].map(([, kind]) => kind),
      ['Namespace', 'ConfigMap', 'CustomResourceDefinition', 'Thing'],
    );
    assert.match(stderr, /Thing\/thing: the server could not try it: its kind is defined by this set/);
    assert.match(
      stderr,
      /ConfigMap\/\S+\/inside: the server could not try it: its namespace comes with this set/,
    );
  });

  it('says that fields change which cannot be changed, and shows a replacement where it is allowed', async () => {
    const content = (value: string, force?: 'enabled') => ({
      ...configMap('a', { value }),
      metadata: { name: 'a', ...(force && { annotations: { 'generatorset.dev/force': force } }) },
      immutable: true,
    });
    await applied(contentSet(namespace, content('1')));
    const refused = await diffFile(contentSet(namespace, content('2')));
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /field is immutable.*spec\.target\.apply\.force/);
    const { code, stdout, stderr } = await diffFile(contentSet(namespace, content('2', 'enabled')));
    assert.equal(code, 1, stderr);
    assert.match(stdout, /^- {2}value: "1"\n\+ {2}value: "2"$/m);
    assert.match(stderr, /ConfigMap\/\S+\/a: it is deleted and made anew/);
  });

  it('has the rights of the user alone', async () => {
    const account = await createServiceAccount(server(), { name: 'reader', namespace }, [
      { apiGroups: ['generatorset.dev'], resources: ['generatorsets'], verbs: ['get'] },
      { apiGroups: [''], resources: ['configmaps'], verbs: ['get'] },
    ]);
    await applied(clusterSet(namespace, ['a']));
    const { code, stderr } = await diffName('teams', '--as', account.user);
    assert.equal(code, 2);
    assert.match(stderr, /cannot patch resource "configmaps".*grant system:serviceaccount:\S+:reader/);
  });

  it('gives the plan as JSON, as for files', async () => {
    await applied(clusterSet(namespace, ['a']));
    const { stdout } = await diffFile(clusterSet(namespace, ['a', 'b']), '-o', 'json');
    const { sets } = JSON.parse(stdout) as {
      sets: { differs: boolean; changes: { id: string; action: string }[] }[];
    };
    assert.deepEqual(
      sets.map(({ differs, changes }) => [differs, changes.map(({ id, action }) => `${id} ${action}`)]),
      [[true, [`${namespace}_a__ConfigMap unchanged`, `${namespace}_b__ConfigMap created`]]],
    );
  });

  it('names the closest set where there is none of the name', async () => {
    await applied(clusterSet(namespace, ['a']));
    const { code, stderr } = await diffName('team');
    assert.equal(code, 2);
    assert.match(stderr, /GeneratorSet "team" is not in namespace \S+: did you mean teams\?/);
  });

  it('lets generators read the cluster', async () => {
    await applyObject(server(), configMap('input', { word: 'hello' }) as KubeObject);
    const spec = {
      generators: [{ config: { kind: 'ConfigMap', name: 'input' } }],
      templates: [{ content: configMap('output', { said: '{{ .Element.word }}' }) }],
    };
    const { stdout, stderr } = await diffFile(clusterSet(namespace, [], { spec }));
    assert.match(stdout, /^\+ {2}said: hello$/m, stderr);
  });
});
