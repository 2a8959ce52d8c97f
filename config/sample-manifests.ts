import { API_VERSION, KIND } from '../src/api/generatorset-schema.ts';
import type { JsonObject } from '../src/lib/json.ts';

const NAME = 'sample';
const NAMESPACE = 'default';
const RBAC = 'rbac.authorization.k8s.io';

/** A set that applies two ConfigMaps as a service account that may do no more, each object by its file. */
export function sampleManifests(): Map<string, JsonObject> {
  const metadata = { name: NAME, namespace: NAMESPACE };
  const verbs = ['create', 'delete', 'get', 'list', 'patch', 'watch'];
  return new Map<string, JsonObject>([
    ['service-account.yaml', { apiVersion: 'v1', kind: 'ServiceAccount', metadata }],
    [
      'role.yaml',
      {
        apiVersion: `${RBAC}/v1`,
        kind: 'Role',
        metadata,
        rules: [{ apiGroups: [''], resources: ['configmaps'], verbs }],
      },
    ],
    [
      'role-binding.yaml',
      {
        apiVersion: `${RBAC}/v1`,
        kind: 'RoleBinding',
        metadata,
        roleRef: { apiGroup: RBAC, kind: 'Role', name: NAME },
        subjects: [{ kind: 'ServiceAccount', name: NAME, namespace: NAMESPACE }],
      },
    ],
    ['generatorset.yaml', { apiVersion: API_VERSION, kind: KIND, metadata, spec: sampleSpec() }],
  ]);
}

function sampleSpec(): JsonObject {
  return {
    serviceAccountName: NAME,
    generators: [{ list: { elements: [{ team: 'red' }, { team: 'blue' }] } }],
    templates: [
      {
        content: {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name: 'team-{{ .Element.team }}' },
          data: { team: '{{ .Element.team }}' },
        },
      },
    ],
    target: { apply: {} },
  };
}
