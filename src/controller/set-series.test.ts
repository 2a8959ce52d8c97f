import assert from 'node:assert/strict';
import { exponentialBuckets, Histogram, Registry } from 'prom-client';
import type { TunedSeries } from './set-record.ts';
import { SetSeries } from './set-series.ts';

const SET = { namespace: 'apps', name: 'podinfo' };
const INFO = { ready: 'True', reason: '', suspended: false, revision: '' };

/** All lines of a metric. */
function linesOf(series: SetSeries, metric: string): string[] {
  const text = [...series.parts()].join('');
  return text.split('\n').filter((line) => line.startsWith(`${metric}{`));
}

function tuned(element: string): TunedSeries {
  return { element, tune: 'limit', unit: 'bytes', value: 1024 };
}

describe('SetSeries', () => {
  it('writes durations as prom-client does, byte for byte', async () => {
    const registry = new Registry();
    const histogram = new Histogram({
      name: 'gotk_reconcile_duration_seconds',
      help: 'The duration in seconds of a GitOps Toolkit resource reconciliation.',
      labelNames: ['kind', 'name', 'namespace'],
      buckets: exponentialBuckets(0.01, (1800 / 0.01) ** (1 / 9), 10),
      registers: [registry],
    });
    const series = new SetSeries();
    for (const name of ['podinfo', 'a"b\\c\nd']) {
      const set = { namespace: 'apps', name };
      series.describe(set, INFO);
      for (const seconds of [0, 0.01, 0.0101, 0.2, 3, 1799, 1801, 1e6]) {
        histogram.observe({ kind: 'GeneratorSet', name, namespace: 'apps' }, seconds);
        series.observe(set, seconds);
      }
    }
    const [ours] = [...series.parts()].join('').split('# HELP generatorset_resource_info');
    const bound = /le="[0-9.]+"/g;
    const theirs = await registry.metrics();
    assert.equal(ours?.trimEnd().replace(bound, 'le'), theirs.trimEnd().replace(bound, 'le'));
    const bounds = (text: string) =>
      [...text.matchAll(/le="([0-9.]+)"/g)].map(([, it]) => Number(it).toFixed(9));
    assert.deepEqual(bounds(ours ?? ''), bounds(theirs));
  });

  it('says of a set what was said last, and nothing once it is gone, whatever a late pass tells', () => {
    const series = new SetSeries();
    series.describe(SET, { ...INFO, ready: 'False' });
    series.describe(SET, INFO);
    assert.equal(linesOf(series, 'generatorset_resource_info').length, 1);
    assert.match(linesOf(series, 'generatorset_resource_info')[0] ?? '', /ready="True"/);
    for (const forget of [() => {}, () => series.forget(SET)]) {
      forget();
      series.observe(SET, 1);
      series.setGenerators(SET, [{ generator: '0', type: 'list' }]);
      series.ran(SET, 0, { healthy: true, duration: 1, lastSuccess: 1 });
      series.setTuned(SET, [tuned('a')]);
      series.passed(SET, 'git', { at: 1, changes: { created: 1, configured: 0, deleted: 0 } });
    }
    const rest = [...series.parts()].join('').split('\n');
    assert.deepEqual([...new Set(rest.filter((line) => !line.startsWith('#')))], ['']);
  });

  it('says of what is held since when, why and how much', () => {
    const series = new SetSeries();
    const held = { reason: 'ChangesHeld', since: 1_700_000_000, elements: 1, changes: 2 };
    series.describe(SET, { ...INFO, held, stalled: true, elements: 7 });
    const labels = 'exported_namespace="apps",name="podinfo"';
    assert.deepEqual(
      ['held_timestamp_seconds', 'held_elements', 'held_changes', 'stalled', 'elements'].flatMap((name) =>
        linesOf(series, `generatorset_${name}`),
      ),
      [
        `generatorset_held_timestamp_seconds{${labels},reason="ChangesHeld"} 1700000000`,
        `generatorset_held_elements{${labels}} 1`,
        `generatorset_held_changes{${labels}} 2`,
        `generatorset_stalled{${labels}} 1`,
        `generatorset_elements{${labels}} 7`,
      ],
    );
    series.describe(SET, INFO);
    assert.deepEqual(linesOf(series, 'generatorset_held_timestamp_seconds'), []);
  });

  it('keeps what is known of a generator only while it is the same at its place', () => {
    const series = new SetSeries();
    series.describe(SET, INFO);
    const first = { generator: 'usage', type: 'prometheus', interval: 60 };
    series.setGenerators(SET, [first, { generator: '1', type: 'list' }]);
    series.ran(SET, 0, { healthy: true, duration: 0.5, lastSuccess: 100 });
    series.ran(SET, 0, { healthy: false, duration: 1.5 });
    series.ran(SET, 1, { healthy: true, duration: 0, lastSuccess: 100 });
    series.setGenerators(SET, [
      { ...first, interval: 120 },
      { generator: '1', type: 'config' },
    ]);
    const labels = 'exported_namespace="apps",name="podinfo",generator="usage",type="prometheus"';
    assert.deepEqual(
      ['healthy', 'duration_seconds', 'interval_seconds', 'last_success_timestamp_seconds'].flatMap((name) =>
        linesOf(series, `generatorset_generator_${name}`),
      ),
      [
        `generatorset_generator_healthy{${labels}} 0`,
        `generatorset_generator_duration_seconds{${labels}} 1.5`,
        `generatorset_generator_interval_seconds{${labels}} 120`,
        `generatorset_generator_last_success_timestamp_seconds{${labels}} 100`,
      ],
    );
    series.setGenerators(SET, []);
    assert.deepEqual(linesOf(series, 'generatorset_generator_healthy'), []);
  });

  it('counts deliveries and their changes from 0', () => {
    const series = new SetSeries();
    series.describe(SET, INFO);
    series.passed(SET, 'git');
    const labels = 'exported_namespace="apps",name="podinfo"';
    const deliveries = (count: number) => [`generatorset_deliveries_total{${labels},target="git"} ${count}`];
    assert.deepEqual(linesOf(series, 'generatorset_deliveries_total'), deliveries(0));
    const changes = (created: number, deleted: number) => [
      `generatorset_changes_total{${labels},action="created"} ${created}`,
      `generatorset_changes_total{${labels},action="configured"} 0`,
      `generatorset_changes_total{${labels},action="deleted"} ${deleted}`,
    ];
    assert.deepEqual(linesOf(series, 'generatorset_changes_total'), changes(0, 0));
    for (const at of [10, 20])
      series.passed(SET, 'git', { at, changes: { created: 2, configured: 0, deleted: 1 } });
    assert.deepEqual(linesOf(series, 'generatorset_deliveries_total'), deliveries(2));
    assert.deepEqual(linesOf(series, 'generatorset_changes_total'), changes(4, 2));
    assert.deepEqual(linesOf(series, 'generatorset_last_delivery_timestamp_seconds'), [
      `generatorset_last_delivery_timestamp_seconds{${labels}} 20`,
    ]);
    // What went to one target was never delivered to another.
    series.passed(SET, 'apply');
    assert.deepEqual(linesOf(series, 'generatorset_deliveries_total'), [
      ...deliveries(2),
      `generatorset_deliveries_total{${labels},target="apply"} 0`,
    ]);
  });

  it('never has more tuned values than it may, of one set and of all, and says how many are left out', () => {
    const other = { ...SET, name: 'other' };
    const series = new SetSeries({ perSet: 3, inAll: 4 });
    for (const set of [SET, other]) series.describe(set, INFO);
    series.setTuned(SET, ['a', 'b', 'c', 'd', 'e'].map(tuned));
    series.setTuned(other, ['a', 'b'].map(tuned));
    const omitted = () =>
      linesOf(series, 'generatorset_tuned_values_omitted').map((line) => line.split('name=').at(-1));
    assert.equal(linesOf(series, 'generatorset_tuned_value').length, 4);
    assert.deepEqual(omitted(), ['"podinfo"} 2', '"other"} 1']);
    series.forget(SET);
    series.setTuned(other, ['a', 'b'].map(tuned));
    assert.equal(linesOf(series, 'generatorset_tuned_value').length, 2);
    assert.deepEqual(omitted(), []);
  });
});
