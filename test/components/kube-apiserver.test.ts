import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { parse } from 'yaml';
import { isWrite } from './audit-log.ts';
import {
  applyObject,
  createNamespace,
  createServiceAccount,
  deleteObject,
  establishCrd,
  readObject,
  requestToken,
  waitFor,
} from './cluster-objects.ts';
import { missingPrograms } from './find-program.ts';
import { GIT_REPOSITORY_CRD, KUSTOMIZATION_CRD } from './flux-crds.ts';
import {
  APISERVER_PROGRAMS,
  type KubeApiserver,
  startKubeApiserver,
  useKubeApiserver,
} from './kube-apiserver.ts';
import { CONTROLLER_USER } from './kube-apiserver-files.ts';
import type { KubeObject } from './kube-request.ts';

function configMap(namespace: string, name: string, data: Record<string, string> = {}): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data };
}

describe('a real kube-apiserver', function suite() {
  this.timeout(60_000);
  const server = useKubeApiserver({ extraTokens: [{ token: 'more', user: 'more' }] });
  let namespace = '';
  beforeEach(async () => {
    namespace = await createNamespace(server());
  });

  function list(token: string): Promise<{ status: number }> {
    return server().request('GET', `/api/v1/namespaces/${namespace}/configmaps`, undefined, { token });
  }

  it('deletes what is there, and what is not', async () => {
    const object = await applyObject(server(), configMap(namespace, 'gone'));
    for (let i = 0; i < 2; i++) await deleteObject(server(), object);
    assert.equal(await readObject(server(), object), undefined);
  });

  it('names the kind that it does not know', async () => {
    const object = { ...configMap(namespace, 'a'), kind: 'ConfigMop' };
    await assert.rejects(applyObject(server(), object), /knows no kind ConfigMop below \/api\/v1/);
  });

  it('applies on the server side and knows the manager of each field', async () => {
    const applied = await applyObject(server(), configMap(namespace, 'a', { k: 'v' }));
    const [manager, ...others] = applied.metadata['managedFields'] as {
      manager: string;
      operation: string;
    }[];
    assert.deepEqual([manager?.manager, manager?.operation, others], ['test', 'Apply', []]);
    const again = await applyObject(server(), configMap(namespace, 'a', { k: 'v' }));
    assert.equal(again.metadata.resourceVersion, applied.metadata.resourceVersion);
  });

  it('answers what it refuses with status and reason', async () => {
    const path = `/api/v1/namespaces/${namespace}/configmaps`;
    const { status, body } = await server().request<{ reason: string }>('POST', path, { metadata: {} });
    assert.deepEqual([status, body.reason], [422, 'Invalid']);
  });

  it('tells users apart', async () => {
    const { tokens } = server();
    const given: [string, number][] = [
      [tokens.admin, 200],
      [tokens.controller, 403],
      [tokens.nobody, 403],
      ['more', 403],
      ['unknown', 401],
    ];
    for (const [token, status] of given) assert.equal((await list(token)).status, status);
    const as = { user: 'somebody', groups: ['system:authenticated'] };
    const answer = await server().request('GET', '/api/v1/secrets', undefined, { as });
    assert.equal(answer.status, 403);
  });

  it('gives a service account the rights of its rules', async () => {
    const rules = [{ apiGroups: [''], resources: ['configmaps'], verbs: ['list'] }];
    const account = await createServiceAccount(server(), { name: 'tenant', namespace }, rules);
    const token = await requestToken(server(), account);
    await waitFor('the role to hold', async () => (await list(token)).status === 200);
    const elsewhere = await server().request('GET', '/api/v1/configmaps', undefined, { token });
    assert.equal(elsewhere.status, 403);
  });

  it('writes into the audit log who did what, for whom', async () => {
    const mark = await server().markAudit();
    const as = { user: CONTROLLER_USER };
    await server().request('POST', `/api/v1/namespaces/${namespace}/configmaps`, configMap(namespace, 'b'));
    await server().request('DELETE', `/api/v1/namespaces/${namespace}/configmaps/b`, undefined, { as });
    await list(server().tokens.nobody);
    const events = await server().audit(mark);
    const seen = events.map((event) => [
      event.verb,
      event.user.username,
      event.impersonatedUser?.username,
      event.objectRef?.resource,
      event.objectRef?.name,
      event.responseStatus?.code,
    ]);
    assert.deepEqual(seen, [
      ['create', 'admin', undefined, 'configmaps', 'b', 201],
      ['delete', 'admin', CONTROLLER_USER, 'configmaps', 'b', 403],
      ['list', 'nobody', undefined, 'configmaps', undefined, 403],
    ]);
    assert.deepEqual(events.map(isWrite), [true, true, false]);
    const all = await server().audit();
    assert.ok(all.length > events.length);
    assert.ok(all.every(({ stage, userAgent }) => stage !== undefined && userAgent !== undefined));
  });

  it("takes objects of Flux's kinds, and their status apart", async () => {
    await Promise.all([GIT_REPOSITORY_CRD, KUSTOMIZATION_CRD].map((crd) => establishCrd(server(), crd)));
    const object = {
      apiVersion: 'source.toolkit.fluxcd.io/v1',
      kind: 'GitRepository',
      metadata: { name: 'podinfo', namespace },
      spec: { url: 'https://example.com/podinfo', interval: '1m' },
    };
    await applyObject(server(), { ...object, status: { artifact: {} } });
    const read = await readObject(server(), object);
    assert.deepEqual([read?.['spec'], read?.['status']], [object.spec, undefined]);
    const path = `/apis/source.toolkit.fluxcd.io/v1/namespaces/${namespace}/gitrepositories/podinfo/status`;
    const status = { artifact: { revision: 'main@sha1:0' } };
    const contentType = 'application/merge-patch+json';
    await server().request('PATCH', path, { status }, { contentType });
    assert.deepEqual((await readObject(server(), object))?.['status'], status);
  });

  it('writes kubeconfigs that name the server, its certificate and the token', async () => {
    for (const [file, token] of [
      [server().kubeconfig, server().adminToken],
      [await server().kubeconfigFor('more'), 'more'],
    ] as const) {
      const config = parse(await readFile(file, 'utf8'));
      assert.equal(config.clusters[0].cluster.server, server().url);
      assert.equal(
        Buffer.from(config.clusters[0].cluster['certificate-authority-data'], 'base64').toString(),
        server().ca,
      );
      assert.equal(config.users[0].user.token, token);
    }
  });

  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    it(`keeps its port, its data and its log through a restart by ${signal}`, async () => {
      const applied = await applyObject(server(), configMap(namespace, 'kept'));
      const before = await server().audit();
      const pid = server().pids.apiserver;
      await server().restart({ signal, downFor: 50 });
      assert.notEqual(server().pids.apiserver, pid);
      const read = await readObject(server(), applied);
      assert.equal(read?.metadata.uid, applied.metadata.uid);
      assert.deepEqual((await server().audit()).slice(0, before.length), before);
    });
  }

  it('refuses connections while it is stopped', async () => {
    await server().stop('SIGKILL');
    await assert.rejects(server().request('GET', '/version'), { code: 'ECONNREFUSED' });
    await server().start();
    assert.equal((await server().request('GET', '/version')).status, 200);
  });

  it('is silent while it is paused, and answers then', async () => {
    const ask = () => server().request('GET', '/version', undefined, { timeout: 500 });
    server().pause();
    try {
      await assert.rejects(ask(), { code: /^UND_ERR_(HEADERS|CONNECT)_TIMEOUT$/ });
    } finally {
      server().resume();
    }
    await waitFor('an answer', async () => (await ask()).status === 200);
  });

  it('fails without its etcd and has its data when that is back', async () => {
    await applyObject(server(), configMap(namespace, 'stored'));
    const path = `/api/v1/namespaces/${namespace}/configmaps/stored`;
    const isThere = async () =>
      (await server().request('GET', path, undefined, { timeout: 1000 })).status === 200;
    await server().stopEtcd();
    try {
      assert.equal(await isThere().catch(() => false), false);
    } finally {
      await server().startEtcd();
    }
    await waitFor('the data to be back', isThere, 30_000);
  });

  it('lets users in that are added later', async () => {
    assert.equal((await list('late')).status, 401);
    await server().addUserTokens([{ token: 'late', user: 'late', groups: ['system:masters'] }]);
    assert.equal((await list('late')).status, 200);
    assert.equal((await list('more')).status, 403);
  });
});

describe('startKubeApiserver', function suite() {
  this.timeout(120_000);

  it('leaves neither process nor file behind', async function leavesNothing() {
    // The suite above has said what is missing; with CI=true it has failed.
    if (missingPrograms(APISERVER_PROGRAMS).length > 0) this.skip();
    const server: KubeApiserver = await startKubeApiserver({ audit: 'None' });
    const pids = Object.values(server.pids) as number[];
    for (const pid of pids) assert.equal(process.kill(pid, 0), true);
    await assert.rejects(server.audit(), /audit: 'None'/);
    await server.close();
    for (const pid of pids) assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' });
    assert.equal(existsSync(dirname(server.kubeconfig)), false);
  });
});
