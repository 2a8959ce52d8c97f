import assert from 'node:assert/strict';
import { loadedSet } from '../../test/harness/sets.ts';
import type { GeneratorSetStatus } from '../api/status.ts';
import type { Handling } from './handling.ts';
import { recordRestored } from './record-pass.ts';
import { SetSeries } from './set-series.ts';

const LAST_RUN = Date.parse('2026-01-01T12:00:00Z');

/** The lines of metrics of a set that an earlier process has worked on, without its labels. */
function restored(decisions: GeneratorSetStatus['decisions']): string[] {
  const { set } = loadedSet('a', {
    interval: '1h',
    generators: [{ list: { elements: [] } }],
    tune: [{ name: 'limit', from: 'x', roundUp: '16Mi', margin: '0%', increaseOnly: false }],
  });
  const series = new SetSeries();
  series.describe(set.metadata, { ready: 'True', reason: '', suspended: false, revision: '' });
  const parts = { metrics: series, generators: [{ name: 'list' }], checkpoint: { get: () => LAST_RUN } };
  const stored = { uid: 'u', generation: 1 };
  const handling = { parts, stored, runtime: { lastRun: LAST_RUN } } as unknown as Handling;
  recordRestored({ ...set, status: { ...set.status, decisions } as GeneratorSetStatus }, handling);
  const lines = [...series.parts()].join('').split('\n');
  return lines
    .filter((line) => /^generatorset_(generator|tuned|deliveries)/.test(line))
    .map((line) => line.replace(/exported_namespace="[^"]*",name="a",?/, '').slice('generatorset_'.length));
}

describe('recordRestored', () => {
  const good = { name: 'limit', value: '16Mi', since: '2026-01-01T00:00:00Z', rule: 'Computed', input: '1' };
  const labels = '{generator="0",type="list"}';
  const expected = [
    `generator_healthy${labels} 1`,
    `generator_interval_seconds${labels} 3600`,
    `generator_last_success_timestamp_seconds${labels} ${LAST_RUN / 1000}`,
    'tuned_value{element="b",tune="limit",unit="bytes"} 16777216',
    'deliveries_total{target="apply"} 0',
  ];

  it('tells what an earlier process has left', () => {
    assert.deepEqual(restored([{ ...good, element: 'b' }]), expected);
  });

  it('leaves out what somebody has written into a status and is no decision', () => {
    const decisions = [{ ...good, element: 'a', value: 'a lot' }, null, { ...good, element: 'b' }];
    assert.deepEqual(restored(decisions as GeneratorSetStatus['decisions']), expected);
  });
});
