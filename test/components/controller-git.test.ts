import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type ClusterSet, clusterSet, conditionOf, waitForCondition } from '../harness/cluster-sets.ts';
import { startAnswers } from '../harness/controller-answers.ts';
import { gitSecret, startForge, type TestForge } from '../harness/controller-git.ts';
import {
  APPROVE,
  annotate,
  eventsOf,
  patchObject,
  readyOf,
  requestPass,
  requestsIn,
  useController,
  writesIn,
} from '../harness/controller-suite.ts';
import { addHook, branchFiles, branchHead, commitFiles, countCommits } from '../harness/git.ts';
import {
  applyObject,
  createNamespace,
  createServiceAccount,
  deleteObject,
  type PolicyRule,
  readObject,
  waitFor,
} from './cluster-objects.ts';
import { GIT_REPOSITORY_CRD } from './flux-crds.ts';
import type { KubeObject } from './kube-request.ts';

const GET_SECRET: PolicyRule = {
  apiGroups: [''],
  resources: ['secrets'],
  resourceNames: ['git'],
  verbs: ['get'],
};
const WATCH_SECRETS: PolicyRule = {
  apiGroups: [''],
  resources: ['secrets'],
  verbs: ['get', 'list', 'watch'],
};
const APPLY_CONFIG_MAPS: PolicyRule = {
  apiGroups: [''],
  resources: ['configmaps'],
  verbs: ['get', 'list', 'watch', 'create', 'patch', 'delete'],
};
const WATCH_SOURCES: PolicyRule = {
  apiGroups: ['source.toolkit.fluxcd.io'],
  resources: ['gitrepositories'],
  verbs: ['get', 'list', 'watch'],
};

describe('sets that a controller commits to Git', function suite() {
  this.timeout(90_000);
  const { server, controller } = useController({ crds: [GIT_REPOSITORY_CRD] });
  let forge: TestForge;
  let namespace = '';
  let url = '';
  let folder = '';
  /** Whatever else is looked through, this must not be there. */
  let password = '';

  before(async () => {
    forge = await startForge('');
  });
  after(() => forge?.close());
  beforeEach(async () => {
    password = `canary-${randomBytes(8).toString('hex')}`;
    forge.password = password;
    forge.tried.length = 0;
    namespace = await createNamespace(server());
    ({ url, folder } = forge.create(namespace));
  });
  afterEach(async () => {
    assert.ok(!controller().output().includes('canary'), 'no password in the log');
    const metrics = await (await fetch(`${controller().metrics}/metrics`)).text();
    assert.ok(!metrics.includes('canary'), 'no password in the metrics');
    const { body } = await server().request<{ items: KubeObject[] }>(
      'GET',
      `/apis/generatorset.dev/v1alpha1/namespaces/${namespace}/generatorsets`,
    );
    for (const set of body.items) {
      assert.ok(!JSON.stringify(set['status']).includes('canary'), 'no password in a status');
      assert.ok(!JSON.stringify(await eventsOf(server(), set)).includes('canary'), 'no password in an event');
    }
  });

  /** A set with a target, as an account of its namespace with these rights. */
  async function createSet(
    { rules = [], spec = {}, git = {} }: { rules?: PolicyRule[]; spec?: object; git?: object },
    names = ['a', 'b'],
  ): Promise<ClusterSet> {
    await createServiceAccount(server(), { name: 'committer', namespace }, rules);
    const target = { git: { url, path: 'apps', secretRef: { name: 'git' }, ...git } };
    const set = clusterSet(namespace, names, { spec: { serviceAccountName: 'committer', target, ...spec } });
    await applyObject(server(), set);
    return set;
  }

  const ready = (set: ClusterSet) =>
    waitForCondition(server(), set, { status: 'True', reason: 'ReconciliationSucceeded' }, 30_000);

  it('commits with the Secret that its account may get, and says that it may not watch it', async () => {
    await applyObject(server(), gitSecret(namespace, password));
    const set = await createSet({ rules: [GET_SECRET] });
    const done = await ready(set);
    assert.equal(readyOf(done), 'True ReconciliationSucceeded: 2 resources');
    assert.equal(done.status?.lastAppliedRevision, `main@sha1:${branchHead(folder)}`);
    assert.equal(conditionOf(done, 'Unwatched')?.message, `may not be watched: secrets in ${namespace}`);
    assert.deepEqual(done.metadata.finalizers, undefined, 'nothing to delete with it');
    assert.deepEqual(Object.keys(branchFiles(folder)), [
      'README.md',
      `apps/.generatorset/${namespace}/teams.state`,
      `apps/${namespace}-configmap-a.yaml`,
      `apps/${namespace}-configmap-b.yaml`,
    ]);

    // As the account, and never as the controller.
    const asked = (await requestsIn(server(), namespace)).filter(
      ({ objectRef }) => objectRef?.resource === 'secrets',
    );
    const user = `system:serviceaccount:${namespace}:committer`;
    assert.deepEqual([...new Set(asked.map(({ impersonatedUser }) => impersonatedUser?.username))], [user]);
    assert.ok(asked.some(({ verb, responseStatus }) => verb === 'get' && responseStatus?.code === 200));
    assert.ok(!forge.tried.some((tried) => tried !== '' && tried !== password));
  });

  it('says what right is missing, and goes on by itself when it is given', async () => {
    await applyObject(server(), gitSecret(namespace, password));
    const set = await createSet({ rules: [] });
    const denied = await waitForCondition(server(), set, { status: 'False' });
    assert.equal(
      readyOf(denied),
      `False AccessDenied: spec.target.git.secretRef: system:serviceaccount:${namespace}:committer may not get ` +
        `secrets/git in namespace ${namespace}: grant it the verb get on secrets by a Role in namespace ${namespace}`,
    );
    assert.deepEqual(forge.tried, [], 'the repository is not asked without credentials');
    await createServiceAccount(server(), { name: 'committer', namespace }, [WATCH_SECRETS]);
    await ready(set);
  });

  it('takes up a rotated Secret at once', async () => {
    await applyObject(server(), gitSecret(namespace, password));
    const set = await createSet({ rules: [WATCH_SECRETS] });
    const done = await ready(set);
    assert.equal(conditionOf(done, 'Unwatched'), undefined);
    const mark = await server().markAudit();
    const commits = countCommits(folder);

    forge.password = `${password}-rotated`;
    await applyObject(server(), gitSecret(namespace, forge.password));
    await waitFor('the new password to be used', () => forge.tried.includes(forge.password), 5000);
    await delay(500);
    assert.equal(countCommits(folder), commits, 'nothing has changed');
    assert.deepEqual(await writesIn(server(), namespace, mark), [], 'and nothing is news');
  });

  it('fails with a wrong password without showing it, and recovers when the Secret is mended', async () => {
    await applyObject(server(), gitSecret(namespace, `${password}-wrong`));
    const set = await createSet({ rules: [WATCH_SECRETS] });
    const failed = await waitForCondition(server(), set, { status: 'False' });
    assert.match(readyOf(failed), /^False \w+: .*(authentication|credentials|401)/i);
    assert.ok(forge.tried.includes(`${password}-wrong`));
    await waitFor('the event', async () => (await eventsOf(server(), set)).length > 0);
    await applyObject(server(), gitSecret(namespace, password));
    await ready(set);
  });

  it('waits for a Secret that does not exist yet, and is woken by it', async () => {
    const set = await createSet({ rules: [WATCH_SECRETS] });
    const failed = await waitForCondition(server(), set, { status: 'False' });
    assert.match(readyOf(failed), /: spec\.target\.git\.secretRef: Secret test-\w+\/git does not exist$/);
    await applyObject(server(), gitSecret(namespace, password));
    await ready(set);
  });

  it('says why the server refuses a push, and pushes when it does not any more', async () => {
    await applyObject(server(), gitSecret(namespace, password));
    addHook(folder, 'pre-receive', 'echo "the branch is frozen until Monday" >&2; exit 1');
    const set = await createSet({ rules: [WATCH_SECRETS] });
    const failed = await waitForCondition(server(), set, { status: 'False' });
    assert.match(readyOf(failed), /^False ReconciliationFailed: .*the branch is frozen until Monday/);
    assert.equal(failed.status?.lastAppliedRevision, undefined);
    assert.equal(countCommits(folder), 1);
    addHook(folder, 'pre-receive', 'exit 0');
    const done = await ready(set);
    assert.equal(done.status?.lastAppliedRevision, `main@sha1:${branchHead(folder)}`);
    assert.equal(countCommits(folder), 2);
  });

  it('costs one look at the branch and nothing else when nothing has changed', async () => {
    await applyObject(server(), gitSecret(namespace, password));
    const set = await createSet({ rules: [WATCH_SECRETS], spec: { interval: '5s' } });
    const done = await ready(set);
    const told = await waitFor('the event of the commit', async () => {
      const events = await eventsOf(server(), set);
      return events.length > 0 ? events : undefined;
    });
    // Somebody else commits beside it: no news of this set.
    commitFiles(folder, { 'other.yaml': 'x: 1\n' });
    const [mark, commits, asked] = [
      await server().markAudit(),
      countCommits(folder),
      forge.server.requests.length,
    ];
    const looks = () => forge.server.requests.slice(asked).filter((line) => line.includes('info/refs'));
    await waitFor('three passes', () => looks().length >= 3, 30_000);
    assert.equal(countCommits(folder), commits);
    assert.deepEqual(await writesIn(server(), namespace, mark), []);
    assert.deepEqual(await eventsOf(server(), set), told);
    const after = await readObject<ClusterSet>(server(), set);
    assert.deepEqual(after?.status, done.status);
    assert.ok(!forge.server.requests.slice(asked).some((line) => line.includes('receive-pack')));
  });

  it('restores a file that somebody changed or deleted', async () => {
    await applyObject(server(), gitSecret(namespace, password));
    const set = await createSet({ rules: [WATCH_SECRETS] });
    await ready(set);
    const manifests = () => {
      return Object.entries(branchFiles(folder)).filter(([path]) => path.endsWith('.yaml'));
    };
    const before = manifests();
    commitFiles(folder, {
      [`apps/${namespace}-configmap-a.yaml`]: null,
      [`apps/${namespace}-configmap-b.yaml`]: 'mine\n',
    });
    const done = await requestPass(server(), set);
    assert.deepEqual(manifests(), before);
    assert.equal(done.status?.lastAppliedRevision, `main@sha1:${branchHead(folder)}`);
  });

  it('holds what would delete too much until it is approved, and leaves the files when it is deleted', async () => {
    await applyObject(server(), gitSecret(namespace, password));
    const set = await createSet({ rules: [WATCH_SECRETS] }, ['a', 'b', 'c', 'd']);
    await ready(set);
    await applyObject(server(), {
      ...set,
      spec: { ...(set['spec'] as object), generators: [{ list: { elements: [{ name: 'a' }] } }] },
    });
    const held = await waitForCondition(server(), set, { reason: 'PlanHeld' });
    assert.match(readyOf(held), /would delete 3 of 4 resources; spec\.guard\.maxPrune 20% allows 1/);
    assert.equal(countCommits(folder), 2);
    await annotate(server(), set, { [APPROVE]: held.status?.held?.digest ?? '' });
    const done = await ready(set);
    assert.equal(readyOf(done), 'True ReconciliationSucceeded: 1 resource');
    assert.equal(countCommits(folder), 3);

    await deleteObject(server(), set);
    await waitFor('the set to be gone', async () => (await readObject(server(), set)) === undefined);
    await delay(300);
    assert.ok(branchFiles(folder)[`apps/${namespace}-configmap-a.yaml`]);
    assert.equal(countCommits(folder), 3);
  });

  it('lets sets of one repository take turns', async () => {
    await applyObject(server(), gitSecret(namespace, password));
    await createSet({ rules: [WATCH_SECRETS] });
    const target = { git: { url, path: 'apps', secretRef: { name: 'git' } } };
    const spec = { serviceAccountName: 'committer', target };
    const names = ['one', 'two', 'three', 'four', 'five'];
    const sets = names.map((name) => clusterSet(namespace, [name], { name, spec }));
    await Promise.all(sets.map((set) => applyObject(server(), set)));
    for (const set of sets) await ready(set);
    assert.equal(countCommits(folder), 1 + 1 + names.length);
    for (const name of names) assert.ok(branchFiles(folder)[`apps/${namespace}-configmap-${name}.yaml`]);
  });

  it('turns the directories of a private repository into resources, read as its account', async () => {
    await applyObject(server(), gitSecret(namespace, password));
    commitFiles(folder, { 'teams/red/x.yaml': 'a: 1\n' });
    const directories = [{ path: 'teams/*' }];
    const gitDirectory = { interval: '5s', url, secretRef: { name: 'git' }, directories };
    const configMap = (name: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } });
    const content = { ...configMap('{{ .Element.basename }}'), data: { path: '{{ .Element.path }}' } };
    await createSet({ rules: [GET_SECRET] });
    const spec = {
      serviceAccountName: 'committer',
      generators: [{ gitDirectory }],
      templates: [{ content }],
    };
    const set = clusterSet(namespace, [], { name: 'directories', spec });
    await applyObject(server(), set);
    const forbidden = await waitForCondition(server(), set, { status: 'False' });
    assert.match(
      readyOf(forbidden),
      /: ConfigMap\/test-\w+\/red: .* is forbidden: .*grant system:serviceaccount:/,
    );
    await createServiceAccount(server(), { name: 'committer', namespace }, [
      WATCH_SECRETS,
      APPLY_CONFIG_MAPS,
    ]);
    await ready(set);
    commitFiles(folder, { 'teams/blue/x.yaml': 'a: 1\n' });
    const blue = { ...configMap('blue'), metadata: { name: 'blue', namespace } };
    const made = await waitFor('the new team', () => readObject<KubeObject>(server(), blue), 20_000);
    assert.deepEqual(made['data'], { path: 'teams/blue' });
  });

  it('stalls on a URL with a password in it, without repeating it', async () => {
    const set = await createSet({ git: { url: `http://flux:${password}@127.0.0.1:1/x.git` } });
    const stalled = await waitForCondition(server(), set, { type: 'Stalled', status: 'True' });
    assert.match(readyOf(stalled), /^False (InvalidURL|ValidationFailed): /);
  });

  describe('through a GitRepository of Flux', () => {
    const sourceRef = { kind: 'GitRepository', name: 'apps' };
    const source = (spec: object): KubeObject => ({
      apiVersion: 'source.toolkit.fluxcd.io/v1',
      kind: 'GitRepository',
      metadata: { name: 'apps', namespace },
      spec,
    });
    const git = { url: undefined, secretRef: undefined, sourceRef };

    it('takes URL, branch and credentials from it, and follows it to another repository', async () => {
      await applyObject(server(), gitSecret(namespace, password));
      await applyObject(server(), source({ url, ref: { branch: 'main' }, secretRef: { name: 'git' } }));
      const set = await createSet({ rules: [GET_SECRET, WATCH_SOURCES], git });
      const done = await ready(set);
      assert.equal(done.status?.lastAppliedRevision, `main@sha1:${branchHead(folder)}`);
      assert.equal(conditionOf(done, 'Unwatched')?.message, `may not be watched: secrets in ${namespace}`);

      const other = forge.create(`${namespace}-other`);
      await patchObject(server(), source({}), { spec: { url: other.url } });
      await waitFor('a commit in the other repository', () => countCommits(other.folder) === 2, 20_000);
      await waitFor('the status', async () => {
        const { status } = (await readObject<ClusterSet>(server(), set)) ?? {};
        return status?.lastAppliedRevision === `main@sha1:${branchHead(other.folder)}`;
      });
      assert.equal(countCommits(folder), 2);
    });

    it('is not disturbed by what source-controller writes into its status', async () => {
      await applyObject(server(), gitSecret(namespace, password));
      await applyObject(server(), source({ url, ref: { branch: 'main' }, secretRef: { name: 'git' } }));
      const answers = await startAnswers(['a']);
      try {
        const generators = [{ apiClient: { interval: '24h', endpoint: answers.url } }];
        const set = await createSet({ rules: [WATCH_SECRETS, WATCH_SOURCES], git, spec: { generators } });
        await ready(set);
        // What a request has written can be read before the API server logs the request.
        await delay(1000);
        const mark = await server().markAudit();
        // As it does after each commit, ours too: a query that gives other values would never come to rest.
        answers.names = ['b'];
        const artifact = { revision: `main@sha1:${branchHead(folder)}` };
        await patchObject(server(), source({}), { status: { artifact } }, { status: true });
        await delay(1500);
        assert.equal(answers.asked.length, 1);
        assert.deepEqual(await writesIn(server(), namespace, mark), []);
        assert.equal(countCommits(folder), 2);
      } finally {
        await answers.close();
      }
    });

    it('says what is missing in it, and goes on when it is there', async () => {
      await applyObject(server(), gitSecret(namespace, password));
      const set = await createSet({ rules: [WATCH_SECRETS, WATCH_SOURCES], git });
      await waitForCondition(server(), set, {
        status: 'False',
        message: /sourceRef: GitRepository test-\w+\/apps does not exist/,
      });
      await applyObject(server(), source({ url, secretRef: { name: 'git' } }));
      await waitForCondition(server(), set, { status: 'False', message: /has no spec\.ref\.branch/ });
      await patchObject(server(), source({}), { spec: { ref: { branch: 'main' } } });
      await ready(set);
    });
  });
});
