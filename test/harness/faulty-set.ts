import { parse } from 'yaml';
import type { Series } from '../components/prometheus.ts';
import { TOKEN } from './faulty-prometheus.ts';

/** Elements, and resources that templates make of them. */
export const ELEMENTS = 100;
export const RESOURCES = 200;

/** Seconds from which and until when each series has a sample each minute. */
const HISTORY = { before: 3600, after: 2 * 3600 };
const MIB = 1024 * 1024;

/** Names of the Secrets that the set reads. */
export const SECRETS = { token: 'prometheus-token', tls: 'prometheus-tls' } as const;

/** Names of the elements. */
export const APPS = Array.from({ length: ELEMENTS }, (_, index) => `app-${String(index).padStart(3, '0')}`);

/** What Prometheus knows: memory and processors of each app, always the same. */
export function appSeries(): Series[] {
  const now = Math.floor(Date.now() / 1000);
  const series = (name: string, app: string, value: number): Series => ({
    series: `${name}{app="${app}"}`,
    samples: everyMinute(now - HISTORY.before, now + HISTORY.after, value),
  });
  return [
    ...APPS.map((app, index) => series('app_memory_bytes', app, (100 + 7 * index) * MIB)),
    ...APPS.map((app, index) => series('app_cpu_cores', app, 0.2 + index / 10)),
  ];
}

function* everyMinute(from: number, to: number, value: number): Iterable<[number, number]> {
  for (let seconds = from; seconds <= to; seconds += 60) yield [seconds, value];
}

/** The set, which asks at this port, as an object without status. */
export function faultySet(namespace: string, port: number) {
  return parse(`apiVersion: generatorset.dev/v1alpha1
kind: GeneratorSet
metadata: {name: apps, namespace: ${namespace}}
spec:
  elementKey: "{{ .Element.metric.app }}"
  generators:
    - prometheus:
        interval: 24h
        url: https://localhost:${port}
        queries:
          memory: max by (app) (last_over_time(app_memory_bytes[30m]))
          cpu: max by (app) (last_over_time(app_cpu_cores[30m]))
        joinOn: [app]
        maxSampleAge: 15m
        timeout: 2s
        secretRef: {name: ${SECRETS.token}}
        certSecretRef: {name: ${SECRETS.tls}}
  tune:
    - {name: limit, from: "{{ .Element.memory }}", margin: 20%, roundUp: 16Mi, min: 64Mi, minChange: 10%, maxDecrease: 20%, cooldown: 24h}
    - {name: replicas, from: "{{ .Element.cpu }}", unit: integer, min: 1, max: 50, minChange: 10%}
  templates:
    - content:
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: "{{ .Element.metric.app }}"}
        data: {limit: "{{ .Element.limit }}"}
    - text: |
        apiVersion: autoscaling/v1
        kind: HorizontalPodAutoscaler
        metadata:
          name: {{ .Element.metric.app }}
        spec:
          maxReplicas: {{ .Element.replicas }}
          scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: {{ .Element.metric.app }}}
`);
}

/** What the Secrets of the set hold. */
export function secretData(ca: string): Readonly<Record<string, Readonly<Record<string, string>>>> {
  return { [SECRETS.token]: { token: TOKEN }, [SECRETS.tls]: { 'ca.crt': ca } };
}
