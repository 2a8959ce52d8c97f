import { isObject, type JsonObject, type JsonValue } from '../../../src/lib/json.ts';
import { parseYaml } from '../../../src/lib/yaml.ts';
import type { ContentInput } from './content-inputs.ts';

/** Contents of many kinds, with their delimiters as ‹ and ›. */
const KINDS = `
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: ‹ .Element.name ›-hpa, namespace: '‹ .Element.team ›', labels: {app: "‹ .Element.name ›"}}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: ‹ .Element.name ›}
  minReplicas: '‹ .Element.replicas ›'
  maxReplicas: '‹ mul .Element.replicas 2 ›'
  metrics:
  - type: Resource
    resource: {name: cpu, target: {type: Utilization, averageUtilization: '‹ .Element.cpu ›'}}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: "‹ .Element.team ›-‹ .Element.name ›", namespace: flux-system}
spec:
  interval: 5m
  path: ./apps/‹ .Element.team ›/‹ .Element.name ›
  prune: true
  sourceRef: {kind: GitRepository, name: '‹ .GitOpsSet.Name ›'}
  postBuild: {substitute: {name: ‹ .Element.name ›, replicas: '‹ .Element.replicas | quote ›'}}
  patches:
  - target: {kind: Deployment, name: ‹ .Element.name ›}
    patch: |
      - op: replace
        path: /spec/replicas
        value: ‹ .Element.replicas ›
      - op: add
        path: /metadata/labels
        value: ‹ .Element.labels | toJson ›
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: ‹ .Element.name ›}
spec:
  chart: {spec: {chart: ‹ .Element.name ›, version: '‹ .Element.version ›'}}
  values:
    image: {tag: '‹ .Element.version ›', repository: ghcr.io/‹ .Element.team ›/‹ .Element.name ›}
    labels: '‹ .Element.labels | toYaml | nindent 10 ›'
    ports: '‹ .Element.ports | toYaml | nindent 8 ›'
    enabled: '‹ .Element.on ›'
    config: |
      name = "‹ .Element.name ›"
      ‹ range $k, $v := .Element.labels ›‹ $k › = ‹ $v | quote ›
      ‹ end ›
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: ‹ .Element.name ›, labels: '‹ .Element.labels | toYaml | nindent 4 ›'}
spec:
  replicas: '‹ .Element.replicas ›'
  template:
    spec:
      containers:
      - name: ‹ .Element.name ›
        image: "registry.example.com:5000/‹ .Element.team ›/‹ .Element.name ›:v‹ .Element.version ›"
        args: ['--name=‹ .Element.name ›', "--level=‹ if .Element.on ›debug‹ else ›info‹ end ›", '‹ .Element.replicas | quote ›']
        env: '‹ range .Element.ports ›[{name: "PORT_‹ .name | upper ›", value: "‹ .port ›"}]‹ end ›'
        ports: '‹ .Element.ports | toJson ›'
        resources:
          limits: {memory: "‹ .Element.memory ›Mi", cpu: '‹ .Element.cpu ›m'}
---
apiVersion: v1
kind: Service
metadata: {name: ‹ .Element.name ›, annotations: {description: "Service of ‹ .Element.name ›, for ‹ .Element.team ›"}}
spec:
  selector: {app: ‹ .Element.name ›}
  ports:
  - {name: http, port: '‹ (index .Element.ports 0).port ›', targetPort: http}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: ‹ .Element.name ›
  annotations: {nginx.ingress.kubernetes.io/rewrite-target: /$2, owner: '‹ .Element.team | quote ›'}
spec:
  rules:
  - host: ‹ .Element.name ›.‹ .Element.team ›.example.com
    http: {paths: [{path: '/‹ .Element.name ›(/|$)(.*)', pathType: Prefix}]}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: ‹ .Element.name ›}
data:
  app.properties: |
    name=‹ .Element.name ›
    teams=‹ join "," .Element.teams ›
  "‹ .Element.name ›.json": '‹ .Element.labels | toJson ›'
  script.sh: |-
    #!/bin/sh
    echo "‹ .Element.name ›" # 'it'
    ‹- if .Element.on ›
    exit 0
    ‹- end ›
  yaml: |
    ports:
    ‹- .Element.ports | toYaml | nindent 4 ›
    teams:
    ‹- .Element.teams | toYaml | nindent 6 ›
    json: ‹ .Element.teams | toJson ›
---
apiVersion: v1
kind: Secret
metadata: {name: ‹ .Element.name ›-secret}
stringData: {user: '‹ .Element.name ›', level: "‹ .Element.replicas ›", flag: '‹ .Element.on | quote ›', encoded: ‹ .Element.name | b64enc ›}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: ‹ .Element.team ›, namespace: ‹ .Element.team ›}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
subjects:
- {kind: User, name: '‹ .Element.team ›@example.com', apiGroup: rbac.authorization.k8s.io}
- {kind: Group, name: "oidc:‹ .Element.team ›"}
---
apiVersion: batch/v1
kind: CronJob
metadata: {name: ‹ .Element.name ›}
spec:
  schedule: "‹ mod .Element.replicas 60 › * * * *"
  suspend: '‹ not .Element.on ›'
  jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: c, command: [sh, -c, "echo ‹ .Element.name › && date"]}]}}}}
---
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata: {name: ‹ .Element.name ›}
spec:
  groups:
  - name: ‹ .Element.name ›
    rules:
    - alert: High
      expr: sum(rate(http_requests_total{app="‹ .Element.name ›",code=~"5.."}[5m])) > ‹ .Element.cpu ›
      for: 5m
      annotations: {summary: '‹ .Element.name ›: too many errors (> ‹ .Element.cpu ›%)'}
---
apiVersion: v1
kind: ResourceQuota
metadata: {name: quota, namespace: ‹ .Element.team ›}
spec: {hard: {pods: '‹ .Element.replicas ›', limits.memory: "‹ .Element.memory ›Mi", requests.cpu: ‹ .Element.cpu ›m}}
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: ‹ .Element.name ›}
spec: {interval: 1m, url: 'https://git.example.com/‹ .Element.team ›/‹ .Element.name ›.git', ref: {tag: '‹ .Element.version ›'}, ignore: "/*\\n!/‹ .Element.name ›\\n"}
---
apiVersion: v1
kind: Namespace
metadata: {name: ‹ .Element.team ›, labels: {team: ‹ .Element.team ›, size: "‹ if gt .Element.replicas 3.0 ›large‹ else ›small‹ end ›"}}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: ‹ .Element.name ›}
spec: {minAvailable: ‹ .Element.cpu ›%, selector: {matchLabels: '‹ .Element.labels | toJson ›'}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: ‹ .Element.name ›}
spec:
  podSelector: {}
  ingress: [{from: [{ipBlock: {cidr: 10.‹ .Element.replicas ›.0.0/16}}], ports: '‹ .Element.ports | toJson ›'}]
---
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata: {name: ‹ .Element.name ›, annotations: {note: '‹ .Element.version | squote ›'}}
spec:
  triggers:
  - type: prometheus
    metadata: {threshold: "‹ .Element.replicas ›", query: 'max(queue{name="‹ .Element.name ›"})'}
  advanced: {restoreToOriginalReplicaCount: "‹ if .Element.on ›true‹ else ›false‹ end ›"}
---
apiVersion: example.com/v1
kind: Report
metadata: {name: "‹ .Element.name ›"}
spec:
  quoted: '‹ if .Element.on ›‹ .Element.version | quote ›‹ else ›‹ .Element.replicas | quote ›‹ end ›'
  single: '‹ with .Element.version ›‹ . | squote ›‹ end ›'
  list: '‹ range .Element.teams ›‹ . › ‹ end ›'
  first: '‹ first .Element.teams ›'
  text: ‹ .Element.long ›
  block: |
    ‹ .Element.long ›
    ‹ range $i, $t := .Element.teams ›
    - ‹ $i ›: ‹ $t ›
    ‹- end ›
`;

const ELEMENTS: readonly JsonObject[] = [
  {
    name: 'podinfo',
    team: 'alpha',
    replicas: 5,
    cpu: 80,
    memory: 256,
    on: true,
    version: '1.10',
    labels: { app: 'podinfo', tier: 'backend', 'example.com/size': '10' },
    ports: [{ name: 'http', port: 8080 }],
    teams: ['alpha', 'beta'],
    long: 'a description of more than eighty characters, as people write them, with commas and some (parentheses)',
  },
  {
    name: 'web-2',
    team: 'team-b',
    replicas: 2,
    cpu: 62.5,
    memory: 1048576,
    on: false,
    version: 'v2.0.1-rc.1',
    labels: { yes: 'no', a: '1e3' },
    ports: [{ name: 'grpc', port: 9000 }],
    teams: ['solo'],
    long: 'short',
  },
  {
    name: 'x',
    team: 'y1',
    replicas: 0,
    cpu: 1,
    memory: 64,
    on: true,
    version: '2001-01-01',
    labels: { empty: '' },
    ports: [{ name: 'p', port: 1, list: ['a', { b: null }] }],
    teams: ['1', 'true'],
    long: 'x'.repeat(100),
  },
];

/** Each kind with each element, under Go's delimiters and under `${{ }}`. */
export function kubernetesInputs(): ContentInput[] {
  const kinds = KINDS.split('\n---\n').map((kind) => parseYaml(kind));
  return kinds.flatMap((kind) =>
    ELEMENTS.flatMap((element): ContentInput[] => [
      ...(needsPlain(kind) ? [] : [{ content: delimit(kind, ['{{', '}}']) as JsonObject, element }]),
      { content: delimit(kind, ['${{', '}}']) as JsonObject, element, delimiters: ['${{', '}}'] },
    ]),
  );
}

/** Whether a leaf gives several lines or single quotes, which GitOpsSets can't write where it quotes the leaf. */
function needsPlain(value: JsonValue): boolean {
  if (typeof value === 'string') return /^‹.*(?:nindent|squote)/.test(value);
  return typeof value === 'object' && value !== null && Object.values(value).some(needsPlain);
}

/** The delimiters in all strings and keys. */
function delimit(value: JsonValue, [left, right]: [string, string]): JsonValue {
  if (typeof value === 'string') return value.replaceAll('‹', left).replaceAll('›', right);
  if (Array.isArray(value)) return value.map((item) => delimit(item, [left, right]));
  if (!isObject(value)) return value;
  const entries = Object.entries(value);
  return Object.fromEntries(
    entries.map(([key, item]) => [delimit(key, [left, right]), delimit(item, [left, right])]),
  );
}
