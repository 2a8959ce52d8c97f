import { applyObject } from '../components/cluster-objects.ts';
import type { KubeApiserver } from '../components/kube-apiserver.ts';
import { type ClusterSet, clusterSet, waitForCondition } from '../harness/cluster-sets.ts';
import { patchObject } from '../harness/controller-suite.ts';

/** Where the failing set asks; nobody answers there. */
const NOBODY = 'http://127.0.0.1:9/';
/** What the Secret of a set holds; no metric may show it. */
export const SECRET_AMOUNT = 123456789;

const CONFIG_MAP = {
  content: {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: '{{ .GeneratorSet.Name }}-{{ .ElementIndex }}' },
    data: { limit: '{{ .Element.limit }}' },
  },
};

/** A set of one element for each amount, whose memory is tuned. */
function tunedSet(
  namespace: string,
  name: string,
  amounts: readonly number[],
  spec: object = {},
): ClusterSet {
  const elements = amounts.map((amount, index) => ({ name: `e${index}`, amount }));
  const tune = [{ name: 'limit', from: '{{ .Element.amount }}', roundUp: '1Mi', max: '1Gi' }];
  return clusterSet(namespace, [], {
    name,
    spec: {
      ...{ interval: '1h', elementKey: '{{ .Element.name }}', tune, templates: [CONFIG_MAP] },
      generators: [{ name: 'amounts', list: { elements } }],
      ...spec,
    },
  });
}

const MIB = 1024 * 1024;

/**
 * Brings a set into each state that metrics tell of: delivered to, tuned, with more values than have series, held as a
 * whole and in part, failing, stalled, suspended, and fed by a Secret.
 */
export async function bringAbout(server: KubeApiserver, namespace: string): Promise<void> {
  const apply = (set: ClusterSet) => applyObject<ClusterSet>(server, set);
  const ready = (set: ClusterSet) => waitForCondition(server, set, { status: 'True' });
  const patch = (set: ClusterSet, spec: object) => patchObject(server, set, { spec });
  const data = { amount: Buffer.from(String(SECRET_AMOUNT)).toString('base64') };
  await applyObject(server, {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'amount', namespace },
    data,
  });

  const names = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `plain-${name}`);
  const plain = clusterSet(namespace, names, { name: 'plain', spec: { interval: '1h' } });
  const held = clusterSet(namespace, ['held-a', 'held-b'], { name: 'held', spec: { interval: '1h' } });
  const guard = { onEmpty: 'hold', maxPrune: '20%', maxChange: '10%' };
  const tuned = tunedSet(namespace, 'tuned', [64 * MIB, 4096 * MIB], { guard });
  const cores = { name: 'limit', from: '{{ .Element.amount }}', unit: 'cpu' };
  const many = tunedSet(
    namespace,
    'many',
    Array.from({ length: 101 }, (_, index) => index + 1),
    {
      tune: [cores],
    },
  );
  const secret = tunedSet(namespace, 'secret', [], {
    elementKey: 'all',
    generators: [{ config: { kind: 'Secret', name: 'amount' } }],
  });
  const failing = clusterSet(namespace, [], {
    name: 'failing',
    spec: { interval: '1h', generators: [{ apiClient: { interval: '1h', endpoint: NOBODY } }] },
  });
  const stalled = clusterSet(namespace, ['x'], {
    name: 'stalled',
    spec: { templates: [{ text: '{{ nowhere }}' }] },
  });
  const suspended = clusterSet(namespace, ['x'], { name: 'suspended', spec: { suspend: true } });

  for (const set of [plain, held, tuned, many, secret, failing, stalled, suspended]) await apply(set);
  for (const set of [plain, held, tuned, many, secret]) await ready(set);
  await waitForCondition(server, failing, { status: 'False' });
  await waitForCondition(server, stalled, { type: 'Stalled', status: 'True' });

  const elements = (count: readonly string[]) => count.map((name) => ({ name }));
  await patch(plain, {
    generators: [{ list: { elements: [...elements(names.slice(1)), ...elements(['plain-g'])] } }],
  });
  await patch(held, { generators: [{ list: { elements: [] } }] });
  const larger = [96 * MIB, 4096 * MIB].map((amount, index) => ({ name: `e${index}`, amount }));
  await patch(tuned, { generators: [{ name: 'amounts', list: { elements: larger } }] });
  for (const set of [held, tuned]) await waitForCondition(server, set, { type: 'Held', status: 'True' });
  await ready(plain);
}
