import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '../../lib/logger.ts';
import { silentLogger } from '../../lib/logger.ts';
import { KubeConnection } from './kube-connection.ts';
import type { Credentials } from './kube-connection-config.ts';

const FIRST: Credentials = {
  server: 'https://127.0.0.1:1/prefix',
  namespace: 'here',
  headers: { authorization: 'Bearer 1' },
  tls: { rejectUnauthorized: true },
};

describe('KubeConnection', () => {
  const connections: KubeConnection[] = [];
  afterEach(() => Promise.all(connections.splice(0).map((it) => it.close())));

  /** A connection whose credentials and time are the test's. */
  function open() {
    const world = { now: 0, credentials: FIRST as Credentials | Error, loads: [] as boolean[], warnings: 0 };
    const log: Logger = { ...silentLogger, warn: () => void world.warnings++ };
    const load = async (fresh: boolean) => {
      world.loads.push(fresh);
      await delay(1);
      if (world.credentials instanceof Error) throw world.credentials;
      return world.credentials;
    };
    const connection = new KubeConnection({ load, log, now: () => world.now, maxConnections: 1 });
    connections.push(connection);
    return { connection, world };
  }

  it('takes credentials anew after 45 s, by one reading for all', async () => {
    const { connection, world } = open();
    const first = await connection.current();
    world.now = 44_999;
    assert.equal(await connection.current(), first);
    world.now = 45_000;
    world.credentials = { ...FIRST, headers: { authorization: 'Bearer 2' } };
    // Who comes while they are read goes on with those that there are.
    const [second, meanwhile] = await Promise.all([connection.current(), connection.current()]);
    assert.equal(second.headers['authorization'], 'Bearer 2');
    assert.equal(meanwhile, first);
    assert.equal(await connection.current(), second);
    assert.deepEqual(world.loads, [true, false]);
    assert.deepEqual([first.origin, first.basePath], ['https://127.0.0.1:1', '/prefix']);
  });

  it('keeps credentials that cannot be read for a moment, and says so', async () => {
    const { connection, world } = open();
    const first = await connection.current();
    world.now = 45_000;
    world.credentials = new Error('no token');
    assert.equal(await connection.current(), first);
    assert.equal(world.warnings, 1);
    await assert.rejects(connection.renew(first), { message: 'no token' });
  });

  it('fails while there are no credentials yet, and tries again', async () => {
    const { connection, world } = open();
    world.credentials = new Error('no token');
    await assert.rejects(connection.current(), { message: 'no token' });
    world.credentials = FIRST;
    assert.equal((await connection.current()).origin, 'https://127.0.0.1:1');
    assert.equal(connection.first.namespace, 'here');
  });

  it('takes credentials anew when they were refused, at most once a second', async () => {
    const { connection, world } = open();
    const first = await connection.current();
    const [second, same] = await Promise.all([connection.renew(first), connection.renew(first)]);
    assert.notEqual(second, first);
    assert.equal(await connection.renew(first), second);
    assert.deepEqual(same, first);
    world.now = 999;
    assert.equal(await connection.renew(second), second);
    world.now = 1000;
    assert.notEqual(await connection.renew(second), second);
    assert.deepEqual(world.loads, [true, true, true]);
  });

  it('keeps connections while certificates stay, and makes new ones when they change', async () => {
    const { connection, world } = open();
    const first = await connection.current();
    world.credentials = { ...FIRST, headers: { authorization: 'Bearer 2' } };
    const second = await connection.renew(first);
    assert.equal(second.requests, first.requests);
    assert.equal(second.watches, first.watches);
    world.now = 2000;
    world.credentials = { ...FIRST, tls: { rejectUnauthorized: false } };
    const third = await connection.renew(second);
    assert.notEqual(third.requests, first.requests);
    assert.notEqual(third.watches, first.watches);
  });

  it('never follows a kubeconfig to another server', async () => {
    const { connection, world } = open();
    const first = await connection.current();
    world.credentials = { ...FIRST, server: 'https://127.0.0.1:2' };
    await assert.rejects(connection.renew(first), {
      message: /^the server of the context has changed from https:\/\/127\.0\.0\.1:1\/prefix; restart/,
    });
    assert.equal(await connection.current(), first);
  });
});
