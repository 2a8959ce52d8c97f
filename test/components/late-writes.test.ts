import assert from 'node:assert/strict';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import tls from 'node:tls';
import { createNamespace } from './cluster-objects.ts';
import { useKubeApiserver } from './kube-apiserver.ts';

/**
 * What the fence of a leader rests on: the server counts a write's time from its head on, so that one whose last byte
 * is held back for longer, as by a process that is frozen, changes nothing.
 */
describe('a write whose last byte comes after its time', function suite() {
  this.timeout(60_000);
  const server = useKubeApiserver();

  interface Write {
    readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
    /** Of a ConfigMap that is there with `text: before`, unless it is created. */
    readonly name: string;
    readonly body: object;
  }

  const object = (name: string) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name },
    data: { text: 'after' },
  });
  const writes: readonly Write[] = [
    { method: 'POST', name: 'created', body: object('created') },
    { method: 'PUT', name: 'replaced', body: object('replaced') },
    { method: 'PATCH', name: 'applied', body: object('applied') },
    { method: 'PATCH', name: 'applied-new', body: object('applied-new') },
    { method: 'DELETE', name: 'deleted', body: { propagationPolicy: 'Background' } },
  ];

  /** Sends a write with one second of time, and its last byte so many milliseconds after the rest; gives the status. */
  async function send({ method, name, body }: Write, path: string, wait: number): Promise<number> {
    const { hostname, port } = new URL(server().url);
    const socket = tls.connect({ host: hostname, port: Number(port), ca: server().ca });
    await once(socket, 'secureConnect');
    const text = JSON.stringify(body);
    const target = method === 'POST' ? path : `${path}/${name}`;
    const type = method === 'PATCH' ? 'application/apply-patch+yaml' : 'application/json';
    const head = [
      `${method} ${target}?timeout=1s${method === 'PATCH' ? '&fieldManager=test&force=true' : ''} HTTP/1.1`,
      `host: ${hostname}:${port}`,
      `authorization: Bearer ${server().adminToken}`,
      `content-type: ${type}`,
      `content-length: ${text.length}`,
      'connection: close',
    ];
    socket.write(`${head.join('\r\n')}\r\n\r\n${text.slice(0, -1)}`);
    await delay(wait);
    socket.write(text.slice(-1));
    let answer = '';
    for await (const chunk of socket) answer += String(chunk);
    return Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]);
  }

  for (const [wait, what] of [
    [0, 'is carried out in time'],
    [1500, 'changes nothing'],
  ] as const) {
    it(`${what}: ${wait} ms`, async () => {
      const path = `/api/v1/namespaces/${await createNamespace(server(), 'late')}/configmaps`;
      for (const { name } of writes.filter((it) => it.method !== 'POST' && it.name !== 'applied-new')) {
        const before = { ...object(name), data: { text: 'before' } };
        assert.equal((await server().request('POST', path, before)).status, 201);
      }
      const statuses = await Promise.all(writes.map((write) => send(write, path, wait)));
      const texts = await Promise.all(
        writes.map(async ({ name }) => {
          const { status, body } = await server().request<{ data: { text: string } }>(
            'GET',
            `${path}/${name}`,
          );
          return status === 200 ? body.data.text : status;
        }),
      );
      const inTime = wait === 0;
      assert.deepEqual(
        texts,
        inTime ? ['after', 'after', 'after', 'after', 404] : [404, 'before', 'before', 404, 'before'],
      );
      assert.equal(
        statuses.filter((status) => status < 300).length,
        inTime ? writes.length : 0,
        statuses.join(' '),
      );
    });
  }
});
