import assert from 'node:assert/strict';
import { isObject, type JsonObject, type JsonValue } from '../../src/lib/json.ts';
import { byKindAndName, readObjects } from '../harness/kube-tools.ts';
import { runProgram } from '../harness/run-program.ts';
import { readObject } from './cluster-objects.ts';
import type { KubeApiserver } from './kube-apiserver.ts';
import type { KubeObject } from './kube-request.ts';

/** What `install --export` prints. */
export async function exportManifests(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await runProgram(['install', '--export', ...args], {
    env: { HOME: '/nowhere' },
  });
  assert.equal(code, 0, stderr);
  return stdout;
}

/**
 * The objects of the manifests as they are in the cluster, by kind and name, each proven to have every field that its
 * manifest has, and given without what the server and the tools that write objects add.
 */
export async function readInstalled(
  server: KubeApiserver,
  manifests: string,
): Promise<Record<string, JsonObject>> {
  const installed: JsonObject[] = [];
  for (const manifest of readObjects(manifests)) {
    const live = await readObject(server, manifest as unknown as KubeObject);
    assert.ok(live, `no ${manifest['kind']} ${(manifest['metadata'] as JsonObject)['name']}`);
    assertHas(live as unknown as JsonObject, manifest, String(manifest['kind']));
    installed.push(withoutTraces(live as unknown as JsonObject));
  }
  return byKindAndName(installed);
}

/** Of the keys of the manifests, those whose objects are not in the cluster. */
export async function listAbsent(server: KubeApiserver, manifests: string): Promise<string[]> {
  const absent: JsonObject[] = [];
  for (const manifest of readObjects(manifests)) {
    if (!(await isThere(server, manifest))) absent.push(manifest);
  }
  return Object.keys(byKindAndName(absent));
}

async function isThere(server: KubeApiserver, manifest: JsonObject): Promise<boolean> {
  return (await readObject(server, manifest as unknown as KubeObject)) !== undefined;
}

/** Fails where a field of the manifest is not in the object; the object may have more. */
function assertHas(live: JsonValue | undefined, manifest: JsonValue, path: string): void {
  if (isObject(manifest)) {
    assert.ok(isObject(live), path);
    for (const [key, value] of Object.entries(manifest)) assertHas(live[key], value, `${path}.${key}`);
  } else if (Array.isArray(manifest)) {
    assert.ok(Array.isArray(live), path);
    assert.equal(live.length, manifest.length, path);
    for (const [index, value] of manifest.entries()) assertHas(live[index], value, `${path}[${index}]`);
  } else {
    assert.equal(live, manifest, path);
  }
}

/** Everything but what says who wrote the object, when and how often. */
function withoutTraces({ status: _, ...object }: JsonObject): JsonObject {
  const { labels, annotations, name, namespace } = object['metadata'] as JsonObject;
  const kept = (from: JsonValue | undefined, traces: RegExp) =>
    Object.fromEntries(Object.entries(isObject(from) ? from : {}).filter(([key]) => !traces.test(key)));
  const metadata = {
    name: name as string,
    ...(namespace !== undefined && { namespace }),
    labels: kept(labels, /^(helm\.sh\/|app\.kubernetes\.io\/managed-by$)/),
    annotations: kept(
      annotations,
      /^(kubectl\.kubernetes\.io|meta\.helm\.sh|helm\.sh|deployment\.kubernetes\.io)\//,
    ),
  };
  return { ...object, metadata };
}
