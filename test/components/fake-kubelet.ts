import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { makeCertificates } from '../harness/http-certificates.ts';
import { applyObject } from './cluster-objects.ts';
import type { KubeApiserver } from './kube-apiserver.ts';

/** A node whose kubelet has nothing but logs: the API server asks it for them as it asks a real one. */
export interface FakeKubelet {
  /** Lines by the name of the pod; a log that is followed gets each that is added. */
  readonly logs: Map<string, string[]>;
  /** What was asked for, as `pod/container?query`. */
  readonly asked: string[];
  /** Makes a pod of the controller that runs on this node. */
  addPod(namespace: string, name: string): Promise<void>;
  /** Adds a line to a log that may be followed. */
  say(pod: string, line: string): void;
  /** Ends all logs that are followed. */
  hangUp(): void;
  close(): Promise<void>;
}

/** Starts a kubelet and tells the API server of its node. */
export async function startFakeKubelet(apiserver: KubeApiserver): Promise<FakeKubelet> {
  const { server: certificate } = makeCertificates();
  const logs = new Map<string, string[]>();
  const asked: string[] = [];
  const followers = new Map<import('node:http').ServerResponse, string>();
  const server = createServer({ key: certificate.key, cert: certificate.cert }, (request, response) => {
    const url = new URL(request.url ?? '', 'https://kubelet');
    const [, , , pod = '', container = ''] = url.pathname.split('/');
    asked.push(`${pod}/${container}${url.search}`);
    const lines = logs.get(pod);
    if (!lines) return void response.writeHead(404).end('no such container');
    const tail = Number(url.searchParams.get('tailLines') ?? lines.length);
    response.writeHead(200, { 'content-type': 'text/plain' });
    response.write(
      lines
        .slice(lines.length - tail)
        .map((line) => `${line}\n`)
        .join(''),
    );
    if (url.searchParams.get('follow') !== 'true') return void response.end();
    followers.set(response, pod);
    response.on('close', () => followers.delete(response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const node = `node-${(server.address() as AddressInfo).port}`;
  await makeNode(apiserver, node, (server.address() as AddressInfo).port);
  return {
    logs,
    asked,
    async addPod(namespace, name) {
      const labels = {
        'app.kubernetes.io/name': 'generatorset',
        'app.kubernetes.io/component': 'controller',
      };
      await applyObject(apiserver, {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name, namespace, labels },
        spec: {
          nodeName: node,
          containers: [
            { name: 'proxy', image: 'proxy' },
            { name: 'controller', image: 'controller' },
          ],
        },
      });
      logs.set(name, []);
    },
    say(pod, line) {
      logs.get(pod)?.push(line);
      for (const [response, followed] of followers) if (followed === pod) response.write(`${line}\n`);
    },
    hangUp() {
      for (const response of followers.keys()) response.destroy();
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function makeNode(apiserver: KubeApiserver, name: string, port: number): Promise<void> {
  await applyObject(apiserver, { apiVersion: 'v1', kind: 'Node', metadata: { name } });
  const status = {
    addresses: [{ type: 'InternalIP', address: '127.0.0.1' }],
    daemonEndpoints: { kubeletEndpoint: { Port: port } },
  };
  const contentType = 'application/merge-patch+json';
  const path = `/api/v1/nodes/${name}/status`;
  const answer = await apiserver.request('PATCH', path, { status }, { contentType });
  if (answer.status !== 200) throw new Error(`PATCH ${path}: ${JSON.stringify(answer.body)}`);
}
