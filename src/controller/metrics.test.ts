import assert from 'node:assert/strict';
import { Metrics } from './metrics.ts';

const SET = { namespace: 'apps', name: 'podinfo' };
const INFO = { ready: 'True', reason: 'ReconciliationSucceeded', suspended: false, revision: 'main@sha1:0' };

/** Lines that begin like this, without comments. */
async function linesOf(metrics: Metrics, start: string): Promise<string[]> {
  const text = await read(metrics);
  return text.split('\n').filter((line) => line.startsWith(start));
}

async function read(metrics: Metrics): Promise<string> {
  return (await Array.fromAsync(metrics.metrics())).join('');
}

describe('the metrics', () => {
  const cases: [string, (metrics: Metrics) => void, string, string[]][] = [
    [
      'count reconciliations by result',
      (it) => it.reconciled(SET, 'success', 20),
      'controller_runtime_reconcile_total',
      ['success', 'error', 'requeue', 'requeue_after'].map(
        (result) =>
          `controller_runtime_reconcile_total{controller="generatorset",result="${result}"} ${result === 'success' ? 1 : 0}`,
      ),
    ],
    [
      'count failures',
      (it) => it.reconciled(SET, 'error', 20),
      'controller_runtime_reconcile_errors_total',
      ['controller_runtime_reconcile_errors_total{controller="generatorset"} 1'],
    ],
    [
      'expose durations in seconds',
      (it) => it.reconciled(SET, 'success', 1500),
      'gotk_reconcile_duration_seconds_sum',
      ['gotk_reconcile_duration_seconds_sum{kind="GeneratorSet",name="podinfo",namespace="apps"} 1.5'],
    ],
    [
      'tell of the workers',
      (it) => it.workers({ active: 3, max: 4 }),
      'controller_runtime_',
      [
        'controller_runtime_reconcile_total',
        'controller_runtime_reconcile_errors_total',
        'controller_runtime_max_concurrent_reconciles{controller="generatorset"} 4',
        'controller_runtime_active_workers{controller="generatorset"} 3',
      ],
    ],
    [
      'tell of the queue',
      (it) => it.queue.depth(7),
      'workqueue_depth',
      ['workqueue_depth{name="generatorset",controller="generatorset"} 7'],
    ],
    [
      'count requests',
      (it) => it.requested({ method: 'GET', code: 200, host: '10.0.0.1:443' }),
      'rest_client_requests_total',
      ['rest_client_requests_total{method="GET",code="200",host="10.0.0.1:443"} 1'],
    ],
    [
      'name the leader',
      (it) => it.leads('generatorset', true),
      'leader_election_master_status',
      ['leader_election_master_status{name="generatorset"} 1'],
    ],
    [
      'count ends of watches',
      (it) => it.watch.broken('gone'),
      'generatorset_watch_breaks_total',
      ['generatorset_watch_breaks_total{kind="gone"} 1'],
    ],
    [
      'begin with no missed changes',
      () => {},
      'generatorset_watch_cache_misses',
      ['generatorset_watch_cache_misses_total 0'],
    ],
    [
      'begin with no dropped events',
      () => {},
      'generatorset_events_dropped',
      ['generatorset_events_dropped_total 0'],
    ],
  ];
  for (const [what, act, start, expected] of cases) {
    it(what, async () => {
      const metrics = new Metrics();
      metrics.describe(SET, INFO);
      act(metrics);
      const lines = await linesOf(metrics, start);
      for (const line of expected)
        assert.ok(
          lines.some((it) => it.startsWith(line)),
          `${line} in\n${lines.join('\n')}`,
        );
    });
  }

  it("have Flux's buckets", async () => {
    const metrics = new Metrics();
    metrics.describe(SET, INFO);
    metrics.reconciled(SET, 'success', 1);
    const lines = await linesOf(metrics, 'gotk_reconcile_duration_seconds_bucket');
    const bounds = lines.map((line) => Number(/le="([^"+]+)/.exec(line)?.[1] ?? Number.POSITIVE_INFINITY));
    assert.equal(bounds.length, 11);
    assert.ok(Math.abs((bounds[0] as number) - 0.01) < 1e-9 && Math.abs((bounds[9] as number) - 1800) < 1e-6);
  });

  it('say of a set only what holds now, and nothing once it is gone', async () => {
    const metrics = new Metrics();
    metrics.describe(SET, INFO);
    metrics.reconciled(SET, 'success', 20);
    metrics.describe(SET, { ...INFO, ready: 'False', reason: 'x'.repeat(300) });
    const lines = await linesOf(metrics, 'generatorset_resource_info');
    assert.equal(lines.length, 1);
    assert.match(lines[0] as string, /ready="False",reason="x{128}",/);
    metrics.forget(SET);
    assert.doesNotMatch(await read(metrics), /podinfo/);
  });

  it('keep no series of 1,000 sets that came and went', async () => {
    const metrics = new Metrics();
    const before = (await read(metrics)).split('\n').length;
    for (let index = 0; index < 1000; index++) {
      const set = { namespace: 'apps', name: `set-${index}` };
      metrics.describe(set, INFO);
      metrics.reconciled(set, 'error', index);
      metrics.passes.setGenerators(set, [{ generator: '0', type: 'list' }]);
      metrics.forget(set);
      // A pass may end after its set.
      metrics.reconciled(set, 'error', index);
    }
    assert.ok((await read(metrics)).split('\n').length < before + 60);
  });

  it('cannot be forged by a name', async () => {
    const metrics = new Metrics();
    metrics.describe({ namespace: 'a', name: 'x"} 1\nforged{a="' }, INFO);
    assert.deepEqual(await linesOf(metrics, 'forged'), []);
  });

  it('ask for what changes by time before each reading', async () => {
    const metrics = new Metrics();
    let age = 0;
    metrics.beforeReading(() => metrics.queue.longestRunning(++age));
    await read(metrics);
    assert.match((await linesOf(metrics, 'workqueue_longest'))[0] as string, / 2$/);
  });

  it('tell of the process what people act on', async () => {
    const metrics = new Metrics();
    await new Promise((resolve) => setTimeout(resolve, 20));
    const text = await read(metrics);
    for (const name of [
      'process_resident_memory_bytes',
      'process_cpu_seconds_total',
      'nodejs_eventloop_lag_max_seconds',
    ])
      assert.match(text, new RegExp(`^${name} `, 'm'));
    assert.doesNotMatch(text, /nodejs_gc|nodejs_heap/);
  });
});
