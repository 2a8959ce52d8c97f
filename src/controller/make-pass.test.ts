import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadedSet } from '../../test/harness/sets.ts';
import type { GeneratorSetSpec } from '../api/generatorset-schema.ts';
import { ApiError } from '../clients/cluster/api-error.ts';
import type { ApiRequest, ClusterClient } from '../clients/cluster/cluster-client.ts';
import type { JsonObject } from '../lib/json.ts';
import { silentLogger } from '../lib/logger.ts';
import { createStatusWriter } from '../status/status-writer.ts';
import type { Run } from './checkpoint-format.ts';
import type { Handling } from './handling.ts';
import { makePass } from './make-pass.ts';
import { SetRuntime } from './set-runtime.ts';
import { SetSeries } from './set-series.ts';
import type { StoredSet } from './stored-set.ts';

const START = Date.parse('2026-01-01T12:00:00Z');
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const TEMPLATE = { content: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } } };

describe('makePass', () => {
  let directory = '';
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'generatorset-pass-'));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  /** A set in the hands of a worker, with a generator that counts and an API server that answers as it is told. */
  function setUp(
    spec: Partial<GeneratorSetSpec>,
    {
      annotations = {},
      answer = () => ({ metadata: { resourceVersion: '5' } }),
      elements = [{}],
      lastRun,
    }: {
      annotations?: Record<string, string>;
      answer?: (request: ApiRequest) => JsonObject;
      elements?: JsonObject[];
      /** When an earlier process made a good pass. */
      lastRun?: number;
    } = {},
  ) {
    const seen = {
      ...{ now: START, queries: 0, slowness: 0, fails: false },
      ...{ requests: [] as ApiRequest[], runs: [] as number[] },
    };
    const client: ClusterClient = {
      user: undefined,
      request: async (request) => {
        seen.requests.push(request);
        return answer(request);
      },
      stream: () => Promise.reject(new Error('no watch')),
      as: () => client,
    };
    const list = {
      name: 'list',
      generate: async () => {
        seen.queries++;
        seen.now += seen.slowness;
        if (seen.fails) throw new Error('no answer');
        return elements;
      },
    };
    const loaded = loadedSet(
      'a',
      { templates: [TEMPLATE], target: { directory: { path: directory } }, ...spec },
      annotations,
    );
    const metadata = { ...loaded.set.metadata, uid: 'u', resourceVersion: '1', generation: 1 };
    const object = { metadata, spec: {} } as unknown as JsonObject;
    const clock = { now: () => seen.now, monotonic: () => seen.now };
    const series = new SetSeries();
    series.describe(metadata, { ready: '', reason: '', suspended: false, revision: '' });
    const parts = {
      ...{ client, clock, log: silentLogger, gitOptions: { allowFile: true }, generators: [list] },
      status: createStatusWriter({ client, log: silentLogger, now: () => new Date(seen.now) }),
      checkpoint: {
        get: () => lastRun,
        set: (_uid: string, { at }: Run) => seen.runs.push(at),
      },
      events: { record() {} },
      metrics: series,
    };
    const runtime = new SetRuntime('u', { monotonic: clock.monotonic, onDue() {} });
    const stored = { uid: 'u', generation: 1, triggers: '' } as StoredSet;
    const { signal } = new AbortController();
    const handling = { stored, runtime, parts, signal } as unknown as Handling;
    return { seen, runtime, series, pass: () => makePass({ ...loaded, object }, handling) };
  }

  it('does not put off the next query by a look at what was delivered', async () => {
    const { seen, runtime, pass } = setUp({ interval: '30m' });
    const { after: first = 0 } = await pass();
    assert.ok(first >= 30 * MINUTE && first < 32 * MINUTE, `${first}`);
    seen.now += 20 * MINUTE;
    runtime.cause = 'drift';
    const { after: second } = await pass();
    assert.deepEqual([seen.queries, seen.runs, second], [1, [START, START], first - 20 * MINUTE]);
    seen.now += second ?? 0;
    await pass();
    assert.deepEqual([seen.queries, seen.runs.at(-1)], [2, seen.now]);
  });

  describe('with a schedule', () => {
    const schedule = [{ cron: '0 * * * *', timeZone: 'UTC', window: '0s' }];

    it('asks once for each of its times, however often what is delivered fails', async () => {
      const { seen, pass } = setUp({
        interval: '24h',
        schedule,
        target: { directory: { path: '/dev/null/x' } },
      });
      const asked: number[] = [];
      for (const wait of [MINUTE, MINUTE, HOUR, MINUTE, 3 * HOUR]) {
        assert.equal((await pass()).result, 'error');
        asked.push(seen.queries);
        seen.now += wait;
      }
      await pass();
      assert.deepEqual([...asked, seen.queries], [1, 1, 1, 2, 2, 3]);
    });

    it('asks again until the generators have answered', async () => {
      const { seen, pass } = setUp({ interval: '24h', schedule });
      await pass();
      seen.now += HOUR;
      seen.fails = true;
      await pass();
      await pass();
      assert.equal(seen.queries, 3);
      seen.fails = false;
      await pass();
      await pass();
      assert.equal(seen.queries, 4);
    });

    it('follows a time that comes while generators are asked', async () => {
      const { seen, pass } = setUp({
        interval: '24h',
        schedule,
        target: { directory: { path: '/dev/null/x' } },
      });
      seen.now += HOUR - 1000;
      seen.slowness = 2000;
      await pass();
      await pass();
      await pass();
      assert.equal(seen.queries, 2);
    });
  });

  const waits: [what: string, spec: Partial<GeneratorSetSpec>, after: number | undefined][] = [
    ['a day', { interval: '24h' }, HOUR],
    ['a schedule', { schedule: [{ cron: '0 9 * * *', timeZone: 'UTC', window: '0s' }] }, MINUTE],
    ['nothing but a change', {}, undefined],
  ];
  for (const [what, spec, after] of waits) {
    it(`comes back in time to see a clock that jumped while it waits for ${what}`, async () => {
      assert.equal((await setUp(spec).pass()).after, after);
    });
  }

  it('watches nothing any more that was applied before the target became another', async () => {
    const { runtime, pass } = setUp({});
    let released = 0;
    runtime.applied.release = () => void released++;
    await pass();
    assert.equal(released, 1);
  });

  it('follows a request once, also before the watch has brought the status that says so', async () => {
    const { seen, pass } = setUp({}, { annotations: { 'reconcile.fluxcd.io/requestedAt': '1' } });
    await pass();
    await pass();
    assert.equal(seen.queries, 1);
  });

  it('says in the status what became of elements that are held', async () => {
    const tune = [{ name: 'limit', from: '{{ .Element.value }}', margin: '0%', increaseOnly: false }];
    const elements: JsonObject[] = [{ name: 'a', value: 1 }, { name: 'b' }];
    const { seen, pass } = setUp({ tune, elementKey: '{{ .Element.name }}' }, { elements });
    await pass();
    const body = JSON.stringify(seen.requests.map((request) => request.body));
    assert.match(
      body,
      /"reason":"ElementsHeld","message":"1 of 2 elements held: b \(InputMissing\); 1 resource"/,
    );
    assert.match(body, /"elementStates":\[\{"key":"b","phase":"Held","reason":"InputMissing"/);
  });

  it('tells metrics how generators fare, what was delivered, and what is tuned', async () => {
    const tune: GeneratorSetSpec['tune'] = [
      { name: 'limit', from: '{{ .Element.value }}', unit: 'integer', margin: '0%', increaseOnly: false },
    ];
    const elements: JsonObject[] = [
      { name: 'a', value: 1 },
      { name: 'b', value: 2 },
    ];
    const templates = [
      { content: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: '{{ .Element.name }}' } } },
    ];
    const spec = { interval: '1h', templates, tune, elementKey: '{{ .Element.name }}' };
    const { seen, series, pass } = setUp(spec, { elements });
    const told = () =>
      [...series.parts()]
        .join('')
        .split('\n')
        .filter((line) => /^generatorset_(gen|tuned_v|del|ch|last)/.test(line))
        .map((line) =>
          line.replace(/exported_namespace="[^"]*",name="a",?/, '').slice('generatorset_'.length),
        );
    seen.slowness = 1500;
    await pass();
    const at = START / 1000 + 1.5;
    const rest = [
      'tuned_value{element="a",tune="limit",unit="none"} 1',
      'tuned_value{element="b",tune="limit",unit="none"} 2',
      'deliveries_total{target="directory"} 1',
      'changes_total{action="created"} 2',
      'changes_total{action="configured"} 0',
      'changes_total{action="deleted"} 0',
      `last_delivery_timestamp_seconds{} ${at}`,
    ];
    const health = (healthy: number, duration: number) => [
      `generator_healthy{generator="0",type="list"} ${healthy}`,
      `generator_duration_seconds{generator="0",type="list"} ${duration}`,
      'generator_interval_seconds{generator="0",type="list"} 3600',
      `generator_last_success_timestamp_seconds{generator="0",type="list"} ${at}`,
    ];
    assert.deepEqual(told(), [...health(1, 1.5), ...rest]);
    // What stands goes on standing while no generator answers.
    Object.assign(seen, { fails: true, slowness: 3000, now: seen.now + 2 * HOUR });
    await pass();
    assert.deepEqual(told(), [...health(0, 3), ...rest]);
  });

  /** The series of generators after a pass that failed. */
  async function failing(generators: GeneratorSetSpec['generators'], lastRun?: number): Promise<string> {
    const { seen, series, pass } = setUp({ generators }, lastRun === undefined ? {} : { lastRun });
    seen.fails = true;
    await pass();
    return [...series.parts()].join('');
  }

  it('knows after a restart how old the data of a generator are that fails', async () => {
    const last = 'generatorset_generator_last_success_timestamp_seconds{';
    const restarted = await failing([{ list: { elements: [] } }], START - HOUR);
    assert.ok(restarted.includes(`,generator="0",type="list"} ${(START - HOUR) / 1000}\n`), restarted);
    assert.ok(!(await failing([{ list: { elements: [] } }])).includes(last));
  });

  it('tells generators apart of which one has the place of another for its name', async () => {
    const text = await failing([{ list: { elements: [] } }, { name: '0', list: { elements: [] } }]);
    const labels = [...text.matchAll(/^generatorset_generator_healthy\{.*,(generator=.*)\} 0$/gm)];
    assert.deepEqual(
      labels.map(([, label]) => label),
      ['generator="[0]",type="list"', 'generator="0",type="list"'],
    );
  });

  const ends: [what: string, now: JsonObject | undefined][] = [
    ['is gone', undefined],
    ['is going, and takes no finalizer any more', going()],
  ];
  for (const [what, now] of ends) {
    it(`applies nothing for a set that ${what} when the pass begins`, async () => {
      const answer = ({ method }: ApiRequest): JsonObject => {
        if (now === undefined) throw new ApiError('not found', { status: 404, reason: 'NotFound' });
        if (method === 'GET') return now;
        throw new ApiError('no new finalizers', { status: 422, reason: 'Invalid' });
      };
      const spec: Partial<GeneratorSetSpec> = {
        target: { apply: { prune: true, force: false, wait: false, timeout: '5m' } },
      };
      const { seen, pass } = setUp(spec, { answer });
      await pass().catch((error: Error) => assert.ok(error instanceof ApiError));
      assert.equal(seen.queries, 0);
    });
  }

  function going(): JsonObject {
    const { metadata } = loadedSet('a').set;
    const rest = { uid: 'u', resourceVersion: '2', deletionTimestamp: 'now', finalizers: ['other/one'] };
    return { metadata: { name: metadata.name, namespace: metadata.namespace, ...rest } };
  }
});
