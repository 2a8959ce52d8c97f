import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject, JsonValue } from '../../src/lib/json.ts';
import { ROOT } from '../harness/run-program.ts';

/** The rendered objects, as far as the cases below change them. */
interface Rendered {
  readonly 'Deployment generatorset-controller': { spec: { replicas: number; template: PodTemplate } };
  readonly 'NetworkPolicy generatorset-controller': { spec: JsonObject & { policyTypes: string[] } };
  readonly 'ServiceAccount generatorset-controller': { metadata: { name: string; annotations?: JsonObject } };
  [key: string]: unknown;
}

interface PodTemplate {
  metadata: { labels: JsonObject; annotations?: JsonObject };
  spec: { [field: string]: JsonValue } & { containers: [Container]; volumes: JsonObject[] };
}

interface Container {
  image: string;
  imagePullPolicy: string;
  args: string[];
  env: JsonObject[];
  resources?: JsonValue;
  volumeMounts: JsonObject[];
}

/** Values, and what they change in what the chart gives without any. */
interface ChartCase {
  readonly values: JsonObject;
  changes(objects: Rendered): void;
}

const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;
const IMAGE = 'ghcr.io/generatorset/generatorset';
const ROLES = 'ClusterRole ClusterRoleBinding Role RoleBinding'
  .split(' ')
  .map((kind) => `${kind} generatorset-controller`);
const BINDINGS = ROLES.filter((key) => key.includes('Binding'));
/** The key of the definition of the kind. */
export const CRD = 'CustomResourceDefinition generatorsets.generatorset.dev';

function template(objects: Rendered): PodTemplate {
  return objects['Deployment generatorset-controller'].spec.template;
}

function container(objects: Rendered): Container {
  return template(objects).spec.containers[0];
}

/** A case of an argument of the controller. */
function argument(controller: JsonObject, ...args: string[]): ChartCase {
  return { values: { controller }, changes: (objects) => void container(objects).args.push(...args) };
}

/** A case of a field of the pod that has the value as it is. */
function podField(field: string, value: JsonValue, key = field): ChartCase {
  return {
    values: { [key]: value },
    changes: (objects) => {
      template(objects).spec[field] = value;
    },
  };
}

function imageCase(image: JsonObject, expected: string): ChartCase {
  return {
    values: { image },
    changes: (objects) => {
      container(objects).image = expected;
    },
  };
}

function subjectsOf(objects: Rendered, key: string): JsonObject[] {
  return (objects[key] as { subjects: JsonObject[] }).subjects;
}

function renameAccount(objects: Rendered, name: string): void {
  const account = objects['ServiceAccount generatorset-controller'];
  delete (objects as JsonObject)['ServiceAccount generatorset-controller'];
  account.metadata.name = name;
  objects[`ServiceAccount ${name}`] = account;
  template(objects).spec['serviceAccountName'] = name;
  for (const key of BINDINGS) subjectsOf(objects, key)[0]!['name'] = name;
}

/** One for every value of the chart. */
export const CHART_CASES: readonly ChartCase[] = [
  imageCase({ repository: 'localhost:5000/it' }, `localhost:5000/it:v${version}`),
  imageCase({ tag: 'v9.9.9-rc.1' }, `${IMAGE}:v9.9.9-rc.1`),
  imageCase({ digest: DIGEST }, `${IMAGE}@${DIGEST}`),
  imageCase({ tag: 'v1', digest: DIGEST }, `${IMAGE}:v1@${DIGEST}`),
  {
    values: { image: { pullPolicy: 'Always' } },
    changes: (objects) => {
      container(objects).imagePullPolicy = 'Always';
    },
  },
  {
    values: { image: { pullSecrets: [{ name: 'one' }, { name: 'two' }] } },
    changes: (objects) => {
      template(objects).spec['imagePullSecrets'] = [{ name: 'one' }, { name: 'two' }];
    },
  },
  {
    values: { replicas: 0 },
    changes: (objects) => {
      objects['Deployment generatorset-controller'].spec.replicas = 0;
    },
  },
  {
    values: { clusterAdmin: true },
    changes: (objects) => {
      container(objects).args = ['controller', '--enable-leader-election'];
      const { metadata, ...binding } = structuredClone(
        objects['ClusterRoleBinding generatorset-controller'],
      ) as {
        metadata: JsonObject;
      };
      objects['ClusterRoleBinding generatorset-cluster-admin'] = {
        ...binding,
        metadata: { ...metadata, name: 'generatorset-cluster-admin' },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
      };
    },
  },
  argument({ concurrent: 20 }, '--concurrent=20'),
  argument({ logLevel: 'debug' }, '--log-level=debug'),
  argument({ logEncoding: 'console' }, '--log-encoding=console'),
  argument({ eventsAddr: 'http://n.flux-system/' }, '--events-addr=http://n.flux-system/'),
  argument({ watchAllNamespaces: false }, '--watch-all-namespaces=false'),
  argument(
    { watchLabelSelector: 'shard in (a, "b"), !c: d' },
    '--watch-label-selector=shard in (a, "b"), !c: d',
  ),
  argument({ noCrossNamespaceRefs: false }, '--no-cross-namespace-refs=false'),
  argument(
    { extraArgs: ['--max-retry-delay=1h', '--min-retry-delay={{ x }}'] },
    '--max-retry-delay=1h',
    '--min-retry-delay={{ x }}',
  ),
  {
    values: { controller: { defaultServiceAccount: 'tenant' } },
    changes: (objects) => {
      container(objects).args[2] = '--default-service-account=tenant';
    },
  },
  {
    values: { controller: { defaultServiceAccount: '' } },
    changes: (objects) => void container(objects).args.splice(2, 1),
  },
  {
    values: { controller: { heapMiB: 1536 } },
    changes: (objects) => {
      container(objects).env[2] = { name: 'NODE_OPTIONS', value: '--max-old-space-size=1536' };
    },
  },
  { values: { crds: { install: false } }, changes: (objects) => void delete objects[CRD] },
  {
    values: { crds: { keep: false } },
    changes: (objects) => void delete (objects[CRD] as { metadata: JsonObject }).metadata['annotations'],
  },
  {
    values: { rbac: { create: false } },
    changes: (objects) => {
      for (const key of [...ROLES, 'ClusterRole generatorset-view', 'ClusterRole generatorset-edit'])
        delete objects[key];
    },
  },
  {
    values: { serviceAccount: { create: false } },
    changes: (objects) => void delete (objects as JsonObject)['ServiceAccount generatorset-controller'],
  },
  {
    values: { serviceAccount: { name: '0815' } },
    changes: (objects) => renameAccount(objects, '0815'),
  },
  {
    values: { serviceAccount: { name: 'mine' } },
    changes: (objects) => renameAccount(objects, 'mine'),
  },
  {
    values: { serviceAccount: { annotations: { 'iam.example.com/role': 'x: y' } } },
    changes: (objects) => {
      objects['ServiceAccount generatorset-controller'].metadata.annotations = {
        'iam.example.com/role': 'x: y',
      };
    },
  },
  {
    values: { serviceAccount: { automount: false } },
    changes: (objects) => {
      template(objects).spec['automountServiceAccountToken'] = false;
    },
  },
  {
    values: { networkPolicy: { create: false } },
    changes: (objects) => void delete (objects as JsonObject)['NetworkPolicy generatorset-controller'],
  },
  {
    values: { networkPolicy: { egress: [{ ports: [{ port: 443, protocol: 'TCP' }] }] } },
    changes: (objects) => {
      const { spec } = objects['NetworkPolicy generatorset-controller'];
      spec.policyTypes.push('Egress');
      spec['egress'] = [{ ports: [{ port: 443, protocol: 'TCP' }] }];
    },
  },
  {
    values: { resources: { limits: { cpu: null, memory: '2Gi' } } },
    changes: (objects) => {
      container(objects).resources = {
        requests: { cpu: '100m', memory: '128Mi' },
        limits: { memory: '2Gi' },
      };
    },
  },
  {
    values: { cache: { sizeLimit: '100Gi' } },
    changes: (objects) => {
      template(objects).spec.volumes[0] = { name: 'cache', emptyDir: { sizeLimit: '100Gi' } };
    },
  },
  {
    values: { cache: { existingClaim: '0x1' } },
    changes: (objects) => {
      template(objects).spec.volumes[0] = { name: 'cache', persistentVolumeClaim: { claimName: '0x1' } };
    },
  },
  {
    values: { tmp: { sizeLimit: '2Gi' } },
    changes: (objects) => {
      template(objects).spec.volumes[1] = { name: 'tmp', emptyDir: { sizeLimit: '2Gi' } };
    },
  },
  {
    values: { podAnnotations: { 'prometheus.io/scrape': null, 'prometheus.io/port': null } },
    changes: (objects) => void delete template(objects).metadata.annotations,
  },
  {
    values: { podLabels: { team: 'platform', number: '1' } },
    changes: (objects) =>
      void Object.assign(template(objects).metadata.labels, { team: 'platform', number: '1' }),
  },
  {
    // What finds the pods stays.
    values: { podLabels: { 'app.kubernetes.io/component': 'other', team: 'platform' } },
    changes: (objects) => {
      template(objects).metadata.labels['team'] = 'platform';
    },
  },
  podField('priorityClassName', 'high'),
  podField('priorityClassName', '1e3'),
  {
    // What may be empty may be null.
    values: {
      image: { tag: null, digest: null, pullSecrets: null },
      controller: { eventsAddr: null, watchLabelSelector: null, extraArgs: null },
      serviceAccount: { name: null, annotations: null },
      networkPolicy: { egress: null },
      cache: { existingClaim: null },
      ...{ resources: null, priorityClassName: null, podLabels: null, tolerations: null, affinity: null },
      ...{ topologySpreadConstraints: null, extraEnv: null, extraVolumes: null, extraVolumeMounts: null },
    },
    changes: (objects) => void delete container(objects).resources,
  },
  {
    values: { nodeSelector: { pool: 'tools' } },
    changes: (objects) => {
      template(objects).spec['nodeSelector'] = { 'kubernetes.io/os': 'linux', pool: 'tools' };
    },
  },
  podField('tolerations', [{ key: 'a', operator: 'Exists' }]),
  podField('affinity', { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [] } }),
  podField('topologySpreadConstraints', [
    { maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'ScheduleAnyway' },
  ]),
  {
    values: { extraEnv: [{ name: 'NODE_EXTRA_CA_CERTS', value: '/ca/ca.crt' }] },
    changes: (objects) =>
      void container(objects).env.push({ name: 'NODE_EXTRA_CA_CERTS', value: '/ca/ca.crt' }),
  },
  {
    values: { extraVolumes: [{ name: 'ca', configMap: { name: 'ca' } }] },
    changes: (objects) => void template(objects).spec.volumes.push({ name: 'ca', configMap: { name: 'ca' } }),
  },
  {
    values: { extraVolumeMounts: [{ name: 'ca', mountPath: '/ca' }] },
    changes: (objects) => void container(objects).volumeMounts.push({ name: 'ca', mountPath: '/ca' }),
  },
];

/** Values that the schema keeps out, with what Helm says of them. */
export const REFUSED_VALUES: readonly { readonly values: JsonObject; readonly message: RegExp }[] = [
  { values: { replica: 2 }, message: /additional properties 'replica' not allowed/i },
  { values: { controller: { loglevel: 'debug' } }, message: /additional properties 'loglevel' not allowed/i },
  { values: { replicas: '2' }, message: /replicas.*got string, want integer/s },
  { values: { replicas: -1 }, message: /replicas.*minimum/s },
  { values: { image: { pullPolicy: 'always' } }, message: /pullPolicy.*must be one of/s },
  { values: { image: { digest: 'sha256:abc' } }, message: /digest.*does not match pattern/s },
  { values: { image: { tag: 'a b' } }, message: /tag.*does not match pattern/s },
  { values: { image: { repository: 'x y' } }, message: /repository.*does not match pattern/s },
  { values: { image: { pullSecrets: ['registry'] } }, message: /pullSecrets.*got string, want object/s },
  { values: { image: { pullSecrets: [{ key: 'x' }] } }, message: /missing property 'name'/ },
  { values: { clusterAdmin: 'yes' }, message: /clusterAdmin.*got string, want boolean/s },
  { values: { controller: { concurrent: 0 } }, message: /concurrent.*minimum/s },
  { values: { controller: { logLevel: 'trace' } }, message: /logLevel.*must be one of/s },
  {
    values: { controller: { defaultServiceAccount: 'No Name' } },
    message: /defaultServiceAccount.*pattern/s,
  },
  { values: { controller: { eventsAddr: 'http://a b' } }, message: /eventsAddr.*pattern/s },
  { values: { controller: { watchLabelSelector: 'a\nb' } }, message: /watchLabelSelector.*pattern/s },
  { values: { controller: { extraArgs: ['verbose'] } }, message: /extraArgs.*pattern/s },
  { values: { controller: { heapMiB: 1 } }, message: /heapMiB.*minimum/s },
  { values: { cache: { sizeLimit: 'ten' } }, message: /sizeLimit.*pattern/s },
  { values: { podLabels: { number: 1 } }, message: /podLabels.*got number, want string/s },
  { values: { extraEnv: [{ value: 'x' }] }, message: /missing property 'name'/ },
  // Without its value a flag would be off, whatever is safe.
  {
    values: { controller: { noCrossNamespaceRefs: null } },
    message: /missing property 'noCrossNamespaceRefs'/,
  },
  { values: { controller: { concurrent: null } }, message: /missing property 'concurrent'/ },
  { values: { controller: { logLevel: null } }, message: /missing property 'logLevel'/ },
  { values: { controller: null }, message: /missing property 'controller'/ },
  { values: { networkPolicy: { create: null } }, message: /missing property 'create'/ },
  { values: { image: { repository: null } }, message: /missing property 'repository'/ },
  { values: { networkPolicy: { egress: 'all' } }, message: /egress.*got string, want array/s },
];
