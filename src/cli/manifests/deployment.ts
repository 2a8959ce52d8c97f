import type { JsonObject } from '../../lib/json.ts';
import { CONTROLLER, type Installation, installLabels } from './labels.ts';

/** Where releases are published; the tag is the version. */
const IMAGE = 'ghcr.io/generatorset/generatorset';
/** The user that the image is made for. */
const USER = 65532;
/** Holds the folder `generatorset` with Git repositories and compiled code. */
const CACHE = '/var/cache';

/** What a controller is started with that acts as itself for sets without a service account. */
export const ADMIN_ARGS: readonly string[] = ['controller', '--enable-leader-election'];
/** And one that never does: such sets have the account `default` of their namespace, which may do nothing. */
export const DEFAULT_ARGS: readonly string[] = [...ADMIN_ARGS, '--default-service-account=default'];

/** The image of this version. */
export function defaultImage(version: string): string {
  return `${IMAGE}:v${version}`;
}

/** The controller as a Deployment that passes the restricted pod security standard. */
export function deployment(installation: Installation, image: string, args = DEFAULT_ARGS): JsonObject {
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
      selector: { matchLabels: selectorLabels(labels) },
      template: {
        metadata: {
          labels,
          annotations: { 'prometheus.io/port': '8080', 'prometheus.io/scrape': 'true' },
        },
        spec: podSpec(image, args),
      },
    },
  };
}

/** A selector never changes, so that it holds neither version nor namespace. */
function selectorLabels(labels: Readonly<Record<string, string>>): JsonObject {
  const keys = ['app.kubernetes.io/name', 'app.kubernetes.io/component'];
  return Object.fromEntries(keys.map((key) => [key, labels[key] as string]));
}

function podSpec(image: string, args: readonly string[]): JsonObject {
  return {
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
      { name: 'http-prom', containerPort: 8080, protocol: 'TCP' },
      { name: 'healthz', containerPort: 9440, protocol: 'TCP' },
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
