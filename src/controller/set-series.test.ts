import assert from 'node:assert/strict';
import { exponentialBuckets, Histogram, Registry } from 'prom-client';
import { SetSeries } from './set-series.ts';

const LABELS = { kind: 'GeneratorSet', name: 'podinfo', namespace: 'apps' };

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
      for (const seconds of [0, 0.01, 0.0101, 0.2, 3, 1799, 1801, 1e6]) {
        histogram.observe({ ...LABELS, name }, seconds);
        series.observe(name, { ...LABELS, name }, seconds);
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

  it('says of a set what was said last, and nothing once it is gone', () => {
    const series = new SetSeries();
    series.describe('a', { name: 'a', ready: 'False' });
    series.describe('a', { name: 'a', ready: 'True' });
    series.observe('a', LABELS, 1);
    assert.match([...series.parts()].join(''), /\ngeneratorset_resource_info\{name="a",ready="True"\} 1\n$/);
    series.forget('a');
    assert.deepEqual(
      [...series.parts()]
        .join('')
        .split('\n')
        .filter((line) => !line.startsWith('#')),
      [''],
    );
  });
});
