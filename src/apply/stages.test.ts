import assert from 'node:assert/strict';
import { STAGES, stageOf } from './stages.ts';

describe('stages', () => {
  /** In the order in which they must be applied. */
  const order = [
    [['apiextensions.k8s.io', 'CustomResourceDefinition']],
    [['', 'Namespace']],
    [
      ['', 'ServiceAccount'],
      ['rbac.authorization.k8s.io', 'Role'],
      ['rbac.authorization.k8s.io', 'ClusterRole'],
    ],
    [
      ['rbac.authorization.k8s.io', 'RoleBinding'],
      ['rbac.authorization.k8s.io', 'ClusterRoleBinding'],
    ],
    [
      ['storage.k8s.io', 'StorageClass'],
      ['gateway.networking.k8s.io', 'GatewayClass'],
    ],
    [
      ['', 'ConfigMap'],
      ['apps', 'Deployment'],
      ['example.com', 'Namespace'],
      ['__proto__', 'Role'],
    ],
    [
      ['admissionregistration.k8s.io', 'ValidatingWebhookConfiguration'],
      ['apiregistration.k8s.io', 'APIService'],
    ],
  ] as const;

  for (const [stage, kinds] of order.entries()) {
    for (const [group, kind] of kinds) {
      it(`put ${kind} of ${group === '' ? 'the core' : group} into stage ${stage}`, () => {
        assert.equal(stageOf({ group, kind }), stage);
      });
    }
  }

  it('are as many as there are', () => {
    assert.equal(STAGES, order.length);
  });
});
