import { isObject, type JsonObject, type JsonValue } from '../../src/lib/json.ts';

const VOLUMES = new Set(
  'configMap csi downwardAPI emptyDir ephemeral persistentVolumeClaim projected secret'.split(' '),
);
const SYSCTLS = new Set([
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.ping_group_range',
]);
const SELINUX = new Set([
  undefined,
  '',
  'container_t',
  'container_init_t',
  'container_kvm_t',
  'container_engine_t',
]);

/** A rule about a container, in the light of its pod. */
type Rule = (container: JsonObject, pod: JsonObject) => boolean;

/** What must hold for every container: https://kubernetes.io/docs/concepts/security/pod-security-standards */
const CONTAINER_RULES: Readonly<Record<string, Rule>> = {
  'Privileged Containers': (it) => context(it)['privileged'] !== true,
  'Privilege Escalation': (it) => context(it)['allowPrivilegeEscalation'] === false,
  'Running as Non-root': (it, pod) => (context(it)['runAsNonRoot'] ?? context(pod)['runAsNonRoot']) === true,
  'Running as Non-root user': (it, pod) => ![context(it), context(pod)].some((at) => at['runAsUser'] === 0),
  Seccomp: (it, pod) =>
    ['RuntimeDefault', 'Localhost'].includes(seccompOf(context(it)) ?? seccompOf(context(pod)) ?? ''),
  Capabilities: (it) => {
    const { drop = [], add = [] } = part(context(it), 'capabilities') as Record<string, string[]>;
    return drop.includes('ALL') && add.every((name) => name === 'NET_BIND_SERVICE');
  },
  'Host Ports': (it) => list(it['ports']).every((port) => !port['hostPort']),
  'Host Probes': (it) =>
    ['livenessProbe', 'readinessProbe', 'startupProbe'].every(
      (probe) => part(part(it, probe), 'httpGet')['host'] === undefined,
    ),
  '/proc Mount Type': (it) => [undefined, 'Default'].includes(context(it)['procMount'] as string | undefined),
  HostProcess: (it, pod) =>
    ![context(it), context(pod)].some((at) => part(at, 'windowsOptions')['hostProcess'] === true),
  SELinux: (it, pod) =>
    [context(it), context(pod)].every((at) => isAllowedBySelinux(part(at, 'seLinuxOptions'))),
  AppArmor: (it, pod) =>
    [context(it), context(pod)].every((at) => part(at, 'appArmorProfile')['type'] !== 'Unconfined'),
};

/** And for the pod as a whole. */
const POD_RULES: Readonly<Record<string, (pod: JsonObject) => boolean>> = {
  'Host Namespaces': (pod) => !['hostNetwork', 'hostPID', 'hostIPC'].some((key) => pod[key] === true),
  'Volume Types': (pod) =>
    list(pod['volumes']).every((volume) =>
      Object.keys(volume).every((key) => key === 'name' || VOLUMES.has(key)),
    ),
  Sysctls: (pod) => list(context(pod)['sysctls']).every(({ name }) => SYSCTLS.has(name as string)),
};

/** Names the rules of the restricted pod security standard that a pod's spec breaks. */
export function findPodViolations(pod: JsonObject): string[] {
  const containers = ['containers', 'initContainers', 'ephemeralContainers'].flatMap((key) => list(pod[key]));
  return [
    ...Object.keys(POD_RULES).filter((rule) => !POD_RULES[rule]?.(pod)),
    ...Object.keys(CONTAINER_RULES).filter(
      (rule) => !containers.every((container) => CONTAINER_RULES[rule]?.(container, pod)),
    ),
  ];
}

/** All rules that are looked at. */
export const POD_SECURITY_RULES: readonly string[] = [POD_RULES, CONTAINER_RULES].flatMap(Object.keys);

function isAllowedBySelinux({ type, user, role }: JsonObject): boolean {
  return SELINUX.has(type as string | undefined) && !user && !role;
}

function seccompOf(at: JsonObject): string | undefined {
  return part(at, 'seccompProfile')['type'] as string | undefined;
}

function context(object: JsonObject): JsonObject {
  return part(object, 'securityContext');
}

function part(object: JsonObject, key: string): JsonObject {
  const value = object[key];
  return isObject(value) ? value : {};
}

function list(value: JsonValue | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
