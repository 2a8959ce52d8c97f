import { setTimeout as delay } from 'node:timers/promises';
import type { KubeApiserver } from '../components/kube-apiserver.ts';

/** A change that the API server has answered. */
export interface WrittenChange {
  /** `namespace/name` */
  readonly key: string;
  /** Undefined: deleted. */
  readonly resourceVersion: string | undefined;
  /** Milliseconds of the monotonic clock, when the answer was there. */
  readonly at: number;
}

interface WriterOptions {
  readonly namespaces: readonly string[];
  readonly objects: number;
  readonly writers: number;
  readonly random: () => number;
  isEnough(written: number): boolean;
  /** Whether the next write may go out now. */
  mayWrite(written: number): boolean;
  onWritten(change: WrittenChange): void;
}

interface ConfigMap {
  readonly metadata: { readonly resourceVersion: string };
}

/**
 * Creates, updates and deletes ConfigMaps as fast as the API server takes them, each writer its own ones, until it is
 * enough. Gives the number of changes.
 */
export async function writeConfigMaps(server: KubeApiserver, options: WriterOptions): Promise<number> {
  const { namespaces, objects, writers, random, isEnough, mayWrite, onWritten } = options;
  let written = 0;
  const write = async (writer: number): Promise<void> => {
    const keys = Array.from({ length: objects }, (_, i) => i)
      .filter((i) => i % writers === writer)
      .map((i) => ({ namespace: namespaces[i % namespaces.length] as string, name: `object-${i}` }));
    const present = new Set<string>();
    while (!isEnough(written)) {
      if (!mayWrite(written)) {
        await delay(10);
        continue;
      }
      const { namespace, name } = keys[Math.floor(random() * keys.length)] as (typeof keys)[number];
      const key = `${namespace}/${name}`;
      const resourceVersion = await change(
        server,
        { namespace, name },
        { isPresent: present.has(key), random },
      );
      if (resourceVersion === undefined) present.delete(key);
      else present.add(key);
      written++;
      onWritten({ key, resourceVersion, at: performance.now() });
    }
  };
  await Promise.all(Array.from({ length: writers }, (_, i) => write(i)));
  return written;
}

/** One change; the version that the object has now, undefined where it is gone. */
async function change(
  server: KubeApiserver,
  { namespace, name }: { namespace: string; name: string },
  { isPresent, random }: { isPresent: boolean; random: () => number },
): Promise<string | undefined> {
  const collection = `/api/v1/namespaces/${namespace}/configmaps`;
  const body = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace },
    data: { value: `${random()}`, filler: 'x'.repeat(Math.floor(random() * 400)) },
  };
  if (!isPresent) return written(await server.request<ConfigMap>('POST', collection, body), 201);
  const path = `${collection}/${name}`;
  if (random() < 0.8) return written(await server.request<ConfigMap>('PUT', path, body), 200);
  written(await server.request<ConfigMap>('DELETE', path), 200);
  return undefined;
}

function written({ status, body }: { status: number; body: ConfigMap }, expected: number): string {
  if (status !== expected) throw new Error(`a write was answered with ${status}: ${JSON.stringify(body)}`);
  return body.metadata.resourceVersion;
}
