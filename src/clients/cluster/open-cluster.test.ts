import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect as connectSocket, type Socket } from 'node:net';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { useClusterFaults } from '../../../test/harness/cluster-faults.ts';
import { type Certificates, makeCertificates } from '../../../test/harness/http-certificates.ts';
import { withEnvironment } from '../../../test/harness/http-environment.ts';
import { startHttpServer, type TestServer } from '../../../test/harness/http-server.ts';
import { silentLogger } from '../../lib/logger.ts';
import type { ApiRequest } from './cluster-client.ts';
import { type ClusterOptions, openCluster } from './open-cluster.ts';

const never = new AbortController().signal;
const VERSION: ApiRequest = { method: 'GET', path: '/version' };

describe('openCluster', () => {
  const { folder, serve, connect } = useClusterFaults();

  const cluster = { name: 'c', cluster: { server: 'https://127.0.0.1:1' } };
  const user = { name: 'u', user: { token: 'hush' } };
  const context = { name: 'x', context: { cluster: 'c', user: 'u' } };
  const whole = { clusters: [cluster], users: [user], contexts: [context], 'current-context': 'x' };

  const mistakes: [string, object, string][] = [
    ['no current context', { 'current-context': '' }, ': no current context; name one with --context'],
    ['another current context', { 'current-context': 'y' }, ', context "y": no such context'],
    ['no contexts', { contexts: null }, ', context "x": no such context'],
    ['no such cluster', { clusters: [] }, ', context "x": its cluster is missing'],
    [
      'a cluster without a server',
      { clusters: [{ name: 'c', cluster: {} }] },
      ', context "x": its cluster has no server',
    ],
    ['a server that is no URL', withServer('127.0.0.1'), ', context "x": its server is no URL'],
    ['a server of another protocol', withServer('ftp://x'), ', context "x": its server is no URL'],
    [
      'a server without TLS',
      withServer('http://127.0.0.1:1'),
      ', context "x": a server without TLS is refused; set insecure-skip-tls-verify to allow it',
    ],
    [
      'a missing authority',
      { clusters: [{ name: 'c', cluster: { ...cluster.cluster, 'certificate-authority': '/missing' } }] },
      ', context "x": cannot read /missing: ENOENT',
    ],
    [
      'a missing certificate',
      { users: [{ name: 'u', user: { 'client-certificate': '/missing', token: 'hush' } }] },
      ', context "x": cannot read /missing: ENOENT',
    ],
    [
      'a missing token file',
      { users: [{ name: 'u', user: { tokenFile: '/missing', token: 'hush' } }] },
      ', context "x": cannot read /missing: ENOENT',
    ],
  ];
  mistakes.push(
    ['no such user', { users: [] }, ', context "x": its user is missing'],
    [
      'an empty token file',
      { users: [{ name: 'u', user: { tokenFile: '/dev/null', token: 'hush' } }] },
      ', context "x": /dev/null is empty',
    ],
    [
      'a plugin that says nothing of use',
      { users: [{ name: 'u', user: { exec: { command: 'echo', args: ['{"status":{}}'] } } }] },
      ', context "x": the credential plugin echo gave no credentials; run it by hand to see why',
    ],
  );
  for (const [what, change, words] of mistakes) {
    it(`names file and context of a kubeconfig with ${what}`, async () => {
      const kubeconfig = join(folder.path, 'config');
      await writeFile(kubeconfig, stringify({ ...whole, ...change }));
      await assert.rejects(
        openCluster({ kubeconfig, userAgent: 'test', log: silentLogger }),
        (error: Error) => {
          assert.equal(error.message, `kubeconfig ${kubeconfig}${words}`);
          return true;
        },
      );
    });
  }

  const named: [what: string, overrides: ClusterOptions['overrides'], message: string][] = [
    [
      'a server that is no URL',
      { server: 'localhost:6443' },
      '--server is no URL: write it as https://kubernetes.example.com:6443',
    ],
    [
      'a server without TLS',
      { server: 'http://127.0.0.1:1' },
      '--server: a server without TLS is refused; give --insecure-skip-tls-verify to allow it',
    ],
    [
      'an authority that cannot be read',
      { certificateAuthority: '/missing' },
      '--certificate-authority: cannot read /missing: ENOENT',
    ],
    [
      'a certificate that cannot be read',
      { clientCertificate: '/missing', clientKey: '/other' },
      '--client-certificate: cannot read /missing: ENOENT',
    ],
    ['another cluster', { cluster: 'z' }, 'kubeconfig FILE: no cluster "z", which --cluster names'],
    ['another user', { user: 'z' }, 'kubeconfig FILE: no user "z", which --user names'],
  ];
  for (const [what, overrides, message] of named) {
    it(`names the flag of ${what}, not the kubeconfig`, async () => {
      const kubeconfig = join(folder.path, 'config');
      await writeFile(kubeconfig, stringify(whole));
      const options = { kubeconfig, ...(overrides && { overrides }), userAgent: 'test', log: silentLogger };
      await assert.rejects(openCluster(options), (error: Error) => {
        assert.equal(error.message.replace(kubeconfig, 'FILE'), message);
        return true;
      });
    });
  }

  function withServer(server: string): object {
    return { clusters: [{ name: 'c', cluster: { server } }] };
  }

  it('says where it looked when there is nothing', async () => {
    const environment = {
      HOME: folder.path,
      KUBECONFIG: '',
      KUBERNETES_SERVICE_HOST: '',
      KUBERNETES_SERVICE_PORT: '',
    };
    await withEnvironment(environment, async () => {
      await assert.rejects(openCluster({ userAgent: 'test', log: silentLogger }), {
        message:
          'no kubeconfig: name one with --kubeconfig or KUBECONFIG, or run in a pod with a service account',
      });
    });
  });

  it('takes the context that is named', async () => {
    const seen: (string | undefined)[] = [];
    const url = await serve((request, response) => {
      seen.push(request.headers.authorization);
      response.end('{}');
    });
    const kubeconfig = join(folder.path, 'config');
    const config = {
      ...whole,
      clusters: [{ name: 'c', cluster: { server: url, 'insecure-skip-tls-verify': true } }],
      users: [{ name: 'basic', user: { username: 'me', password: 'hush' } }, user],
      contexts: [{ name: 'other', context: { cluster: 'c', user: 'basic' } }, context],
    };
    await writeFile(kubeconfig, stringify(config));
    for (const name of ['other', undefined]) {
      const options: ClusterOptions = {
        kubeconfig,
        userAgent: 'test',
        log: silentLogger,
        ...(name && { context: name }),
      };
      const opened = await openCluster(options);
      assert.equal(opened.namespace, undefined);
      await opened.client.request(VERSION, never);
      await opened.close();
    }
    assert.deepEqual(seen, [`Basic ${Buffer.from('me:hush').toString('base64')}`, 'Bearer hush']);
  });

  it('acts as whom the kubeconfig says, and as an account when it is told to', async () => {
    const seen: unknown[] = [];
    const url = await serve((request, response) => {
      const { 'impersonate-user': as, 'impersonate-group': groups, 'user-agent': agent } = request.headers;
      seen.push([as, groups, agent]);
      response.end('{}');
    });
    const { client, server, namespace } = await connect(url, {
      user: { as: 'someone', 'as-groups': ['a', 'b'] },
      userAgent: 'generatorset/1',
    });
    await client.request(VERSION, never);
    await client.as({ namespace: 'a', name: 'b' }).request(VERSION, never);
    assert.deepEqual(seen, [
      ['someone', 'a, b', 'generatorset/1'],
      // The groups of somebody else are not the account's.
      ['system:serviceaccount:a:b', undefined, 'generatorset/1'],
    ]);
    assert.deepEqual([server, namespace], [url, 'here']);
  });

  it('renews a Lease also while the server asks others for patience', async () => {
    const url = await serve((request, response) => {
      if (request.url === '/version') response.writeHead(429, { 'retry-after': '60' });
      response.end('{}');
    });
    const { client, unfenced } = await connect(url);
    await assert.rejects(client.request(VERSION, never), { status: 429 });
    await assert.rejects(client.request({ method: 'GET', path: '/other' }, never), { status: 429 });
    await unfenced.request({ method: 'GET', path: '/lease', timeout: 3000 }, never);
  });

  it('does no request and waits for none after its end', async () => {
    const { client, close } = await connect(await serve(() => {}));
    const requests = [client.request(VERSION, never), client.stream(VERSION, never)];
    const ends = requests.map((request) =>
      assert.rejects(request, { message: /UND_ERR_DESTROYED|UND_ERR_SOCKET/ }),
    );
    await new Promise((resolve) => setTimeout(resolve, 50));
    await close();
    await Promise.all(ends);
    await assert.rejects(client.request(VERSION, never), { message: /UND_ERR_DESTROYED/ });
  });
});

describe('the connections of openCluster', () => {
  const { connect } = useClusterFaults();
  let certificates: Certificates;
  const servers: TestServer[] = [];
  before(function makeAll() {
    this.timeout(60_000);
    certificates = makeCertificates();
  });
  afterEach(() => Promise.all(servers.splice(0).map((it) => it.close())));

  /** A server with TLS that knows clients by their certificate. */
  async function serve(): Promise<string> {
    const { cert, key } = certificates.server;
    const server = await startHttpServer((_request, response) => response.end('{}'), { cert, key });
    servers.push(server);
    return server.origin;
  }
  const data = (text: string) => Buffer.from(text).toString('base64');

  it('go through a proxy where the kubeconfig names one, requests and watches', async () => {
    const tunnels: string[] = [];
    const sockets: Socket[] = [];
    const proxy = http.createServer().on('connect', (request, socket) => {
      tunnels.push(request.url ?? '');
      const [host = '', port] = (request.url ?? '').split(':');
      const target = connectSocket(Number(port), host, () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        socket.pipe(target).pipe(socket);
      });
      sockets.push(target, socket as Socket);
      for (const it of [target, socket]) it.on('error', () => {});
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    try {
      const url = await serve();
      const proxyUrl = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
      const cluster = { 'certificate-authority-data': data(certificates.ca.cert), 'proxy-url': proxyUrl };
      const { client } = await connect(url, { cluster });
      await client.request(VERSION, never);
      (await client.stream(VERSION, never)).destroy();
      assert.deepEqual(new Set(tunnels), new Set([new URL(url).host]));
    } finally {
      proxy.close();
      for (const socket of sockets) socket.destroy();
    }
  });

  it('check the name of the server, or the one that the kubeconfig gives it', async () => {
    const url = (await serve()).replace('127.0.0.1', 'localhost');
    const ca = { 'certificate-authority-data': data(certificates.ca.cert) };
    const names: [object, RegExp | undefined][] = [
      [{}, undefined],
      [{ 'tls-server-name': 'localhost' }, undefined],
      [
        { 'tls-server-name': 'elsewhere.example' },
        /ERR_TLS_CERT_ALTNAME_INVALID \(its certificate is not the one/,
      ],
      [{ 'certificate-authority-data': data(certificates.otherCa.cert) }, /CERT|VERIFY|ISSUER/],
      [{ 'certificate-authority-data': undefined, 'insecure-skip-tls-verify': true }, undefined],
    ];
    for (const [change, error] of names) {
      const { client } = await connect(url, { cluster: { ...ca, ...change } });
      if (error) await assert.rejects(client.request(VERSION, never), { message: error });
      else await client.request(VERSION, never);
    }
  });
});
