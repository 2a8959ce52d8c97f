import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import type { JsonObject } from '../../src/lib/json.ts';
import { applyObject, waitFor } from '../components/cluster-objects.ts';
import { findProgram } from '../components/find-program.ts';
import { createEventCheck } from '../contract/events/notification-receiver.ts';
import { clusterSet } from '../harness/cluster-sets.ts';
import { startController } from '../harness/controller.ts';
import { type CustomResourceState, evaluateState } from './custom-resource-state.ts';
import { type ExportedMetric, parseExported } from './exported-metrics.ts';
import { SECRET_AMOUNT } from './monitored-sets.ts';
import { useMonitoredWorld } from './monitored-world.ts';
import { GUIDE, metricsIn, queriesOf, readAlerts, readDashboard, readManifest } from './monitoring-files.ts';

/** Of the metrics those that nobody else has. */
const OURS = /^generatorset_/;

/** The rights that kube-state-metrics needs. */
const READER = { apiGroups: ['generatorset.dev'], resources: ['generatorsets'], verbs: ['list', 'watch'] };

interface KubeStateMetricsValues {
  readonly 'kube-state-metrics': {
    readonly rbac: { readonly extraRules: readonly object[] };
    readonly customResourceState: {
      readonly config: { readonly spec: { readonly resources: readonly object[] } };
    };
  };
}

describe('the metrics of a controller with sets in all states', function suite() {
  this.timeout(200_000);
  const { flags, receiver, server, controller, namespace, read, valuesOf, query, alerts } =
    useMonitoredWorld();
  let exported: ReadonlyMap<string, ExportedMetric>;
  before(async () => {
    exported = parseExported(await read());
  });

  it('are such that promtool finds nothing to say about them', async () => {
    const said = execFileSync(findProgram('promtool') ?? 'promtool', ['check', 'metrics'], {
      input: await read(),
      encoding: 'utf8',
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    assert.equal(said, '');
  });

  const facts: [metric: string, lines: string[]][] = [
    [
      'generatorset_tuned_value',
      [
        '{name="tuned",element="e0",tune="limit",unit="bytes"} 67108864',
        '{name="tuned",element="e1",tune="limit",unit="bytes"} 1073741824',
      ],
    ],
    [
      'generatorset_tuned_proposed_value',
      ['{name="tuned",element="e0",tune="limit",unit="bytes"} 100663296'],
    ],
    ['generatorset_tuned_at_bound', ['{name="tuned",element="e1",tune="limit",bound="max"} 1']],
    ['generatorset_tuned_values_omitted', ['{name="many"} 1']],
    ['generatorset_stalled', ['{name="stalled"} 1']],
    ['generatorset_held_changes', ['{name="held"} 0', '{name="tuned"} 1']],
    ['generatorset_held_elements', ['{name="held"} 0', '{name="tuned"} 1']],
    [
      'generatorset_changes_total',
      [
        '{name="held",action="created"} 2',
        '{name="many",action="created"} 101',
        '{name="plain",action="created"} 7',
        '{name="plain",action="deleted"} 1',
        '{name="secret",action="created"} 1',
        '{name="tuned",action="created"} 2',
      ],
    ],
    [
      'generatorset_elements',
      ['held', 'many', 'plain', 'secret', 'stalled', 'tuned'].map(
        (name, index) => `{name="${name}"} ${[0, 101, 6, 1, 1, 2][index]}`,
      ),
    ],
  ];
  for (const [metric, lines] of facts) {
    it(`tell the truth with ${metric}`, async () => {
      const values = await valuesOf(metric);
      // Every set counts each action, most of them at 0.
      const telling = values.filter((line) => !/name="many",element|action=.* 0$/.test(line));
      assert.deepEqual(telling.sort(), lines);
    });
  }

  it('tell of generators how they fare', async () => {
    const healthy = await valuesOf('generatorset_generator_healthy');
    assert.ok(healthy.includes('{name="failing",generator="0",type="apiClient"} 0'), healthy.join('\n'));
    assert.ok(healthy.includes('{name="tuned",generator="amounts",type="list"} 1'), healthy.join('\n'));
    const good = await valuesOf('generatorset_generator_last_success_timestamp_seconds');
    const at = Number(good.find((line) => line.includes('"plain"'))?.split(' ')[1]);
    assert.ok(Math.abs(at - Date.now() / 1000) < 120, String(at));
    assert.ok(!good.some((line) => line.includes('"failing"')));
  });

  it('show nothing of a Secret', async () => {
    const text = await read();
    assert.ok(text.includes('name="secret"'));
    for (const value of [SECRET_AMOUNT, Math.ceil(SECRET_AMOUNT / 1024 ** 2) * 1024 ** 2])
      assert.ok(!text.includes(String(value)));
  });

  it('have every metric that an alert or the dashboard names, with series', async () => {
    const alerts = (await readAlerts()).map(({ expr }) => expr);
    const samples = new Set([...exported.values()].flatMap((metric) => [...metric.samples]));
    const named = new Set([...alerts, ...queriesOf(await readDashboard())].flatMap(metricsIn));
    assert.ok(named.size > 30);
    assert.deepEqual(
      [...named].filter((name) => !samples.has(name)),
      [],
    );
    for (const name of named) assert.notDeepEqual(await query(`count(${name})`), [], name);
  });

  it('are asked by queries that Prometheus answers, all of them', async () => {
    for (const expr of [
      ...(await readAlerts()).map((alert) => alert.expr),
      ...queriesOf(await readDashboard()),
    ])
      await query(expr);
  });

  it('make Prometheus see what is wrong', async () => {
    const wanted = [
      'GeneratorSetGeneratorFailing failing',
      'GeneratorSetNotReady failing',
      'GeneratorSetNotReady stalled',
      'GeneratorSetStalled stalled',
      'GeneratorSetTunedAtMaximum tuned',
    ];
    let seen: string[] = [];
    await waitFor('the alerts to be pending', async () => {
      seen = (await alerts()).map(({ labels }) => `${labels['alertname']} ${labels['name'] ?? ''}`);
      return wanted.every((alert) => seen.includes(alert));
    }).catch((error: Error) => assert.fail(`${error.message}: ${seen.join(', ')}`));
    assert.deepEqual([...new Set(seen)].sort(), wanted);
  });

  it('are all in the guide, and nothing else is', async () => {
    const rows = await readTable();
    for (const [name, { type, labels }] of rows) {
      const metric = exported.get(name);
      assert.ok(metric, `${name} is in the guide, and nobody exports it`);
      assert.deepEqual([type, labels.sort()], [metric.type, [...metric.labels].sort()], name);
    }
    assert.deepEqual(
      [...exported.keys()].filter((name) => !rows.has(name)),
      [],
    );
  });

  it('of our own have a sentence that says what they mean', () => {
    const ours = [...exported.values()].filter(({ name }) => OURS.test(name));
    assert.ok(ours.length > 20);
    for (const { name, help } of ours) assert.match(help, /^[A-Z0-9].{10,}\.$/, name);
  });

  it('are given by kube-state-metrics, too, in the labels of Flux', async () => {
    const values = await readManifest<KubeStateMetricsValues>('kube-state-metrics-config.yaml');
    const [state, ...more] = values['kube-state-metrics'].customResourceState.config.spec.resources;
    assert.deepEqual([more, values['kube-state-metrics'].rbac.extraRules], [[], [READER]]);
    const series: Record<string, object[]> = {};
    for (const name of ['plain', 'failing', 'suspended']) {
      const path = `/apis/generatorset.dev/v1alpha1/namespaces/${namespace()}/generatorsets/${name}`;
      const { body } = await server().request<JsonObject>('GET', path);
      series[name] = evaluateState(state as CustomResourceState, body);
    }
    const labels = (name: string, more: object) => [
      {
        name: 'gotk_resource_info',
        labels: {
          customresource_group: 'generatorset.dev',
          customresource_kind: 'GeneratorSet',
          customresource_version: 'v1alpha1',
          ...{ name, exported_namespace: namespace(), suspended: 'false' },
          ...more,
        },
      },
    ];
    const revision = /revision="(sha256:[^"]+)"/.exec(
      (await valuesOf('generatorset_resource_info')).find((line) => line.includes('name="plain"')) ?? '',
    )?.[1];
    assert.ok(revision);
    assert.deepEqual(series, {
      plain: labels('plain', { ready: 'True', revision }),
      failing: labels('failing', { ready: 'False' }),
      suspended: labels('suspended', { suspended: 'true' }),
    });
  });

  it('go along with events that notification-controller takes, each by the contract', async () => {
    const check = await createEventCheck();
    const told = new Set(
      receiver().events.map((event) => `${event.involvedObject['name']} ${event.severity} ${event.reason}`),
    );
    for (const event of receiver().events) assert.deepEqual(check(event), [], event.reason);
    assert.deepEqual([...told].sort(), [
      'failing error ArtifactFailed',
      'held error PlanHeld',
      'held info ReconciliationSucceeded',
      'many info ReconciliationSucceeded',
      'plain info ReconciliationSucceeded',
      'secret info ReconciliationSucceeded',
      'stalled error InvalidTemplate',
      'tuned error ChangesHeld',
      'tuned info ReconciliationSucceeded',
    ]);
    const digests = receiver().events.filter(({ reason }) => /Held$/.test(reason));
    for (const { metadata } of digests) assert.match(metadata?.['generatorset.dev/digest'] ?? '', /^sha256:/);
  });

  it('count the events that nobody took', async () => {
    receiver().planned.push(400);
    const set = clusterSet(namespace(), ['late'], { name: 'late' });
    await applyObject(server(), set);
    await waitFor(
      'a lost event',
      async () => (await controller().metric('generatorset_events_dropped_total')) === 1,
    );
  });

  it('are there again after a restart, though no pass is due', async () => {
    const standing = (text: string) =>
      text
        .split('\n')
        .filter((line) => /^generatorset_(tuned_value|generator_healthy|elements|held_|stalled)/.test(line))
        .filter((line) => /name="(plain|many|suspended)"/.test(line))
        .sort();
    const before = standing(await read());
    await controller().stop();
    const again = await startController(server(), { flags });
    try {
      let now: string[] = [];
      await waitFor('the same metrics', async () => {
        now = standing(await (await fetch(`${again.metrics}/metrics`)).text());
        return now.length === before.length;
      });
      assert.deepEqual(now, before);
      const count = await again.metric('gotk_reconcile_duration_seconds_count', { name: 'plain' });
      assert.equal(count, 0);
    } finally {
      await again.stop('SIGKILL');
    }
  });

  /** The table of metrics in the guide: name, type, labels, meaning. */
  async function readTable(): Promise<Map<string, { type: string; labels: string[] }>> {
    const row = /^\| `(\w+)` \| (gauge|counter|histogram|summary) \| ([^|]*) \| .+ \|$/gm;
    return new Map(
      Array.from((await readFile(GUIDE, 'utf8')).matchAll(row), ([, name = '', type = '', labels = '']) => [
        name,
        { type, labels: Array.from(labels.matchAll(/`(\w+)`/g), ([, label = '']) => label) },
      ]),
    );
  }
});
