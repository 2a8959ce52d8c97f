import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { useKubeApiserver } from '../../test/components/kube-apiserver.ts';
import { type Cluster, openCluster } from '../clients/cluster/open-cluster.ts';
import { type Logger, silentLogger } from '../lib/logger.ts';
import { Checkpoint } from './checkpoint.ts';

const { signal } = new AbortController();
const NOW = Date.parse('2026-11-22T12:00:00Z');

describe('Checkpoint', () => {
  const server = useKubeApiserver();
  let cluster: Cluster;
  /** Requests since they were counted last. */
  let requests = 0;

  before(async () => {
    cluster = await openCluster({
      kubeconfig: server().kubeconfig,
      userAgent: 'test',
      log: silentLogger,
      onRequest: () => requests++,
    });
  });
  after(() => cluster?.close());

  /** A process that has loaded what the ConfigMap of this name holds. */
  async function start(
    name: string,
    { namespace = 'default', warnings = [] as string[] } = {},
  ): Promise<Checkpoint> {
    const log: Logger = { ...silentLogger, warn: (message) => void warnings.push(message) };
    const checkpoint = new Checkpoint({ client: cluster.client, namespace, name, log });
    await checkpoint.load(signal);
    requests = 0;
    return checkpoint;
  }

  const path = (name: string) => `/api/v1/namespaces/default/configmaps/${name}`;

  it('gives after a restart what was set before, in whole seconds', async () => {
    const before = await start('restart');
    before.set('a', { generation: 1, at: NOW + 999 });
    before.set('b', { generation: 7, at: NOW });
    before.set('c', { generation: 1, at: NOW });
    before.forget('c');
    assert.equal(before.get('a', 1), NOW + 999);
    await before.flush(signal);
    const after = await start('restart');
    assert.deepEqual([after.get('a', 1), after.get('b', 7), after.get('c', 1)], [NOW, NOW, undefined]);
    assert.equal(after.get('b', 8), undefined, 'another generation has not run');
  });

  it('gives after a restart what was read, if it was known', async () => {
    const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'apps', name: 'a' };
    const references = [{ use: 'generate', ref, digest: '0' }] as const;
    const before = await start('references');
    before.set('a', { generation: 1, at: NOW, references });
    before.set('b', { generation: 1, at: NOW, references: [] });
    before.set('c', { generation: 1, at: NOW });
    await before.flush(signal);
    const after = await start('references');
    const known = ['a', 'b', 'c'].map((uid) => after.references(uid, 1));
    assert.deepEqual(known, [references, [], undefined]);
    assert.equal(after.references('a', 2), undefined, 'another generation has read nothing');
  });

  it('is flushed only when what was begun earlier is written, too', async () => {
    const checkpoint = await start('overlap');
    checkpoint.set('a', { generation: 1, at: NOW });
    const early = checkpoint.flush(signal);
    await checkpoint.flush(signal);
    assert.equal((await start('overlap')).get('a', 1), NOW);
    await early;
  });

  it('writes with one request, and none when nothing has changed', async () => {
    const checkpoint = await start('writes');
    await checkpoint.flush(signal);
    checkpoint.forget('unknown');
    await checkpoint.flush(signal);
    assert.equal(requests, 0);
    for (let i = 0; i < 3; i++) {
      checkpoint.set('a', { generation: 1, at: NOW + i });
      checkpoint.set('b', { generation: 1, at: NOW + i });
      await checkpoint.flush(signal);
      assert.equal(requests, i + 1);
    }
    checkpoint.set('a', { generation: 1, at: NOW + 2 });
    await checkpoint.flush(signal);
    assert.equal(requests, 3, 'the same again is nothing new');
  });

  it('keeps 10,000 sets', async () => {
    const before = await start('many');
    const uids = Array.from({ length: 10_000 }, () => randomUUID());
    for (const [i, uid] of uids.entries()) before.set(uid, { generation: 3, at: NOW + i * 1000 });
    await before.flush(signal);
    const after = await start('many');
    assert.ok(uids.every((uid, i) => after.get(uid, 3) === NOW + i * 1000));
  });

  it('keeps the newest of what two processes have written', async () => {
    const [one, two] = [await start('conflict'), await start('conflict')];
    one.set('a', { generation: 1, at: NOW });
    one.set('b', { generation: 1, at: NOW + 5000 });
    await one.flush(signal);
    two.set('x', { generation: 1, at: NOW });
    await two.flush(signal);
    // Now both know of the object, and the first is behind.
    two.set('a', { generation: 2, at: NOW + 9000 });
    two.set('b', { generation: 1, at: NOW });
    await two.flush(signal);
    one.set('c', { generation: 1, at: NOW });
    await one.flush(signal);
    const after = await start('conflict');
    assert.deepEqual([after.get('a', 2), after.get('c', 1)], [NOW + 9000, NOW]);
    assert.equal(one.get('a', 2), NOW + 9000);
  });

  it('writes anew when somebody has deleted the object', async () => {
    const checkpoint = await start('deleted');
    checkpoint.set('a', { generation: 1, at: NOW });
    await checkpoint.flush(signal);
    await cluster.client.request({ method: 'DELETE', path: path('deleted') }, signal);
    checkpoint.set('b', { generation: 1, at: NOW });
    await checkpoint.flush(signal);
    assert.equal((await start('deleted')).get('a', 1), NOW);
  });

  const broken: [title: string, name: string, data: Record<string, string>, warning: RegExp | undefined][] = [
    ['has other data', 'other', {}, undefined],
    [
      'holds what cannot be read',
      'broken',
      { 'runs.json.gz': 'aGVsbG8=' },
      /^the last runs in ConfigMap default\/broken: cannot be unpacked$/,
    ],
  ];
  for (const [title, name, binaryData, warning] of broken) {
    it(`knows of no runs when the object ${title}, and writes over it`, async () => {
      const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, binaryData };
      await cluster.client.request(
        { method: 'POST', path: '/api/v1/namespaces/default/configmaps', body },
        signal,
      );
      const warnings: string[] = [];
      const checkpoint = await start(name, { warnings });
      assert.equal(checkpoint.size, 0);
      assert.equal(warnings.length, warning ? 1 : 0);
      if (warning) assert.match(warnings[0] as string, warning);
      checkpoint.set('a', { generation: 1, at: NOW });
      await checkpoint.flush(signal);
      assert.equal((await start(name)).get('a', 1), NOW);
    });
  }

  it('rejects a flush that fails, and makes up for it with the next', async () => {
    const checkpoint = await start('late', { namespace: 'not-there-yet' });
    checkpoint.set('a', { generation: 1, at: NOW });
    await assert.rejects(checkpoint.flush(signal));
    const body = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'not-there-yet' } };
    await cluster.client.request({ method: 'POST', path: '/api/v1/namespaces', body }, signal);
    await checkpoint.flush(signal);
    assert.equal((await start('late', { namespace: 'not-there-yet' })).get('a', 1), NOW);
  });

  it('says that it cannot read, goes on without, and loses nothing that is there', async () => {
    const before = await start('unread');
    before.set('a', { generation: 1, at: NOW });
    await before.flush(signal);
    const warnings: string[] = [];
    let isDown = true;
    const { client } = cluster;
    const request: typeof client.request = (asked, stop) =>
      isDown ? Promise.reject(new Error('connection refused')) : client.request(asked, stop);
    const log: Logger = { ...silentLogger, warn: (message) => void warnings.push(message) };
    const checkpoint = new Checkpoint({
      client: { ...client, request } as typeof client,
      namespace: 'default',
      name: 'unread',
      log,
    });
    await checkpoint.load(signal);
    assert.deepEqual(warnings, ['the last runs in ConfigMap default/unread: connection refused']);
    isDown = false;
    checkpoint.set('b', { generation: 1, at: NOW });
    await checkpoint.flush(signal);
    assert.deepEqual([checkpoint.get('a', 1), (await start('unread')).get('b', 1)], [NOW, NOW]);
  });
});
