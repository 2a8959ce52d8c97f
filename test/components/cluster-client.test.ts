import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isConflict, isForbidden, isInvalid, isNotFound } from '../../src/clients/cluster/api-error.ts';
import type { ApiRequest } from '../../src/clients/cluster/cluster-client.ts';
import { type Cluster, type ClusterOptions, openCluster } from '../../src/clients/cluster/open-cluster.ts';
import { silentLogger } from '../../src/lib/logger.ts';
import { kubeconfigOf } from '../harness/cluster-faults.ts';
import { makeCertificates } from '../harness/http-certificates.ts';
import { withEnvironment } from '../harness/http-environment.ts';
import { applyObject, createNamespace, createServiceAccount, grantRole, waitFor } from './cluster-objects.ts';
import { useKubeApiserver } from './kube-apiserver.ts';

const never = new AbortController().signal;
const USER_AGENT = 'generatorset-client-test';
const APPLY = 'application/apply-patch+yaml';

describe('openCluster on a real API server', function () {
  this.timeout(60_000);
  const certificates = makeCertificates();
  const folder = mkdtempSync(join(tmpdir(), 'generatorset-client-'));
  writeFileSync(join(folder, 'client-ca.crt'), certificates.ca.cert);
  const server = useKubeApiserver({ args: [`--client-ca-file=${join(folder, 'client-ca.crt')}`] });
  after(() => rmSync(folder, { recursive: true }));

  const clusters: Cluster[] = [];
  afterEach(() => Promise.all(clusters.splice(0).map((it) => it.close())));
  let files = 0;

  async function open(options: Partial<ClusterOptions> = {}): Promise<Cluster> {
    const kubeconfig = options.kubeconfig ?? server().kubeconfig;
    const cluster = await openCluster({ userAgent: USER_AGENT, log: silentLogger, ...options, kubeconfig });
    clusters.push(cluster);
    return cluster;
  }

  /** A path in the suite's folder with this text. */
  async function write(name: string, text: string): Promise<string> {
    const file = join(folder, `${++files}-${name}`);
    await writeFile(file, text);
    return file;
  }

  /** A client of a user as a kubeconfig describes it. */
  async function openAs(user: object, cluster: object = {}): Promise<Cluster> {
    const data = Buffer.from(server().ca).toString('base64');
    const withCa = { 'certificate-authority-data': data, ...cluster };
    const text = kubeconfigOf(server().url, { user, cluster: withCa });
    return open({ kubeconfig: await write('kubeconfig', text) });
  }

  /** Whom the server took a request's sender for; it writes its log a moment after it has answered. */
  async function seen(request: () => Promise<unknown>): Promise<string> {
    const mark = await server().markAudit();
    await request();
    return waitFor('the request in the audit log', async () => {
      const events = await server().audit(mark);
      return events.findLast(({ userAgent }) => userAgent === USER_AGENT)?.user.username;
    });
  }

  const VERSION: ApiRequest = { method: 'GET', path: '/api/v1' };

  describe('as whom', () => {
    it('a token says', async () => {
      const { client, namespace } = await openAs({ token: server().tokens.admin });
      assert.equal(await seen(() => client.request(VERSION, never)), 'admin');
      assert.equal(namespace, 'here');
    });

    it('a client certificate says, from data or from files', async () => {
      const { cert, key } = certificates.client;
      const data = (text: string) => Buffer.from(text).toString('base64');
      const users = [
        { 'client-certificate-data': data(cert), 'client-key-data': data(key) },
        { 'client-certificate': await write('crt', cert), 'client-key': await write('key', key) },
      ];
      await grantRole(server(), { user: 'client', name: 'discovery' }, [
        { nonResourceURLs: ['*'], verbs: ['get'] },
      ]);
      for (const user of users) {
        const { client } = await openAs(user, {});
        assert.equal(await seen(() => client.request(VERSION, never)), 'client');
      }
    });

    it('a token file says, also after it has rotated, and with a line break', async () => {
      const tokenFile = await write('token', 'void');
      const { client } = await openAs({ tokenFile, token: 'another' });
      await assert.rejects(client.request(VERSION, never), { status: 401 });
      await writeFile(tokenFile, `${server().tokens.admin}\n`);
      await delay(1000);
      assert.equal(await seen(() => client.request(VERSION, never)), 'admin');
      const stream = await client.stream(
        { ...VERSION, path: '/api/v1/namespaces', query: { watch: 'true' } },
        never,
      );
      stream.destroy();
    });

    it('a credential plugin says, which runs again only when its token is refused', async () => {
      const plugin = join(folder, 'plugin');
      const token = await write('plugin-token', 'void');
      const runs = await write('plugin-runs', '');
      const apiVersion = 'client.authentication.k8s.io/v1';
      const credential = `{"apiVersion":"${apiVersion}","kind":"ExecCredential","status":{"token":"'$(cat ${token})'"}}`;
      await writeFile(
        plugin,
        `#!/bin/sh\necho "$GREETING $KUBERNETES_EXEC_INFO" >> ${runs}\necho '${credential}'\n`,
      );
      await chmod(plugin, 0o755);
      const env = [{ name: 'GREETING', value: 'hello' }];
      const { client } = await openAs({ exec: { apiVersion, command: plugin, args: [], env } });
      await assert.rejects(client.request(VERSION, never), { status: 401 });
      await writeFile(token, server().tokens.admin);
      await delay(1000);
      for (let i = 0; i < 3; i++) assert.equal(await seen(() => client.request(VERSION, never)), 'admin');
      const info = { apiVersion, kind: 'ExecCredential', spec: { interactive: false } };
      const expected = `hello ${JSON.stringify(info)}\n`;
      assert.equal(await readFile(runs, 'utf8'), expected.repeat(3));
    });

    it('a credential plugin that fails is named, and what it says is not', async () => {
      const plugin = join(folder, 'failing-plugin');
      await writeFile(plugin, '#!/bin/sh\necho hush >&2\nexit 1\n');
      await chmod(plugin, 0o755);
      for (const command of [plugin, join(folder, 'missing-plugin')]) {
        const user = { exec: { apiVersion: 'client.authentication.k8s.io/v1', command } };
        await assert.rejects(openAs(user), (error: Error) => {
          assert.match(
            error.message,
            /context "x": the credential plugin .*-plugin gave no credentials.*; run it by hand/,
          );
          assert.doesNotMatch(error.message, /hush/);
          return true;
        });
      }
    });

    it('the service account of a pod says', async () => {
      const { hostname, port } = new URL(server().url);
      const environment = {
        KUBECONFIG: '',
        HOME: folder,
        KUBERNETES_SERVICE_HOST: hostname,
        KUBERNETES_SERVICE_PORT: port,
      };
      const accountFolder = mkdtempSync(join(folder, 'account-'));
      const contents = {
        'ca.crt': server().ca,
        token: `${server().tokens.controller}\n`,
        namespace: 'flux-system\n',
      };
      for (const [name, text] of Object.entries(contents)) await writeFile(join(accountFolder, name), text);
      await withEnvironment(environment, async () => {
        clusters.push(await openCluster({ userAgent: USER_AGENT, log: silentLogger, accountFolder }));
      });
      const { client, namespace } = clusters[0] as Cluster;
      assert.equal(namespace, 'flux-system');
      const user = await seen(() => client.request({ method: 'GET', path: '/api' }, never));
      assert.equal(user, 'system:serviceaccount:flux-system:generatorset-controller');
    });
  });

  it('refuses a server whose certificate the configuration does not know', async () => {
    const data = Buffer.from(certificates.otherCa.cert).toString('base64');
    const cluster = await openAs({ token: server().tokens.admin }, { 'certificate-authority-data': data });
    await assert.rejects(cluster.client.request(VERSION, never), {
      message: new RegExp(
        `^cannot reach ${server().url}: DEPTH_ZERO_SELF_SIGNED_CERT|^cannot reach .*: .*CERT|^cannot reach .*VERIFY`,
      ),
    });
    const system = await openAs(
      { token: server().tokens.admin },
      { 'certificate-authority-data': undefined },
    );
    await withEnvironment({ NODE_TLS_REJECT_UNAUTHORIZED: '0' }, () =>
      assert.rejects(system.client.request(VERSION, never), { message: /^cannot reach https.*CERT/ }),
    );
  });

  it('takes a new authority from the file when the old one does not fit any more', async () => {
    const file = await write('ca.crt', certificates.otherCa.cert);
    const cluster = { 'certificate-authority-data': undefined, 'certificate-authority': file };
    const { client } = await openAs({ token: server().tokens.admin }, cluster);
    await writeFile(file, server().ca);
    assert.equal(await seen(() => client.request(VERSION, never)), 'admin');
  });

  describe('impersonation', () => {
    const methods: [string, (path: string) => ApiRequest][] = [
      ['get', (path) => ({ method: 'GET', path: `${path}/a` })],
      ['list', (path) => ({ method: 'GET', path })],
      ['create', (path) => ({ method: 'POST', path, body: configMap('b') })],
      [
        'patch',
        (path) => ({
          method: 'PATCH',
          path: `${path}/a`,
          query: { fieldManager: 't' },
          contentType: APPLY,
          body: configMap('a'),
        }),
      ],
      ['update', (path) => ({ method: 'PUT', path: `${path}/a`, body: configMap('a') })],
      ['delete', (path) => ({ method: 'DELETE', path: `${path}/b` })],
    ];

    it('is on the wire of every request, and the rights are those of the account', async () => {
      const namespace = await createNamespace(server());
      const rules = [{ apiGroups: [''], resources: ['configmaps'], verbs: ['*'] }];
      const account = await createServiceAccount(server(), { name: 'tenant', namespace }, rules);
      const client = (await open()).client.as(account);
      assert.equal(client.user, account.user);
      const path = `/api/v1/namespaces/${namespace}/configmaps`;
      await applyObject(server(), {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'a', namespace },
      });

      const mark = await server().markAudit();
      for (const [, request] of methods) await client.request(request(path), never);
      const watch = await client.stream({ method: 'GET', path, query: { watch: 'true' } }, never);
      watch.destroy();
      await assert.rejects(client.request({ method: 'GET', path: '/api/v1/secrets' }, never), isForbidden);
      const events = (await server().audit(mark)).filter(({ userAgent }) => userAgent === USER_AGENT);

      const users = events.map((event) => `${event.verb} ${event.impersonatedUser?.username}`);
      const verbs = [...methods.map(([verb]) => verb), 'watch', 'list'];
      assert.deepEqual(
        [...new Set(users)].sort(),
        [...new Set(verbs.map((verb) => `${verb} ${account.user}`))].sort(),
      );
    });

    const subjects: [string, (namespace: string) => object][] = [
      ['the account', (namespace) => ({ kind: 'ServiceAccount', name: 'tenant', namespace })],
      ['all accounts of its namespace', (namespace) => group(`system:serviceaccounts:${namespace}`)],
      ['all accounts', () => group('system:serviceaccounts')],
      ['all who are known', () => group('system:authenticated')],
    ];
    for (const [what, subject] of subjects) {
      it(`gives what a binding gives to ${what}`, async () => {
        const namespace = await createNamespace(server());
        const path = `/api/v1/namespaces/${namespace}/configmaps`;
        const client = (await open()).client.as({ namespace, name: 'tenant' });
        await assert.rejects(client.request({ method: 'GET', path }, never), isForbidden);
        const apiVersion = 'rbac.authorization.k8s.io/v1';
        const rules = [{ apiGroups: [''], resources: ['configmaps'], verbs: ['list'] }];
        const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'r' };
        await applyObject(server(), { apiVersion, kind: 'Role', metadata: { name: 'r', namespace }, rules });
        await applyObject(server(), {
          apiVersion,
          kind: 'RoleBinding',
          metadata: { name: 'r', namespace },
          roleRef,
          subjects: [subject(namespace)],
        });
        await eventually(() => client.request({ method: 'GET', path }, never));
      });
    }
  });

  describe('errors', () => {
    it('say what was asked and what the server said', async () => {
      const namespace = await createNamespace(server());
      const { client } = await open();
      const path = `/api/v1/namespaces/${namespace}/configmaps`;
      await assert.rejects(client.request({ method: 'GET', path: `${path}/a` }, never), (error: unknown) => {
        assert.ok(isNotFound(error));
        assert.equal(error.message, `get configmaps ${namespace}/a: configmaps "a" not found`);
        return error.reason === 'NotFound' && error.details?.['name'] === 'a';
      });
      await client.request({ method: 'POST', path, body: configMap('a') }, never);
      const again = client.request({ method: 'POST', path, body: configMap('a') }, never);
      await assert.rejects(again, (error) => isConflict(error) && error.reason === 'AlreadyExists');
      const invalid = client.request({ method: 'POST', path, body: configMap('B_') }, never);
      await assert.rejects(invalid, (error) => isInvalid(error) && error.message.includes('metadata.name'));
    });

    it('carry the causes of a conflict of fields', async () => {
      const namespace = await createNamespace(server());
      const metadata = { name: 'a', namespace };
      await applyObject(server(), { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { x: '1' } });
      const { client } = await open();
      const body = { ...configMap('a'), data: { x: '2' } };
      const request: ApiRequest = {
        method: 'PATCH',
        path: `/api/v1/namespaces/${namespace}/configmaps/a`,
        body,
        contentType: APPLY,
      };
      await assert.rejects(
        client.request({ ...request, query: { fieldManager: 'other' } }, never),
        (error) => {
          assert.ok(isConflict(error));
          const [cause] = (error.details?.['causes'] ?? []) as { reason: string; field: string }[];
          assert.deepEqual([cause?.reason, cause?.field], ['FieldManagerConflict', '.data.x']);
          return true;
        },
      );
    });

    const secrets: [string, object, ApiRequest['method']][] = [
      ['no base64', { data: { a: 'hush! hush!' } }, 'POST'],
      ['a list', { data: { a: ['hush'] } }, 'POST'],
      ['a list that is applied', { data: { a: ['hush'] } }, 'PATCH'],
      [
        'an odd type',
        { type: 'kubernetes.io/dockerconfigjson', data: { '.dockerconfigjson': 'aHVzaA==' } },
        'POST',
      ],
    ];
    for (const [what, content, method] of secrets) {
      it(`never show what is in a Secret that is ${what}`, async () => {
        const { client } = await open();
        const path = `/api/v1/namespaces/default/secrets${method === 'PATCH' ? '/s' : ''}`;
        const body = JSON.stringify({
          apiVersion: 'v1',
          kind: 'Secret',
          metadata: { name: 's' },
          ...content,
        });
        const contentType = method === 'PATCH' ? APPLY : 'application/json';
        const request = client.request(
          { method, path, body, contentType, query: { fieldManager: 't' } },
          never,
        );
        await assert.rejects(request, (error: Error) => {
          assert.match(
            error.message,
            /^(create|patch) secrets default.*\(what the server says of a Secret is not shown\)$/,
          );
          assert.doesNotMatch(JSON.stringify(error), /hush|aHVzaA/);
          return true;
        });
      });
    }
  });

  describe('a server that goes down', () => {
    it('is reached again, and a read that it interrupts succeeds', async () => {
      const { client } = await open();
      await client.request(VERSION, never);
      await server().restart({ signal: 'SIGKILL' });
      await client.request(VERSION, never);
    });

    it('is a request that ends in time while the server is frozen', async () => {
      const { client } = await open();
      await client.request(VERSION, never);
      server().pause();
      try {
        const message = `get /api/v1: no answer from ${server().url} in time`;
        await assert.rejects(client.request({ ...VERSION, timeout: 500 }, never), { message });
      } finally {
        server().resume();
      }
      await client.request(VERSION, never);
    });
  });
});

function configMap(name: string) {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } };
}

function group(name: string) {
  return { apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name };
}

/** Rights reach the server's authorizer a moment after they are written. */
async function eventually(action: () => Promise<unknown>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await action();
      return;
    } catch (error) {
      if (tries === 100 || !isForbidden(error)) throw error;
      await delay(50);
    }
  }
}
