import assert from 'node:assert/strict';
import { toFile } from './export-sets.ts';

describe('toFile', () => {
  it('keeps what people wrote, and nothing of the server or of the moment', () => {
    const stored = {
      apiVersion: 'generatorset.dev/v1alpha1',
      kind: 'GeneratorSet',
      metadata: {
        ...{ name: 'teams', namespace: 'apps', uid: 'u', resourceVersion: '5', generation: 3 },
        ...{ creationTimestamp: 't', finalizers: ['generatorset.dev/finalizer'], managedFields: [] },
        labels: { team: 'a' },
        annotations: {
          'reconcile.fluxcd.io/requestedAt': 't',
          'reconcile.fluxcd.io/forceAt': 't',
          'generatorset.dev/approve': 'd',
          'kubectl.kubernetes.io/last-applied-configuration': '{}',
          'suspend.toolkit.fluxcd.io/reason': 'maintenance',
        },
      },
      spec: { suspend: true },
      status: { elements: 1 },
    };
    assert.deepEqual(toFile(stored), {
      apiVersion: 'generatorset.dev/v1alpha1',
      kind: 'GeneratorSet',
      metadata: {
        ...{ name: 'teams', namespace: 'apps', labels: { team: 'a' } },
        annotations: { 'suspend.toolkit.fluxcd.io/reason': 'maintenance' },
      },
      spec: { suspend: true },
    });
  });

  it('has no empty labels and annotations', () => {
    const annotations = { 'generatorset.dev/approve': 'd' };
    const stored = { metadata: { name: 'a', namespace: 'b', labels: {}, annotations }, spec: {} };
    assert.deepEqual(toFile(stored)['metadata'], { name: 'a', namespace: 'b' });
  });
});
