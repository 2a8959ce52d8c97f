import type { JsonObject } from '../../lib/json.ts';
import { CONTROLLER, type Installation, installLabels, selectorLabels } from './labels.ts';
import { HEALTH_PORT, METRICS_PORT } from './ports.ts';

/** Where releases are published. */
export const REGISTRY = 'ghcr.io/generatorset';
/** The user that the image is made for. */
const USER = 65532;
/** Holds the folder `generatorset` with Git repositories and compiled code. */
const CACHE = '/var/cache';

/** What differs between installations. */
export interface DeploymentSettings {
  readonly image: string;
  readonly args: readonly string[];
  /** Name of a Secret with the image registry's credentials. */
  readonly imagePullSecret?: string;
  /** Keys of taints on whose nodes the controller may run. */
  readonly tolerationKeys?: readonly string[];
}

/** The image of this version, where the tag is the version. */
export function defaultImage(version: string, registry = REGISTRY): string {
  return `${registry}/generatorset:v${version}`;
}

/** The controller as a Deployment that passes the restricted pod security standard. */
export function deployment(installation: Installation, settings: DeploymentSettings): JsonObject {
  const labels = installLabels(installation, 'controller');
  const { namespace } = installation;
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: CONTROLLER, namespace, labels },
    spec: {
      replicas: 1,
      // The next controller fills its caches while the last one works, and takes over when that gives the lease back.
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      selector: { matchLabels: selectorLabels() },
      template: {
        metadata: {
          labels,
          annotations: { 'prometheus.io/port': String(METRICS_PORT), 'prometheus.io/scrape': 'true' },
        },
        spec: podSpec(settings),
      },
    },
  };
}

function podSpec({ image, args, imagePullSecret, tolerationKeys = [] }: DeploymentSettings): JsonObject {
  const tolerations = tolerationKeys.map((key) => ({ key, operator: 'Exists' }));
  return {
    ...(imagePullSecret !== undefined && { imagePullSecrets: [{ name: imagePullSecret }] }),
    ...(tolerations.length > 0 && { tolerations }),
    serviceAccountName: CONTROLLER,
    // The work in hand is finished and the lease given back.
    terminationGracePeriodSeconds: 60,
    nodeSelector: { 'kubernetes.io/os': 'linux' },
    securityContext: { fsGroup: USER, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [container(image, args)],
    volumes: [
      { name: 'cache', emptyDir: { sizeLimit: '10Gi' } },
      { name: 'tmp', emptyDir: { sizeLimit: '1Gi' } },
    ],
  };
}

function container(image: string, args: readonly string[]): JsonObject {
  return {
    name: 'controller',
    image,
    imagePullPolicy: 'IfNotPresent',
    args: [...args],
    env: [
      { name: 'RUNTIME_NAMESPACE', valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } } },
      { name: 'XDG_CACHE_HOME', value: CACHE },
      // Below the limit, so that garbage is collected before the kernel ends the process.
      { name: 'NODE_OPTIONS', value: '--max-old-space-size=384' },
    ],
    ports: [
      { name: 'http-prom', containerPort: METRICS_PORT, protocol: 'TCP' },
      { name: 'healthz', containerPort: HEALTH_PORT, protocol: 'TCP' },
    ],
    livenessProbe: { httpGet: { path: '/healthz', port: 'healthz' }, periodSeconds: 10, timeoutSeconds: 5 },
    readinessProbe: { httpGet: { path: '/readyz', port: 'healthz' }, periodSeconds: 10, timeoutSeconds: 5 },
    resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { cpu: '1', memory: '512Mi' } },
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      readOnlyRootFilesystem: true,
      runAsGroup: USER,
      runAsNonRoot: true,
      runAsUser: USER,
    },
    volumeMounts: [
      { name: 'cache', mountPath: CACHE },
      { name: 'tmp', mountPath: '/tmp' },
    ],
  };
}
