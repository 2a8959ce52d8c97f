import assert from 'node:assert/strict';
import type { ClusterSet } from '../harness/cluster-sets.ts';
import { startController, type TestController } from '../harness/controller.ts';
import { startHttpServer, type TestServer } from '../harness/http-server.ts';
import { applyObject, establishCrd, grantRole } from './cluster-objects.ts';
import { GIT_REPOSITORY_CRD } from './flux-crds.ts';
import { useKubeApiserver } from './kube-apiserver.ts';
import type { KubeObject } from './kube-request.ts';
import type { Targets } from './tenancy-attack.ts';
import { ATTACKS, NO_ACCOUNTS } from './tenancy-attacks.ts';
import {
  installController,
  makeTenant,
  TENANCY_FLAGS,
  type Tenant,
  trespasses,
  type Verdict,
  waitForVerdict,
} from './tenancy-world.ts';

/** With the rights that it is installed with, and with all: what a tenant can do must be the same. */
const IDENTITIES = ['its own rights', 'every right'] as const;

describe('a tenant', function () {
  this.timeout(120_000);
  const server = useKubeApiserver();
  /** Whom sets may act as; those of the first controller are still there when the second begins. */
  const accounts = new Set<string>();
  before(async () => {
    await installController(server());
    await establishCrd(server(), GIT_REPOSITORY_CRD);
  });

  async function startAs(identity: (typeof IDENTITIES)[number]) {
    const { tokens, kubeconfig } = server();
    if (identity === 'every right')
      return { kubeconfig, flags: [...TENANCY_FLAGS, '--no-cross-namespace-refs=false'] };
    return { kubeconfig: await server().kubeconfigFor(tokens.controller), flags: TENANCY_FLAGS };
  }

  /** Somebody with a Secret, a ConfigMap, and an account `admin` that may do anything. */
  async function makeVictim(): Promise<Tenant> {
    const victim = await makeTenant(server(), 'victim');
    const { namespace } = victim;
    await applyObject(server(), secret(namespace));
    await applyObject(server(), configMap(namespace, 'treasure'));
    const metadata = { name: 'admin', namespace };
    await applyObject(server(), { apiVersion: 'v1', kind: 'ServiceAccount', metadata });
    const admin = { user: `system:serviceaccount:${namespace}:admin`, name: `admin-of-${namespace}` };
    await grantRole(server(), admin, [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }]);
    return victim;
  }

  for (const identity of IDENTITIES) {
    describe(`of a controller that has ${identity}`, () => {
      let controller: TestController;
      let canary: TestServer;
      let heard = 0;
      let targets: Targets;
      let mark: number;
      let untouched: string;
      const verdicts = new Map<string, Promise<Verdict>>();

      before(async () => {
        canary = await startHttpServer((_, response) => {
          heard++;
          response.end('{}');
        });
        controller = await startController(server(), await startAs(identity));
        const [mallory, victim] = [await makeTenant(server(), 'mallory'), await makeVictim()];
        await applyObject(server(), secret(mallory.namespace));
        for (const name of ['default', 'deployer', 'nobody', 'admin', 'generatorset-controller'])
          accounts.add(`system:serviceaccount:${mallory.namespace}:${name}`);
        const own = [controller.metrics, controller.health];
        targets = { mallory, victim, canary: canary.origin, server: server().url, own };
        untouched = await snapshot();
        mark = await server().markAudit();
        // All at once: each is a set of its own.
        for (const [index, attack] of ATTACKS.entries()) {
          const set = hostileSet(mallory, `attack-${index}`, attack.spec(targets));
          const { status, body } = await mallory.apply(set);
          assert.equal(status, 201, `${attack.what}: ${JSON.stringify(body)}`);
          verdicts.set(attack.what, waitForVerdict(server(), set));
          verdicts.get(attack.what)?.catch(() => {});
        }
      });
      after(() => Promise.all([controller?.stop('SIGKILL'), canary?.close()]));

      /** Everything outside the tenant's namespace that must stay as it is. */
      async function snapshot(): Promise<string> {
        const paths = [
          '/api/v1/configmaps',
          '/api/v1/secrets',
          '/api/v1/namespaces',
          '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings',
          '/apis/rbac.authorization.k8s.io/v1/rolebindings',
          '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
          '/apis/generatorset.dev/v1alpha1/generatorsets',
        ];
        const lists = await Promise.all(
          paths.map((path) => server().request<{ items: KubeObject[] }>('GET', path)),
        );
        return lists
          .flatMap(({ body }) => body.items)
          .filter(({ metadata }) => !metadata.namespace?.startsWith('mallory-'))
          .filter(({ metadata }) => !metadata.name?.endsWith('-checkpoint'))
          .map(({ metadata: { namespace, name, uid, resourceVersion } }) =>
            [namespace, name, uid, resourceVersion].join(' '),
          )
          .sort()
          .join('\n');
      }

      for (const name of NO_ACCOUNTS) {
        it(`cannot name ${JSON.stringify(name.slice(0, 60))} as an account`, async () => {
          const { mallory } = targets;
          const { status } = await mallory.apply(
            hostileSet(mallory, 'no-account', { serviceAccountName: name }),
          );
          assert.equal(status, 422);
        });
      }

      for (const { what, stalled = false, reason, message } of ATTACKS) {
        it(`gets nothing by ${what}`, async () => {
          const verdict = await (verdicts.get(what) as Promise<Verdict>);
          assert.equal(verdict.status, 'False');
          assert.match(verdict.message, message);
          assert.deepEqual([verdict.reason, verdict.stalled], [reason, stalled]);
        });
      }

      it('gets nothing by a dependency in another namespace', async () => {
        const { mallory, victim } = targets;
        const dependsOn = [
          { apiVersion: 'v1', kind: 'ConfigMap', name: 'treasure', namespace: victim.namespace },
        ];
        const set = hostileSet(mallory, 'dependency', { dependsOn });
        await mallory.apply(set);
        const { status, reason, stalled, message } = await waitForVerdict(server(), set);
        assert.deepEqual([status, reason], ['False', 'AccessDenied']);
        // With --no-cross-namespace-refs=false it is the account's rights that count.
        assert.equal(stalled, identity === 'its own rights');
        assert.match(
          message,
          stalled ? /is in another namespace than the set/ : /deployer may not get configmaps/,
        );
      });

      it('has changed nothing outside the namespace by all of that', async () => {
        await Promise.allSettled(verdicts.values());
        assert.equal(await snapshot(), untouched);
        assert.equal(heard, 0);
      });

      it('has made the controller act as nobody but accounts of the namespace', async () => {
        assert.deepEqual(trespasses(await server().audit(mark), accounts), []);
      });
    });
  }
});

/** A set that is well, but for what the spec says. */
function hostileSet({ namespace }: Tenant, name: string, spec: object): ClusterSet {
  return {
    apiVersion: 'generatorset.dev/v1alpha1',
    kind: 'GeneratorSet',
    metadata: { name, namespace },
    spec: {
      serviceAccountName: 'deployer',
      generators: [{ list: { elements: [{ name }] } }],
      templates: [{ content: configMap(namespace, name) }],
      ...spec,
    },
  };
}

function configMap(namespace: string, name: string): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data: { of: namespace } };
}

function secret(namespace: string): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'canary', namespace },
    stringData: { Authorization: 'Bearer canary-in-a-secret' },
  };
}
