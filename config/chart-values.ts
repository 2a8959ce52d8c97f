import { deployment, REGISTRY } from '../src/cli/manifests/deployment.ts';
import { isObject, type JsonObject } from '../src/lib/json.ts';
import {
  bytes,
  choice,
  count,
  flag,
  group,
  list,
  name,
  ofKubernetes,
  texts,
  word,
} from './chart-value-types.ts';

/** What is installed without a chart: its values are the chart's defaults. */
const template = pick(
  deployment({ namespace: '', version: '' }, { image: '', args: [] }),
  'spec',
  'template',
);
const container = pick(template, 'spec', 'containers', '0');

/** The values of the chart as a JSON Schema with defaults: the chart's schema, `values.yaml` and table are made of it. */
export const CHART_VALUES: JsonObject = group('Values of the chart generatorset.', {
  image: group('The image of the controller.', {
    repository: word('Where it is.', { pattern: '^[^\\s@]+$', value: `${REGISTRY}/generatorset` }),
    tag: word("Its tag; empty: the chart's appVersion.", { pattern: '^([A-Za-z0-9_][A-Za-z0-9_.-]*)?$' }),
    digest: word('Its digest, which counts more than the tag.', { pattern: '^(sha256:[0-9a-f]{64})?$' }),
    pullPolicy: choice('When a node asks the registry for it.', ['IfNotPresent', 'Always', 'Never']),
    pullSecrets: list(
      "Secrets of the namespace with the registry's credentials, such as `- name: registry`.",
      reference('The name of the Secret.'),
    ),
  }),
  replicas: count('Pods of the controller: one leads, the others stand by.', {
    minimum: 0,
    maximum: 10,
    value: 1,
  }),
  clusterAdmin: flag(
    'Whether sets without a service account may do anything in the cluster; whoever may write a set then may, too.',
    false,
  ),
  controller: group('What the controller is told.', {
    concurrent: count('Sets that are worked on at once.', { minimum: 1, maximum: 1000, value: 10 }),
    logLevel: choice('The least level that is logged.', ['info', 'debug', 'warn', 'error']),
    logEncoding: choice('The form of log lines.', ['json', 'console']),
    eventsAddr: word("Address of Flux's notification-controller; empty: events go to Kubernetes only."),
    watchAllNamespaces: flag('Whether it looks at all namespaces, not only at its own.', true),
    watchLabelSelector: word('Only sets with these labels are looked at; empty: all.', {
      pattern: '^[^\\r\\n]*$',
    }),
    noCrossNamespaceRefs: flag('Whether references to objects of other namespaces are refused.', true),
    defaultServiceAccount: name(
      'Service account, in their own namespace, of sets that name none; without effect with clusterAdmin.',
      'default',
    ),
    heapMiB: count(
      'MiB of memory for objects: at most three quarters of the memory limit, so that garbage is collected in time.',
      { minimum: 64, maximum: 1_048_576, value: 384 },
    ),
    extraArgs: list('Further flags; `generatorset controller --help` lists them.', {
      type: 'string',
      pattern: '^--[a-z]',
      maxLength: 1024,
    }),
  }),
  crds: group('The definition of the kind GeneratorSet.', {
    install: flag('Whether it is installed, and brought to the version of the chart by upgrades.', true),
    keep: flag('Whether it stays, with all sets, when the release is uninstalled.', true),
  }),
  rbac: group('The rights of the controller, and those to see and write sets.', {
    create: flag('Whether roles and bindings are made.', true),
  }),
  serviceAccount: group('The service account of the controller.', {
    create: flag('Whether it is made.', true),
    name: name('Its name; empty: generatorset-controller.'),
    annotations: texts('Its annotations.'),
    automount: flag('Whether its token is mounted, which the controller needs.', true),
  }),
  networkPolicy: group('Who can reach the controller, and whom it can reach.', {
    create: flag('Whether it can be reached for its metrics only.', true),
    egress: list(
      'Rules of a NetworkPolicy: it can reach nothing else; empty: everything.',
      ofKubernetes('A rule.'),
    ),
  }),
  podMonitor: group('The PodMonitor of Prometheus Operator, whose kinds must be there.', {
    create: flag('Whether it is made; podAnnotations need not ask for scraping then.', false),
    labels: texts('Further labels, by which Prometheus finds it.'),
  }),
  prometheusRule: group('The alerts, as a PrometheusRule of Prometheus Operator.', {
    create: flag('Whether it is made.', false),
    labels: texts('Further labels, by which Prometheus finds it.'),
  }),
  dashboard: group('The Grafana dashboard, as a ConfigMap.', {
    create: flag('Whether it is made.', false),
    labels: texts("Further labels, by which Grafana's sidecar finds it.", { grafana_dashboard: '1' }),
  }),
  resources: ofKubernetes('What the container asks for, and its limits.', pick(container, 'resources')),
  cache: group('The volume of Git repositories; losing it costs one fetch of each.', {
    sizeLimit: bytes('The largest size of the volume that lives as long as its pod.', '10Gi'),
    existingClaim: name(
      'A PersistentVolumeClaim to take instead; replicas share it, so it must be ReadWriteMany.',
    ),
  }),
  tmp: group('The volume of what is under way.', { sizeLimit: bytes('Its largest size.', '1Gi') }),
  podAnnotations: texts('Annotations of the pod.', pick(template, 'metadata', 'annotations')),
  podLabels: texts('Further labels of the pod.'),
  priorityClassName: name('Priority class of the pod.'),
  nodeSelector: texts('Labels of the nodes that the pod may run on.', pick(template, 'spec', 'nodeSelector')),
  tolerations: list('Taints that the pod tolerates.', ofKubernetes('A toleration.')),
  affinity: ofKubernetes('Where the pod should and must run.'),
  topologySpreadConstraints: list('How replicas are spread over the cluster.', ofKubernetes('A constraint.')),
  extraEnv: list(
    'Further variables of the container, such as `NODE_EXTRA_CA_CERTS`.',
    reference('Its name.', true),
  ),
  extraVolumes: list('Further volumes of the pod.', reference('Its name.', true)),
  extraVolumeMounts: list('Where these are mounted.', reference('The name of the volume.', true)),
});

/** An object with a name, alone or among fields that Kubernetes knows. */
function reference(description: string, isOpen = false): JsonObject {
  const property = { type: 'string', description, minLength: 1, maxLength: 253 };
  const schema = { type: 'object', required: ['name'], properties: { name: property } };
  return isOpen ? schema : { ...schema, additionalProperties: false };
}

function pick(object: JsonObject, ...path: readonly string[]): JsonObject {
  let value: unknown = object;
  for (const key of path) value = (value as Record<string, unknown>)[key];
  if (!isObject(value as JsonObject)) throw new Error(`the deployment has no ${path.join('.')}`);
  return value as JsonObject;
}
