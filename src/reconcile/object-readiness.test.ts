import assert from 'node:assert/strict';
import type { JsonObject } from '../lib/json.ts';
import { whyNotReady } from './object-readiness.ts';

const ready = (status: string, more: JsonObject = {}): JsonObject => ({
  conditions: [{ type: 'Ready', status, ...more }],
});
const FLUX = 'kustomize.toolkit.fluxcd.io/v1';

describe('whyNotReady', () => {
  const cases: [
    title: string,
    apiVersion: string,
    status: JsonObject | undefined,
    reason: string | undefined,
  ][] = [
    ['a set that is ready', 'generatorset.dev/v1alpha1', ready('True'), undefined],
    ['a ConfigMap', 'v1', undefined, undefined],
    [
      'a Deployment, which has other conditions',
      'apps/v1',
      { conditions: [{ type: 'Available', status: 'False' }] },
      undefined,
    ],
    ['a kind of Flux without status', FLUX, undefined, 'has no Ready condition yet'],
    [
      'a kind of Flux with other conditions',
      FLUX,
      { conditions: [{ type: 'Healthy', status: 'True' }] },
      'has no Ready condition yet',
    ],
    ['a resource set', 'fluxcd.controlplane.io/v1', { observedGeneration: 2 }, 'has no Ready condition yet'],
    ['a kind that only looks like Flux', 'toolkit.fluxcd.io.example.com/v1', undefined, undefined],
    ['one that failed', FLUX, ready('False', { reason: 'BuildFailed' }), 'has Ready=False (BuildFailed)'],
    ['one that does not know yet', FLUX, ready('Unknown'), 'has Ready=Unknown'],
    ['any kind whose Ready says no', 'cert-manager.io/v1', ready('False'), 'has Ready=False'],
    [
      'a status of the generation before',
      FLUX,
      { observedGeneration: 1, ...ready('True') },
      'has not been looked at since its last change',
    ],
    [
      'a condition of the generation before',
      FLUX,
      { observedGeneration: 2, ...ready('True', { observedGeneration: 1 }) },
      'has not been looked at since its last change',
    ],
    [
      'a status of the present generation',
      FLUX,
      { observedGeneration: 2, ...ready('True', { observedGeneration: 2 }) },
      undefined,
    ],
    ['a status that is no object', FLUX, { conditions: 'Ready' }, 'has no Ready condition yet'],
  ];
  for (const [title, apiVersion, status, reason] of cases) {
    it(`says of ${title}: ${reason ?? 'nothing'}`, () => {
      const object = {
        apiVersion,
        kind: 'Kind',
        metadata: { name: 'a', generation: 2 },
        ...(status && { status }),
      };
      assert.equal(whyNotReady(object), reason);
    });
  }

  it('does not take an object that is being deleted for ready', () => {
    const metadata = { name: 'a', deletionTimestamp: '2026-11-22T00:00:00Z' };
    assert.equal(whyNotReady({ apiVersion: 'v1', kind: 'ConfigMap', metadata }), 'is being deleted');
  });
});
