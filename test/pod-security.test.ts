import assert from 'node:assert/strict';
import { controllerArgs } from '../src/cli/manifests/controller-args.ts';
import { deployment } from '../src/cli/manifests/deployment.ts';
import { isObject, type JsonObject } from '../src/lib/json.ts';
import { mergeDeep } from '../src/lib/merge-deep.ts';
import { findPodViolations, POD_SECURITY_RULES } from './harness/restricted-pod.ts';

const installation = { namespace: 'tools', version: '1.0.0' };
const { spec } = deployment(installation, { image: 'it', args: controllerArgs({}) }) as unknown as {
  spec: { template: { spec: JsonObject } };
};
const pod = spec.template.spec;

/** What breaks each rule, merged into the pod, and into its container. */
const PLANTED: Readonly<Record<string, { pod?: JsonObject; container?: JsonObject }>> = {
  'Host Namespaces': { pod: { hostNetwork: true } },
  'Volume Types': { pod: { volumes: [{ name: 'host', hostPath: { path: '/' } }] } },
  Sysctls: { pod: { securityContext: { sysctls: [{ name: 'kernel.msgmax', value: '1' }] } } },
  'Privileged Containers': { container: { securityContext: { privileged: true } } },
  'Privilege Escalation': { container: { securityContext: { allowPrivilegeEscalation: true } } },
  'Running as Non-root': { container: { securityContext: { runAsNonRoot: false } } },
  'Running as Non-root user': { container: { securityContext: { runAsUser: 0 } } },
  Seccomp: { container: { securityContext: { seccompProfile: { type: 'Unconfined' } } } },
  Capabilities: { container: { securityContext: { capabilities: { add: ['SYS_ADMIN'] } } } },
  'Host Ports': { container: { ports: [{ containerPort: 1, hostPort: 1 }] } },
  'Host Probes': { container: { livenessProbe: { httpGet: { host: '10.0.0.1' } } } },
  '/proc Mount Type': { container: { securityContext: { procMount: 'Unmasked' } } },
  HostProcess: { pod: { securityContext: { windowsOptions: { hostProcess: true } } } },
  SELinux: { container: { securityContext: { seLinuxOptions: { user: 'root' } } } },
  AppArmor: { container: { securityContext: { appArmorProfile: { type: 'Unconfined' } } } },
};

describe("the controller's pod", () => {
  it('passes the restricted pod security standard', () => assert.deepEqual(findPodViolations(pod), []));

  it('writes to its two volumes only, and is bounded in memory', () => {
    const [container] = pod['containers'] as [JsonObject];
    assert.ok(
      isObject(container) && isObject(container['securityContext']) && isObject(container['resources']),
    );
    assert.equal(container['securityContext']['readOnlyRootFilesystem'], true);
    assert.deepEqual(container['resources']['limits'], { cpu: '1', memory: '512Mi' });
    const volumes = pod['volumes'] as { name: string; emptyDir: { sizeLimit: string } }[];
    assert.deepEqual(
      volumes.map(({ name, emptyDir }) => [name, emptyDir.sizeLimit]),
      [
        ['cache', '10Gi'],
        ['tmp', '1Gi'],
      ],
    );
  });
});

describe('findPodViolations', () => {
  it('has a planted violation for every rule', () =>
    assert.deepEqual(Object.keys(PLANTED).toSorted(), POD_SECURITY_RULES.toSorted()));

  for (const [rule, planted] of Object.entries(PLANTED)) {
    it(`finds one of ${rule}`, () => {
      const [container] = pod['containers'] as [JsonObject];
      const containers = [mergeDeep(container, planted.container ?? {})];
      const broken = mergeDeep({ ...pod, containers }, planted.pod ?? {}) as JsonObject;
      assert.deepEqual(findPodViolations(broken), [rule]);
    });
  }
});
