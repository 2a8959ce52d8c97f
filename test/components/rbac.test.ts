import assert from 'node:assert/strict';
import { generators } from '../../generators/index.ts';
import { installManifests } from '../../src/cli/manifests/install-manifests.ts';
import type { JsonObject } from '../../src/lib/json.ts';
import { applyObject, createServiceAccount, establishCrd, waitFor } from './cluster-objects.ts';
import { useKubeApiserver } from './kube-apiserver.ts';
import type { KubeObject } from './kube-request.ts';

/** A request that a right is asked for, in the words of SelfSubjectAccessReview. */
type Attributes = Readonly<
  Record<'verb' | 'group' | 'resource' | 'subresource' | 'namespace' | 'name', string>
>;

const SETS = 'generatorset.dev/generatorsets';
const OWN = 'flux-system';

/** `verb group/resource/subresource [namespace[/name]]`, all namespaces where none is named. */
function attributes(line: string): Partial<Attributes> {
  const [verb = '', what = '', where = ''] = line.split(' ');
  const [group = '', resource = '', subresource = ''] = what.split('/');
  const [namespace = '', name = ''] = where.split('/');
  return { verb, group, resource, subresource, namespace, name };
}

const ALLOWED = [
  `list ${SETS}`,
  `watch ${SETS}`,
  `get ${SETS} tenant/a`,
  `patch ${SETS} tenant/a`,
  `update ${SETS} tenant/a`,
  `patch ${SETS}/status tenant/a`,
  `update ${SETS}/status tenant/a`,
  `update ${SETS}/finalizers tenant/a`,
  'impersonate /serviceaccounts tenant/a',
  'get /serviceaccounts tenant/a',
  'get /namespaces /tenant',
  'create /events tenant',
  'patch /events tenant/a',
  'create /configmaps tenant',
  'get /configmaps tenant/a',
  'patch /configmaps tenant/a',
  'delete /configmaps tenant/a',
  `create coordination.k8s.io/leases ${OWN}`,
  `get coordination.k8s.io/leases ${OWN}/a`,
  `update coordination.k8s.io/leases ${OWN}/a`,
  `update /configmaps ${OWN}/a`,
];

const DENIED = [
  'get /secrets tenant/a',
  `get /secrets ${OWN}/a`,
  'list /secrets',
  'watch /secrets',
  'create /secrets tenant',
  `create ${SETS} tenant`,
  `delete ${SETS} tenant/a`,
  'list /configmaps',
  'watch /configmaps tenant',
  'deletecollection /configmaps tenant',
  'create /serviceaccounts tenant',
  'create /serviceaccounts/token tenant/a',
  'impersonate /users',
  'impersonate /groups',
  'get /pods tenant/a',
  'create /pods tenant',
  'create /pods/exec tenant/a',
  'create /namespaces',
  'patch /namespaces /tenant',
  'list /namespaces',
  'get coordination.k8s.io/leases tenant/a',
  `delete coordination.k8s.io/leases ${OWN}/a`,
  'create apps/deployments tenant',
  `update apps/deployments ${OWN}/generatorset-controller`,
  'create rbac.authorization.k8s.io/clusterrolebindings',
  'bind rbac.authorization.k8s.io/clusterroles',
  'escalate rbac.authorization.k8s.io/clusterroles',
  'patch apiextensions.k8s.io/customresourcedefinitions',
  'create admissionregistration.k8s.io/validatingwebhookconfigurations',
  '* */*',
];

describe('the rights of an installed controller', function () {
  this.timeout(120_000);
  const server = useKubeApiserver();

  before(async () => {
    const schemas = Object.fromEntries(generators.map(({ name, schema }) => [name, schema]));
    const settings = { namespace: OWN, version: '0.0.0', generators: schemas };
    for (const manifest of installManifests(settings)) {
      if (manifest['kind'] === 'CustomResourceDefinition') await establishCrd(server(), toObject(manifest));
      else await applyObject(server(), toObject(manifest));
    }
    await applyObject(server(), { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'tenant' } });
  });

  async function isAllowed(line: string): Promise<boolean> {
    const spec = { resourceAttributes: attributes(line) };
    const body = { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec };
    const answer = await server().request<{ status: { allowed: boolean } }>('POST', REVIEWS, body, {
      token: server().tokens.controller,
    });
    return answer.body.status.allowed;
  }

  for (const line of ALLOWED) it(`include ${line}`, async () => assert.equal(await isAllowed(line), true));
  for (const line of DENIED) it(`lack ${line}`, async () => assert.equal(await isAllowed(line), false));

  it('end where those of a service account end that it acts as', async () => {
    const reader = { apiGroups: [''], resources: ['secrets'], verbs: ['get'] };
    const { user } = await createServiceAccount(server(), { namespace: 'tenant', name: 'reader' }, [reader]);
    const options = { token: server().tokens.controller, as: { user } };
    const get = (path: string, how: object) =>
      server().request('GET', `/api/v1/namespaces/${path}`, undefined, how);
    // The server learns of rights a moment after they are given.
    await waitFor('the rights of the account', async () => {
      return (await get('tenant/secrets/none', options)).status === 404;
    });
    assert.equal((await get(`${OWN}/secrets/none`, options)).status, 403);
    assert.equal((await get('tenant/configmaps/none', options)).status, 403);
    assert.equal((await get('tenant/secrets/none', { token: options.token })).status, 403);
    const admin = { token: options.token, as: { user: 'admin', groups: ['system:masters'] } };
    assert.equal((await get('tenant/secrets/none', admin)).status, 403);
  });

  it('come to people by the roles that they have in a namespace', async () => {
    const { body } = await server().request<{ items: KubeObject[] }>(
      'GET',
      `${ROLES}?labelSelector=${PART_OF}`,
    );
    const aggregated = body.items.map(({ metadata: { name, labels } }) => [
      name,
      Object.keys(labels ?? {})
        .filter((label) => label.includes('aggregate-to-'))
        .map((label) => label.split('aggregate-to-')[1])
        .toSorted(),
    ]);
    assert.deepEqual(Object.fromEntries(aggregated), {
      'generatorset-controller': [],
      'generatorset-edit': ['admin', 'edit'],
      'generatorset-view': ['admin', 'edit', 'view'],
    });
    const writers = body.items.filter(({ metadata }) => metadata.name !== 'generatorset-controller');
    assert.ok(!JSON.stringify(writers).includes('/status'), "the status is the controller's");
  });
});

const REVIEWS = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
const ROLES = '/apis/rbac.authorization.k8s.io/v1/clusterroles';
const PART_OF = 'app.kubernetes.io/part-of%3Dgeneratorset';

function toObject(manifest: JsonObject): KubeObject {
  return manifest as unknown as KubeObject;
}
