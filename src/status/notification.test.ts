import assert from 'node:assert/strict';
import { toNotification } from './notification.ts';
import type { SetMetadata } from './set-identity.ts';

const SET: SetMetadata = {
  namespace: 'flux-system',
  name: 'podinfo',
  uid: 'u1',
  resourceVersion: '7',
  generation: 1,
  annotations: {
    'event.toolkit.fluxcd.io/cluster': 'prod',
    'event.toolkit.fluxcd.io/long': 'x'.repeat(5000),
    'generatorset.dev/approve': 'not an annotation for events',
    __proto__: 'x',
  },
  isDeleting: false,
};
const REPORTER = { reportingController: 'generatorset-controller', reportingInstance: 'pod-1' };
const at = new Date('2026-01-01T00:00:00Z');

describe('toNotification', () => {
  it('is what notification-controller takes', () => {
    const event = {
      severity: 'info',
      reason: 'ReconciliationSucceeded',
      message: 'a created\nb deleted',
      metadata: { revision: 'r1', token: 't' },
    } as const;
    assert.deepEqual(toNotification({ set: SET, event, at }, REPORTER), {
      involvedObject: {
        apiVersion: 'generatorset.dev/v1alpha1',
        kind: 'GeneratorSet',
        namespace: 'flux-system',
        name: 'podinfo',
        uid: 'u1',
        resourceVersion: '7',
      },
      severity: 'info',
      timestamp: '2026-01-01T00:00:00.000Z',
      message: 'a created\nb deleted',
      reason: 'ReconciliationSucceeded',
      metadata: {
        'event.toolkit.fluxcd.io/cluster': 'prod',
        'event.toolkit.fluxcd.io/long': 'x'.repeat(1000),
        'generatorset.dev/revision': 'r1',
        'generatorset.dev/token': 't',
      },
      ...REPORTER,
    });
  });

  it('never has a longer message or an escape sequence', () => {
    const message = Array.from({ length: 5000 }, (_, n) => `\u001b[31mline ${n}`).join('\n');
    const text = String(
      toNotification({ set: SET, event: { severity: 'error', reason: 'x', message }, at }, REPORTER)[
        'message'
      ],
    );
    assert.ok(text.length <= 39_000);
    assert.ok(!text.includes('\u001b'));
  });
});
