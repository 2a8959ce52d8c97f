import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import {
  parseListenAddress,
  type RunningServer,
  startHealthServer,
  startMetricsServer,
} from './health-server.ts';

describe('the servers for probes and metrics', () => {
  const servers: RunningServer[] = [];
  let trouble: { live?: string; ready?: string } = {};
  beforeEach(() => {
    trouble = {};
  });
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.close()));
  });

  async function startHealth(): Promise<string> {
    const server = await startHealthServer({
      address: '127.0.0.1:0',
      isLive: () => trouble.live,
      isReady: () => trouble.ready,
    });
    servers.push(server);
    return `http://127.0.0.1:${server.address.port}`;
  }

  const probes: [string, { live?: string; ready?: string }, number, string][] = [
    ['/healthz', {}, 200, 'ok\n'],
    ['/readyz', {}, 200, 'ok\n'],
    ['/healthz', { live: 'blocked' }, 500, 'blocked\n'],
    ['/readyz', { ready: 'the cache is stale' }, 500, 'the cache is stale\n'],
    ['/healthz', { ready: 'not yet' }, 200, 'ok\n'],
    ['/readyz?verbose', {}, 200, 'ok\n'],
    ['/', {}, 404, 'not found\n'],
    ['/metrics', {}, 404, 'not found\n'],
    ['/__proto__', {}, 404, 'not found\n'],
    ['/healthz/../readyz/', {}, 404, 'not found\n'],
  ];
  for (const [path, state, status, body] of probes) {
    it(`answer ${path} with ${status} given ${JSON.stringify(state)}`, async () => {
      const url = await startHealth();
      trouble = state;
      const answer = await fetch(`${url}${path}`);
      assert.deepEqual([answer.status, await answer.text()], [status, body]);
    });
  }

  it('refuse other methods, and read no body', async () => {
    const url = await startHealth();
    const answer = await fetch(`${url}/healthz`, { method: 'POST', body: 'x'.repeat(1000) });
    assert.deepEqual([answer.status, answer.headers.get('allow')], [405, 'GET, HEAD']);
    assert.equal(answer.headers.get('connection'), 'close');
    const head = await fetch(`${url}/healthz`, { method: 'HEAD' });
    assert.deepEqual([head.status, head.headers.get('content-length')], [200, '3']);
  });

  it('end connections that send nothing', async function slow() {
    this.timeout(15_000);
    const { port } = new URL(await startHealth());
    const socket = net.connect(Number(port), '127.0.0.1');
    socket.write('GET /healthz HTTP/1.1\r\n');
    socket.resume();
    await new Promise((resolve) => socket.on('close', resolve));
  });

  it('end connections of those who ask and read nothing, however long the text is', async () => {
    async function* metrics(): AsyncIterable<string> {
      for (;;) yield 'x'.repeat(1 << 16);
    }
    const registry = { contentType: 'text/plain', metrics };
    const server = await startMetricsServer({ address: '127.0.0.1:0', registry, readTimeout: 200 });
    servers.push(server);
    const socket = net.connect(server.address.port, '127.0.0.1').pause();
    socket.on('error', () => {});
    socket.write('GET /metrics HTTP/1.1\r\nhost: x\r\n\r\n');
    await once(socket, 'readable');
    await delay(1000);
    // What has come before is read, and then the end.
    socket.resume();
    await once(socket, 'close');
  });

  it('give Prometheus its text, and 500 where it cannot be made', async () => {
    let fails = false;
    const registry = {
      contentType: 'text/plain; version=0.0.4',
      async *metrics() {
        if (fails) throw new Error('secret');
        yield 'up ';
        yield '1\n';
      },
    };
    const server = await startMetricsServer({ address: '127.0.0.1:0', registry });
    servers.push(server);
    const url = `http://127.0.0.1:${server.address.port}/metrics`;
    const answer = await fetch(url);
    assert.deepEqual(
      [answer.headers.get('content-type'), await answer.text()],
      [registry.contentType, 'up 1\n'],
    );
    fails = true;
    const failed = await fetch(url);
    assert.deepEqual([failed.status, await failed.text()], [500, 'failed\n']);
  });

  it('say which address is taken', async () => {
    const { host } = new URL(await startHealth());
    const again = startMetricsServer({
      address: host,
      registry: { contentType: '', async *metrics() {} },
    });
    await assert.rejects(again, {
      message: `cannot serve metrics at ${host}: another process listens there`,
    });
  });

  it('free their port when they are closed, with all connections', async () => {
    const url = await startHealth();
    await (await fetch(`${url}/healthz`)).text();
    await servers[0]?.close();
    await servers[0]?.close();
    await assert.rejects(fetch(`${url}/healthz`));
  });

  const addresses: [string, { host: string; port: number } | undefined][] = [
    [':9440', { host: '', port: 9440 }],
    ['127.0.0.1:0', { host: '127.0.0.1', port: 0 }],
    ['[::1]:80', { host: '::1', port: 80 }],
    ['localhost:8080', { host: 'localhost', port: 8080 }],
    ['9440', undefined],
    [':65536', undefined],
    ['::1:80', undefined],
    [':', undefined],
    ['http://x:80', undefined],
  ];
  for (const [address, expected] of addresses) {
    it(`read the address ${address}`, () => {
      if (expected) assert.deepEqual(parseListenAddress(address), expected);
      else assert.throws(() => parseListenAddress(address), { name: 'RangeError', message: /such as :8080/ });
    });
  }
});
