import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkPromql } from '../../src/lib/promql.ts';
import { parseYaml, parseYamlDocuments, stringifyYaml } from '../../src/lib/yaml.ts';
import { findProgram, missingPrograms } from '../components/find-program.ts';
import { runTool } from '../components/run-tool.ts';
import { ROOT } from '../harness/run-program.ts';
import { useTemporaryFolder } from '../harness/temporary-folder.ts';
import { type Alert, GUIDE, MONITORING, readAlerts, readManifest, readRules } from './monitoring-files.ts';

const TESTS = ['alerts.test.yaml', 'alerts-days.test.yaml'];

interface Manifest {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels: Record<string, string>;
  };
  readonly data?: Readonly<Record<string, string>>;
}

/** A file of tests as promtool reads it. */
interface RuleTests {
  readonly tests: readonly {
    readonly alert_rule_test: readonly { alertname: string; exp_alerts: unknown[] }[];
  }[];
}

interface PodMonitor {
  readonly spec: {
    readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
    readonly podMetricsEndpoints: readonly { readonly port: string }[];
  };
}

interface Deployment {
  readonly spec: {
    readonly template: {
      readonly metadata: { readonly labels: Readonly<Record<string, string>> };
      readonly spec: {
        readonly containers: readonly { readonly ports: readonly { readonly name: string }[] }[];
      };
    };
  };
}

describe('the alerts', () => {
  const folder = useTemporaryFolder();
  let alerts: Alert[] = [];
  before(async () => {
    alerts = await readAlerts();
  });

  it('are right to promtool, and fire when they should and only then', async function test() {
    const [missing] = missingPrograms(['promtool']);
    if (missing && process.env['CI'] !== 'true') this.skip();
    await writeFile(
      join(folder.path, 'rules.yaml'),
      stringifyYaml(JSON.parse(JSON.stringify(await readRules()))),
    );
    for (const file of TESTS) await copyFile(`${import.meta.dirname}/${file}`, join(folder.path, file));
    const promtool = findProgram('promtool') ?? 'promtool';
    assert.match(
      runTool(promtool, ['check', 'rules', 'rules.yaml'], { cwd: folder.path }),
      /SUCCESS: 14 rules found/,
    );
    assert.equal(
      runTool(promtool, ['test', 'rules', ...TESTS], { cwd: folder.path }).match(/SUCCESS/g)?.length,
      TESTS.length,
    );
  });

  it('are tested, each when it fires', async () => {
    const texts = await Promise.all(TESTS.map((file) => readFile(`${import.meta.dirname}/${file}`, 'utf8')));
    const tests = texts.flatMap((text) => (parseYaml(text) as unknown as RuleTests).tests);
    const cases = tests.flatMap((test) => test.alert_rule_test);
    for (const { alert } of alerts) {
      const mine = cases.filter(({ alertname }) => alertname === alert);
      assert.ok(
        mine.some(({ exp_alerts }) => exp_alerts.length > 0),
        `${alert} never fires`,
      );
      assert.ok(
        alert === 'GeneratorSetStalled' || mine.some((it) => it.exp_alerts.length === 0),
        `${alert} always fires`,
      );
    }
  });

  it('say what is wrong, how bad it is, and where the guide tells what to do', async () => {
    const headings = new Set(
      Array.from((await readFile(GUIDE, 'utf8')).matchAll(/^#+ (.+)$/gm), ([, heading = '']) =>
        heading
          .toLowerCase()
          .replaceAll(/[^a-z0-9 -]/g, '')
          .replaceAll(' ', '-'),
      ),
    );
    for (const { alert, expr, labels, annotations } of alerts) {
      assert.equal(checkPromql(expr), undefined, alert);
      assert.match(labels['severity'] ?? '', /^(info|warning|critical)$/, alert);
      for (const text of ['summary', 'description'] as const) assert.ok(annotations[text].length > 10, alert);
      const [page, anchor = ''] = annotations.runbook_url.split('#');
      assert.equal(page, 'https://github.com/generatorset/generatorset/blob/main/docs/guides/monitoring.md');
      assert.ok(headings.has(anchor), `${anchor} is no heading of the guide`);
      assert.equal(anchor, alert.toLowerCase());
    }
  });
});

describe('the base of monitoring', () => {
  it('is built by kustomize into what it names, all in one namespace', function test() {
    const kubectl = findProgram('kubectl');
    if (!kubectl) this.skip();
    const built = parseYamlDocuments(execFileSync(kubectl, ['kustomize', MONITORING], { encoding: 'utf8' }));
    const objects = built.map(({ value }) => value as unknown as Manifest);
    assert.deepEqual(
      objects.map(({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`).sort(),
      [
        'ConfigMap flux-system/generatorset-grafana-dashboards',
        'PodMonitor flux-system/generatorset-controller',
        'PrometheusRule flux-system/generatorset',
      ],
    );
    // The selector of flux2-monitoring-example.
    for (const { kind, metadata } of objects)
      assert.equal(metadata.labels['app.kubernetes.io/component'], 'monitoring', kind);
    const dashboards = objects.find(({ kind }) => kind === 'ConfigMap');
    assert.equal(dashboards?.metadata.labels['grafana_dashboard'], '1');
    assert.equal(JSON.parse(dashboards?.data?.['generatorset.json'] ?? '').uid, 'generatorset');
  });

  it('reads the pods that the Deployment makes, at a port that they have', async () => {
    const { spec } = await readManifest<PodMonitor>('pod-monitor.yaml');
    const text = await readFile(`${ROOT}config/manager/deployment.yaml`, 'utf8');
    const { template } = (parseYaml(text) as unknown as Deployment).spec;
    for (const [label, value] of Object.entries(spec.selector.matchLabels))
      assert.equal(template.metadata.labels[label], value);
    const ports = template.spec.containers.flatMap((container) => container.ports.map(({ name }) => name));
    for (const { port } of spec.podMetricsEndpoints) assert.ok(ports.includes(port), port);
  });
});
