import assert from 'node:assert/strict';
import type { JsonObject } from '../lib/json.ts';
import { isReadyAtOnce, readReadiness } from './readiness.ts';

/** An object of generation 2, with what else it holds. */
function make(apiVersion: string, kind: string, fields: JsonObject): JsonObject {
  return { apiVersion, kind, ...fields, metadata: { generation: 2, ...(fields['metadata'] as JsonObject) } };
}

const condition = (type: string, status: string, reason = '', message = ''): JsonObject => ({
  type,
  status,
  reason,
  message,
});
const CRD = 'apiextensions.k8s.io/v1';
const HPA = 'autoscaling/v2';
const FLUX = 'kustomize.toolkit.fluxcd.io/v1';
const seen = { observedGeneration: 2 };
const rolled = { ...seen, replicas: 2, updatedReplicas: 2, readyReplicas: 2, availableReplicas: 2 };
const daemons = {
  ...seen,
  desiredNumberScheduled: 2,
  currentNumberScheduled: 2,
  updatedNumberScheduled: 2,
  numberAvailable: 2,
  numberReady: 2,
};
const two = { replicas: 2 };

type Case = [
  state: 'ready' | 'waiting' | 'failed',
  apiVersion: string,
  kind: string,
  fields: JsonObject,
  message?: string,
];

const cases: Case[] = [
  // Any kind
  ['ready', 'example.com/v1', 'Any', {}],
  [
    'waiting',
    'example.com/v1',
    'Any',
    { metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } },
    'is being deleted',
  ],
  [
    'waiting',
    'example.com/v1',
    'Any',
    { status: { observedGeneration: 1 } },
    'status is of generation 1, the object is of 2',
  ],
  ['ready', 'example.com/v1', 'Any', { status: { conditions: [condition('Ready', 'True')] } }],
  [
    'waiting',
    'example.com/v1',
    'Any',
    { status: { conditions: [condition('Ready', 'False', 'Broken', 'no disk')] } },
    'Ready is False: Broken: no disk',
  ],
  [
    'waiting',
    'example.com/v1',
    'Any',
    { status: { conditions: [condition('Ready', 'Unknown')] } },
    'Ready is Unknown',
  ],
  [
    'waiting',
    'example.com/v1',
    'Any',
    { status: { conditions: [condition('Ready', 'True'), condition('Reconciling', 'True', 'Progressing')] } },
    'Reconciling: Progressing',
  ],
  [
    'failed',
    'example.com/v1',
    'Any',
    {
      status: { conditions: [condition('Ready', 'False'), condition('Stalled', 'True', 'BadSpec', 'nope')] },
    },
    'Stalled: BadSpec: nope',
  ],
  [
    'ready',
    'example.com/v1',
    'Any',
    { status: { conditions: [condition('Stalled', 'False'), condition('Reconciling', 'False')] } },
  ],
  [
    'waiting',
    'example.com/v1',
    'Any',
    { status: { observedGeneration: 1, conditions: [condition('Stalled', 'True')] } },
  ],
  ['ready', 'example.com/v1', 'Any', { status: { conditions: 'odd' } }],
  ['ready', 'example.com/v1', 'Any', { status: { conditions: [null, 'x', {}] } }],
  ['waiting', FLUX, 'Kustomization', {}, 'has no Ready condition yet'],
  ['ready', FLUX, 'Kustomization', { status: { conditions: [condition('Ready', 'True')] } }],
  // Workloads
  ['ready', 'apps/v1', 'Deployment', { spec: two, status: rolled }],
  ['ready', 'apps/v1', 'Deployment', { spec: { replicas: 0 }, status: seen }],
  ['waiting', 'apps/v1', 'Deployment', { spec: two }, 'its controller has not seen it yet'],
  ['waiting', 'apps/v1', 'Deployment', { spec: {}, status: { ...seen } }, '0 of 1 replicas are there'],
  [
    'waiting',
    'apps/v1',
    'Deployment',
    { spec: two, status: { ...rolled, updatedReplicas: 1 } },
    '1 of 2 replicas are updated',
  ],
  [
    'waiting',
    'apps/v1',
    'Deployment',
    { spec: two, status: { ...rolled, replicas: 3 } },
    '1 old replicas are not gone yet',
  ],
  [
    'waiting',
    'apps/v1',
    'Deployment',
    { spec: two, status: { ...rolled, availableReplicas: 0 } },
    '0 of 2 replicas are available',
  ],
  [
    'failed',
    'apps/v1',
    'Deployment',
    {
      spec: two,
      status: {
        ...rolled,
        conditions: [condition('Progressing', 'False', 'ProgressDeadlineExceeded', 'slow')],
      },
    },
    'slow',
  ],
  ['ready', 'apps/v1', 'ReplicaSet', { spec: two, status: rolled }],
  [
    'waiting',
    'apps/v1',
    'ReplicaSet',
    { spec: two, status: { ...rolled, replicas: 3 } },
    '1 replicas too many',
  ],
  [
    'waiting',
    'apps/v1',
    'ReplicaSet',
    { spec: two, status: { ...rolled, conditions: [condition('ReplicaFailure', 'True', '', 'quota')] } },
    'quota',
  ],
  [
    'ready',
    'apps/v1',
    'StatefulSet',
    { spec: two, status: { ...rolled, currentRevision: 'a', updateRevision: 'a' } },
  ],
  [
    'waiting',
    'apps/v1',
    'StatefulSet',
    { spec: two, status: { ...rolled, currentRevision: 'a', updateRevision: 'b' } },
    'not all replicas are of the new revision',
  ],
  [
    'waiting',
    'apps/v1',
    'StatefulSet',
    { spec: two, status: { ...rolled, readyReplicas: 1 } },
    '1 of 2 replicas are ready',
  ],
  [
    'ready',
    'apps/v1',
    'StatefulSet',
    { spec: { ...two, updateStrategy: { type: 'OnDelete' } }, status: seen },
  ],
  [
    'ready',
    'apps/v1',
    'StatefulSet',
    {
      spec: { ...two, updateStrategy: { rollingUpdate: { partition: 1 } } },
      status: { ...rolled, updatedReplicas: 1, currentRevision: 'a', updateRevision: 'b' },
    },
  ],
  ['ready', 'apps/v1', 'DaemonSet', { status: daemons }],
  ['waiting', 'apps/v1', 'DaemonSet', {}, 'its controller has not seen it yet'],
  [
    'waiting',
    'apps/v1',
    'DaemonSet',
    { status: { ...daemons, numberReady: 1 } },
    '1 of 2 replicas are ready',
  ],
  [
    'ready',
    'apps/v1',
    'DaemonSet',
    { spec: { updateStrategy: { type: 'OnDelete' } }, status: { ...daemons, updatedNumberScheduled: 0 } },
  ],
  ['waiting', 'batch/v1', 'Job', { status: { active: 1, succeeded: 2 } }, '2 succeeded, 1 active'],
  ['ready', 'batch/v1', 'Job', { status: { conditions: [condition('Complete', 'True')] } }],
  ['ready', 'batch/v1', 'Job', { spec: { suspend: true } }],
  [
    'failed',
    'batch/v1',
    'Job',
    { status: { conditions: [condition('Failed', 'True', 'BackoffLimitExceeded', 'too often')] } },
    'too often',
  ],
  ['ready', 'v1', 'Pod', { status: { phase: 'Succeeded' } }],
  ['ready', 'v1', 'Pod', { status: { phase: 'Running', conditions: [condition('Ready', 'True')] } }],
  [
    'waiting',
    'v1',
    'Pod',
    { status: { phase: 'Running', conditions: [condition('Ready', 'False', '', 'unready: c')] } },
    'Ready is False: unready: c',
  ],
  ['waiting', 'v1', 'Pod', { status: { phase: 'Pending' } }, 'phase is Pending'],
  ['failed', 'v1', 'Pod', { status: { phase: 'Failed', message: 'evicted' } }, 'evicted'],
  // The rest of Kubernetes
  ['ready', 'v1', 'PersistentVolumeClaim', { status: { phase: 'Bound' } }],
  ['waiting', 'v1', 'PersistentVolumeClaim', { status: { phase: 'Pending' } }, 'phase is Pending'],
  ['ready', 'v1', 'Namespace', { status: { phase: 'Active' } }],
  ['waiting', 'v1', 'Namespace', {}, 'phase is not set'],
  ['ready', 'v1', 'Service', { spec: { type: 'ClusterIP' } }],
  [
    'waiting',
    'v1',
    'Service',
    { spec: { type: 'LoadBalancer' }, status: { loadBalancer: {} } },
    'has no load balancer yet',
  ],
  [
    'ready',
    'v1',
    'Service',
    { spec: { type: 'LoadBalancer' }, status: { loadBalancer: { ingress: [{ ip: '1.2.3.4' }] } } },
  ],
  [
    'ready',
    CRD,
    'CustomResourceDefinition',
    { status: { conditions: [condition('NamesAccepted', 'True'), condition('Established', 'True')] } },
  ],
  ['waiting', CRD, 'CustomResourceDefinition', {}, 'has no condition Established yet'],
  [
    'failed',
    CRD,
    'CustomResourceDefinition',
    { status: { conditions: [condition('NamesAccepted', 'False', '', 'taken')] } },
    'its names are not accepted: taken',
  ],
  [
    'ready',
    'apiregistration.k8s.io/v1',
    'APIService',
    { status: { conditions: [condition('Available', 'True')] } },
  ],
  [
    'waiting',
    'apiregistration.k8s.io/v1',
    'APIService',
    { status: { conditions: [condition('Available', 'False', '', 'no endpoints')] } },
    'Available is False: no endpoints',
  ],
  [
    'ready',
    HPA,
    'HorizontalPodAutoscaler',
    { status: { conditions: [condition('AbleToScale', 'True'), condition('ScalingActive', 'True')] } },
  ],
  [
    'ready',
    HPA,
    'HorizontalPodAutoscaler',
    {
      status: {
        conditions: [
          condition('AbleToScale', 'True'),
          condition('ScalingActive', 'False', 'ScalingDisabled'),
        ],
      },
    },
  ],
  [
    'waiting',
    HPA,
    'HorizontalPodAutoscaler',
    {
      status: {
        conditions: [
          condition('AbleToScale', 'True'),
          condition('ScalingActive', 'False', 'X', 'no metrics'),
        ],
      },
    },
    'no metrics',
  ],
  ['waiting', HPA, 'HorizontalPodAutoscaler', {}, 'its controller has not seen it yet'],
  ['ready', 'autoscaling/v1', 'HorizontalPodAutoscaler', { status: seen }],
  ['ready', 'policy/v1', 'PodDisruptionBudget', { status: seen }],
  ['waiting', 'policy/v1', 'PodDisruptionBudget', {}, 'its controller has not seen it yet'],
];

describe('readReadiness', () => {
  for (const [state, apiVersion, kind, fields, message] of cases) {
    it(`takes ${kind} ${JSON.stringify(fields)} for ${state}`, () => {
      const readiness = readReadiness(make(apiVersion, kind, fields));
      assert.equal(readiness.state, state);
      if (message !== undefined) assert.equal(readiness.message, message);
    });
  }

  it('shows what others wrote on one line, and not all of it', () => {
    const message = `a\n${'b'.repeat(1000)}`;
    const status = { conditions: [condition('Ready', 'False', 'X', message)] };
    const shown = readReadiness(make('v1', 'Any', { status })).message;
    assert.equal(shown, `Ready is False: X: a ${'b'.repeat(298)}...`);
  });

  it('knows which kinds need not be asked for', () => {
    assert.equal(isReadyAtOnce({ apiVersion: 'v1', kind: 'ConfigMap' }), true);
    assert.equal(isReadyAtOnce({ apiVersion: 'example.com/v1', kind: 'ConfigMap' }), false);
    assert.equal(isReadyAtOnce({ apiVersion: 'apps/v1', kind: 'Deployment' }), false);
  });
});
