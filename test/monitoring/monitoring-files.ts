import { readFile } from 'node:fs/promises';
import { isObject, type JsonValue } from '../../src/lib/json.ts';
import { findSelectors } from '../../src/lib/promql.ts';
import { parseYaml } from '../../src/lib/yaml.ts';
import { ROOT } from '../harness/run-program.ts';

/** The folder of what Prometheus, Grafana and kube-state-metrics load. */
export const MONITORING = `${ROOT}config/monitoring`;
/** The page that explains it. */
export const GUIDE = `${ROOT}docs/guides/monitoring.md`;

/** One alert of the PrometheusRule. */
export interface Alert {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<'summary' | 'description' | 'runbook_url', string>>;
}

/** The rules as Prometheus itself reads them: what stands below `spec`. */
export async function readRules(): Promise<{
  readonly groups: readonly { readonly rules: readonly Alert[] }[];
}> {
  const rule = await readManifest<{ spec: { groups: { rules: Alert[] }[] } }>('prometheus-rule.yaml');
  return rule.spec;
}

/** All alerts, in their order. */
export async function readAlerts(): Promise<Alert[]> {
  return (await readRules()).groups.flatMap(({ rules }) => rules);
}

/** A file of the folder. */
export async function readManifest<T>(name: string): Promise<T> {
  return parseYaml(await readFile(`${MONITORING}/${name}`, 'utf8')) as T;
}

/** The dashboard as Grafana reads it. */
export async function readDashboard(): Promise<JsonValue> {
  return JSON.parse(await readFile(`${MONITORING}/dashboards/generatorset.json`, 'utf8')) as JsonValue;
}

/** The queries of the dashboard's panels and variables, with values for the variables of Grafana. */
export function queriesOf(dashboard: JsonValue): string[] {
  const queries: string[] = [];
  const walk = (value: JsonValue): void => {
    if (Array.isArray(value)) for (const part of value) walk(part);
    if (!isObject(value)) return;
    const { expr, definition } = value;
    if (typeof expr === 'string') queries.push(expr);
    const selector =
      typeof definition === 'string' ? /^label_values\((.*), \w+\)$/.exec(definition)?.[1] : undefined;
    if (selector !== undefined) queries.push(selector);
    for (const part of Object.values(value)) walk(part as JsonValue);
  };
  walk(dashboard);
  return queries.map((query) =>
    query
      .replaceAll('$__rate_interval', '5m')
      .replaceAll('$__range', '1h')
      .replaceAll('$namespace', '.*')
      .replaceAll('$set', '.*'),
  );
}

/** The metrics that a query names. */
export function metricsIn(query: string): string[] {
  return findSelectors(query).map((selector) => {
    const name = /^[a-zA-Z_:][\w:]*/.exec(selector)?.[0];
    if (name === undefined) throw new Error(`${selector} names no metric`);
    return name;
  });
}
