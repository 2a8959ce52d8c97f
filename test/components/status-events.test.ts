import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Cluster } from '../../src/clients/cluster/open-cluster.ts';
import { createJsonPoster, type JsonPoster } from '../../src/clients/http/post-json.ts';
import { silentLogger } from '../../src/lib/logger.ts';
import { createEventRecorder, type EventRecorder } from '../../src/status/event-recorder.ts';
import { readMetadata, type SetMetadata } from '../../src/status/set-identity.ts';
import { createNamespace, deleteObject, establishCrd } from './cluster-objects.ts';
import { useKubeApiserver } from './kube-apiserver.ts';
import type { KubeObject } from './kube-request.ts';
import { createSet, LOOSE_SET_CRD, openTestCluster } from './status-fixtures.ts';

const { signal } = new AbortController();
const FAILURE = {
  severity: 'error',
  reason: 'BuildFailed',
  message: 'line one\nline two\u001b[31m',
} as const;

describe('events on a real kube-apiserver', function suite() {
  this.timeout(60_000);
  const server = useKubeApiserver();
  let cluster: Cluster;
  let receiver: Server;
  let poster: JsonPoster;
  let received: Record<string, unknown>[] = [];
  let answer = 202;
  let set: SetMetadata;
  let time = Date.now();
  let clock = 0;
  let dropped = 0;
  let warnings: string[] = [];

  before(async () => {
    await establishCrd(server(), LOOSE_SET_CRD);
    cluster = await openTestCluster(server());
    receiver = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      received.push(JSON.parse(Buffer.concat(chunks).toString()));
      response.writeHead(answer).end('secret words');
    });
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    const { port } = receiver.address() as AddressInfo;
    poster = createJsonPoster(`http://127.0.0.1:${port}/?token=hidden`, { userAgent: 'generatorset/test' });
  });
  after(async () => {
    await poster?.close();
    receiver?.close();
    await cluster?.close();
  });
  beforeEach(async () => {
    set = readMetadata(await createSet(server(), await createNamespace(server()), 'podinfo'));
    received = [];
    warnings = [];
    dropped = 0;
    answer = 202;
  });

  function newRecorder(): EventRecorder {
    return createEventRecorder({
      client: cluster.client,
      post: poster.post,
      reportingController: 'generatorset-controller',
      reportingInstance: 'pod-1',
      now: () => new Date(time),
      clock: () => clock,
      random: Math.random,
      log: { ...silentLogger, warn: (message, fields) => warnings.push(`${message}: ${fields?.['error']}`) },
      onDropped: () => {
        dropped++;
      },
    });
  }
  async function events(): Promise<KubeObject[]> {
    const path = `/api/v1/namespaces/${set.namespace}/events?fieldSelector=involvedObject.uid=${set.uid}`;
    return (await server().request<{ items: KubeObject[] }>('GET', path)).body.items;
  }

  it('writes what kubectl describe shows, and sends it on', async () => {
    const recorder = newRecorder();
    recorder.record(set, FAILURE);
    recorder.record(set, { severity: 'trace', reason: 'Progressing', message: 'asked' });
    await recorder.flush(signal);
    const shown = (await events()).map(({ type, reason, message, count }) => ({
      type,
      reason,
      message,
      count,
    }));
    assert.deepEqual(
      shown.sort((a, b) => String(a.reason).localeCompare(String(b.reason))),
      [
        { type: 'Warning', reason: 'BuildFailed', message: 'line one\nline two\\u{1b}[31m', count: 1 },
        { type: 'Normal', reason: 'Progressing', message: 'asked', count: 1 },
      ],
    );
    assert.deepEqual(
      received.map(({ severity, reason, reportingInstance }) => [severity, reason, reportingInstance]),
      [['error', 'BuildFailed', 'pod-1']],
    );
    assert.deepEqual(warnings, []);
  });

  it('counts the same event up, at most once a minute, and makes one anew that has expired', async () => {
    const recorder = newRecorder();
    const mark = await server().markAudit();
    for (let n = 0; n < 90; n++) {
      recorder.record(set, FAILURE);
      await recorder.flush(signal);
      time += 2000;
    }
    const [event, ...others] = await events();
    assert.equal(others.length, 0);
    assert.equal(event?.['count'], 61);
    const ours = (await server().audit(mark)).filter(({ objectRef }) => objectRef?.resource === 'events');
    assert.deepEqual(
      ours.filter(({ userAgent }) => userAgent === 'generatorset/test').map(({ verb }) => verb),
      ['create', 'patch', 'patch'],
    );
    await deleteObject(server(), { apiVersion: 'v1', kind: 'Event', metadata: event?.metadata ?? {} });
    time += 61_000;
    recorder.record(set, FAILURE);
    await recorder.flush(signal);
    assert.deepEqual(
      (await events()).map((again) => again['count']),
      [91],
    );
  });

  it('writes 25 different events of a set and one more each five minutes, and drops the others', async () => {
    const recorder = newRecorder();
    const other = readMetadata(await createSet(server(), set.namespace, 'other'));
    for (let n = 0; n < 200; n++) {
      recorder.record(set, { severity: 'info', reason: 'Progressing', message: `delivery ${n}` });
      // Of another set, whose events are few.
      if (n === 150) recorder.record(other, FAILURE);
      await recorder.flush(signal);
    }
    assert.equal((await events()).length, 25);
    assert.deepEqual([dropped, recorder.dropped, received.length], [175, 175, 201]);
    assert.deepEqual(warnings, ['a set has too many events: not all are written: undefined']);
    clock += 300_000;
    recorder.record(set, { severity: 'info', reason: 'Progressing', message: 'delivery 200' });
    recorder.record(set, { severity: 'info', reason: 'Progressing', message: 'delivery 201' });
    await recorder.flush(signal);
    assert.equal((await events()).length, 26);
    const path = `/api/v1/namespaces/${set.namespace}/events?fieldSelector=involvedObject.uid=${other.uid}`;
    assert.equal((await server().request<{ items: KubeObject[] }>('GET', path)).body.items.length, 1);
  });

  it('says once a minute that nobody takes them, without what was said', async () => {
    answer = 400;
    const recorder = newRecorder();
    for (let n = 0; n < 5; n++) recorder.record(set, { ...FAILURE, message: `secret ${n}` });
    await recorder.flush(signal);
    assert.equal(received.length, 5);
    assert.equal(warnings.length, 1);
    assert.match(
      warnings[0] ?? '',
      /^an event could not be sent: POST http:\/\/127\.0\.0\.1:\d+: answered 400$/,
    );
    assert.equal((await events()).length, 5);
  });

  it('takes 429 as heard already, and tries again after 503', async () => {
    const recorder = newRecorder();
    answer = 429;
    recorder.record(set, FAILURE);
    await recorder.flush(signal);
    assert.deepEqual([received.length, warnings], [1, []]);
    answer = 503;
    recorder.record(set, { ...FAILURE, message: 'else' });
    await recorder.flush(signal);
    assert.equal(received.length, 4);
    assert.match(warnings[0] ?? '', /answered 503/);
  });

  it('fails nobody where the namespace is gone', async () => {
    const recorder = newRecorder();
    recorder.record({ ...set, namespace: 'nowhere', uid: 'nobody' }, FAILURE);
    recorder.record(set, FAILURE);
    await recorder.flush(signal);
    assert.equal((await events()).length, 1);
    assert.match(warnings[0] ?? '', /^an event could not be written: create events/);
  });
});
