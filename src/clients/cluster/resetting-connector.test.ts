import assert from 'node:assert/strict';
import { once } from 'node:events';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { buildConnector, Pool } from 'undici';
import { LeaderProxy } from '../../../test/components/leader-proxy.ts';
import { makeCertificates } from '../../../test/harness/http-certificates.ts';
import { createResettingConnector } from './resetting-connector.ts';

describe('a connection that is broken off', () => {
  const certificates = makeCertificates();
  const received: string[] = [];
  let server: https.Server;
  let proxy: LeaderProxy;
  before(async () => {
    server = https.createServer(certificates.server, (request, response) => {
      received.push(request.url ?? '');
      request.resume();
      response.end('done');
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    proxy = new LeaderProxy((server.address() as AddressInfo).port);
    await proxy.listen();
  });
  beforeEach(() => {
    received.length = 0;
  });
  after(async () => {
    await proxy.close();
    server.closeAllConnections();
    server.close();
  });

  /** Gives a write up in an outage, and says what the server received of it when the line worked again. */
  async function writeInOutage(connect: buildConnector.connector): Promise<string[]> {
    const pool = new Pool(`https://127.0.0.1:${proxy.port}`, { connect, connections: 1, pipelining: 1 });
    try {
      await (await pool.request({ path: '/first', method: 'GET' })).body.dump();
      proxy.lose();
      const signal = AbortSignal.timeout(100);
      await assert.rejects(pool.request({ path: '/late', method: 'POST', body: '{}', signal }));
      await proxy.repair();
      await delay(200);
      return [...received];
    } finally {
      await pool.destroy();
    }
  }

  const tls = { ca: certificates.ca.cert, allowH2: false };

  it('takes with it what the server has not received', async () => {
    assert.deepEqual(await writeInOutage(createResettingConnector(tls)), ['/first']);
  });

  it("would deliver it after the outage where it was closed, as undici's are", async () => {
    assert.deepEqual(await writeInOutage(buildConnector(tls)), ['/first', '/late']);
  });

  it('fails each request of it, and nothing else, where the server resets it', async () => {
    const pool = new Pool(`https://127.0.0.1:${proxy.port}`, { connect: createResettingConnector(tls) });
    for (let round = 0; round < 30; round++) {
      await (await pool.request({ path: '/', method: 'GET' })).body.dump();
      const requests = [1, 2, 3].map((it) => pool.request({ path: `/${it}`, method: 'GET' }));
      setTimeout(() => proxy.cut(), round % 5);
      await Promise.allSettled(requests.map(async (it) => (await it).body.dump()));
      await proxy.repair();
    }
    await pool.destroy();
  });

  it('is refused where the certificate is not the right one', async () => {
    const connect = createResettingConnector({ ...tls, ca: certificates.otherCa.cert });
    const pool = new Pool(`https://127.0.0.1:${proxy.port}`, { connect });
    await assert.rejects(pool.request({ path: '/', method: 'GET' }), /certificate|unable to verify/);
    await pool.destroy();
  });

  it('fails where nobody listens', async () => {
    const pool = new Pool('https://127.0.0.1:1', { connect: createResettingConnector(tls) });
    await assert.rejects(pool.request({ path: '/', method: 'GET' }), { code: 'ECONNREFUSED' });
    await pool.destroy();
  });
});
