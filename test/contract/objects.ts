import type { ObjectReader, ObjectRef } from '../../src/api/readers.ts';
import { memoryObjects } from '../harness/memory-objects.ts';

const POLICY = { apiVersion: 'image.toolkit.fluxcd.io/v1', kind: 'ImagePolicy' };
const REPOSITORY = 'ghcr.io/stefanprodan/podinfo';

/** Objects of namespace `apps`; every value of a Secret holds the canary. */
function makeObjects(canary: string): object[] {
  const named = (name: string, labels: Record<string, string> = {}) => ({ name, namespace: 'apps', labels });
  const secret = (name: string, parts: object, labels?: Record<string, string>) => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: named(name, labels),
    ...parts,
  });
  const headers = { Authorization: `Bearer ${canary}\n`, username: canary, password: canary, caFile: canary };
  const team = (name: string, tier: string) => ({
    apiVersion: 'platform.example/v1',
    kind: 'Team',
    metadata: named(name, { team: name, tier }),
    spec: { members: [{ name: 'ann', n: 9007199254740993n }, { name: 'bob' }] },
  });
  return [
    secret('headers', { stringData: headers }),
    secret('ca', { stringData: headers }),
    secret('environment', { data: { password: Buffer.from(canary).toString('base64') } }),
    secret('bytes', { data: { [`${canary.length}`]: Buffer.from([0xff, 0xfe]).toString('base64') } }),
    secret('broken', { data: { key: `${canary}!` } }),
    secret('kubeconfig', { stringData: { value: canary } }, { cluster: 'prod' }),
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: named('environment'),
      data: { replicas: '3', __proto__x: 'y', 'app.properties': 'a=b\n' },
    },
    team('web', 'a'),
    team('api', 'a'),
    team('ops', 'b'),
    {
      apiVersion: 'gitops.weave.works/v1alpha1',
      kind: 'GitopsCluster',
      metadata: named('prod', { env: 'prod' }),
    },
    {
      ...POLICY,
      metadata: named('podinfo'),
      status: { latestRef: { name: REPOSITORY, tag: '6.5.1' } },
    },
    { ...POLICY, metadata: named('new') },
    { ...POLICY, metadata: named('broken'), status: { latestRef: { tag: canary } } },
  ];
}

/** Reads these objects, and notes what is asked for; of objects that are called `hang` no answer comes. */
export function contractObjects(asked: string[], canary: string): ObjectReader {
  const objects = makeObjects(canary);
  const reader = memoryObjects(objects);
  return {
    get(ref: ObjectRef, signal) {
      asked.push(`${ref.kind} ${ref.name}`);
      return ref.name === 'hang' ? hang(signal) : reader.get(ref, signal);
    },
    list(ref, signal) {
      asked.push(`${ref.kind} *`);
      return ref.labelSelector?.matchLabels?.['env'] === 'hang' ? hang(signal) : reader.list(ref, signal);
    },
  };
}

function hang(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
}
