import assert from 'node:assert/strict';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { useCommandLine } from '../harness/command-line.ts';
import { usePrometheus } from './prometheus.ts';

const HOUR = 3600;
const DAY = 24 * HOUR;
const MIB = 2 ** 20;
/** The samples that Prometheus scrapes are this far apart. */
const SCRAPE = 300;
const TO = Date.UTC(2026, 2, 1) / 1000;
const FROM = TO - 30 * DAY;

const PERIOD = ['--from', '30d', '--to', '2026-03-01T00:00:00Z'];

/** Samples from two days before the period to its end, in MiB by whole hours since its beginning. */
function* samples(
  mib: (hour: number) => number,
  isKnown: (hours: number) => boolean = () => true,
): Generator<readonly [number, number]> {
  for (let time = FROM - 2 * DAY; time <= TO; time += SCRAPE) {
    const hours = (time - FROM) / HOUR;
    if (isKnown(hours)) yield [time, mib(Math.floor(hours)) * MIB];
  }
}

/** 100 MiB and 1 MiB more each hour. */
const grow = (hour: number): number => 100 + hour;

/** From 100 to 123 MiB each day. */
const saw = (hour: number): number => 100 + ((hour + 48) % 24);

/** Nothing is known between the tenth day and noon. */
const isKnown = (hours: number): boolean => hours <= 240 || hours >= 252;

interface FigureJson {
  readonly element: string;
  readonly hours: number;
  readonly hoursWithoutData: number;
  readonly decided: { readonly hoursExceeded: number; readonly overProvisioned: number };
  readonly fixed: {
    readonly hoursExceeded: number;
    readonly overProvisioned: number;
    readonly value: string;
  };
}

interface BacktestJson {
  readonly steps: number;
  readonly commits: readonly {
    readonly time: string;
    readonly decisions: readonly {
      readonly element: string;
      readonly value: string;
      readonly previous?: string;
    }[];
  }[];
  readonly failed: readonly object[];
  readonly figures: readonly FigureJson[];
}

/** MiB-hours as GiB-hours with six decimals. */
function gibHours(mibHours: number): number {
  return Number((mibHours / 1024).toFixed(6));
}

describe('backtest against a real Prometheus with 30 days', function suite() {
  this.timeout(60_000);
  const prometheus = usePrometheus(() => [
    { series: 'memory_bytes{app="grow"}', samples: samples(grow) },
    { series: 'memory_bytes{app="saw"}', samples: samples(saw, isKnown) },
  ]);
  const { folder, run, writeSet } = useCommandLine();

  /** A set with one tuned limit; `usage` and the url may be others. */
  function setText(
    usage = 'max(memory_bytes{app="{{ .Element.metric.app }}"})',
    url = prometheus().origin,
  ): string {
    return `apiVersion: generatorset.dev/v1alpha1
kind: GeneratorSet
metadata: {name: memory, namespace: apps}
spec:
  elementKey: "{{ .Element.metric.app }}"
  generators:
    - prometheus:
        interval: 24h
        url: ${url}
        query: max by (app) (max_over_time(memory_bytes[1d]))
  tune:
    - name: limit
      from: "{{ .Element.value }}"
      usage: ${JSON.stringify(usage)}
      margin: 10%
      roundUp: 16Mi
  templates:
    - content:
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: "{{ .Element.metric.app }}"}
        data: {limit: "{{ .Element.limit }}"}
`;
  }

  async function replay(text: string, ...args: string[]): Promise<BacktestJson> {
    const { stdout, stderr, code } = await run(
      'backtest',
      await writeSet(text),
      ...PERIOD,
      '-o',
      'json',
      ...args,
    );
    assert.equal(code, 0, stderr);
    return JSON.parse(stdout) as BacktestJson;
  }

  /** What the rules make of the usage at midnight after so many days, in MiB. */
  const limitOf = (day: number): number => Math.ceil((1.1 * grow(24 * day)) / 16) * 16;

  it('makes the commits that the rules imply', async () => {
    const { commits, steps, failed } = await replay(setText());
    assert.deepEqual([steps, failed], [31, []]);
    const expected = Array.from({ length: 31 }, (_, day) => ({ day, limit: limitOf(day) })).filter(
      ({ day, limit }) => day === 0 || limit !== limitOf(day - 1),
    );
    const found = commits.flatMap(({ time, decisions }) =>
      decisions
        .filter(({ element }) => element === 'grow')
        .map(({ value }) => ({ day: (Date.parse(time) / 1000 - FROM) / DAY, value })),
    );
    const toMib = (value: string): number => (value.endsWith('Gi') ? 1024 : 1) * Number.parseInt(value, 10);
    assert.deepEqual(
      found.map(({ day, value }) => ({ day, limit: toMib(value) })),
      expected,
    );
  });

  it('gives the figures of the closed form, exactly', async () => {
    const { figures } = await replay(setText(), '--fixed', 'limit=110Mi');
    const [growing, sawing] = figures;
    const days = Array.from({ length: 30 }, (_, day) => day);
    // Each hour's usage is known, so each day leaves room of limit - usage, or none.
    const roomOf = (day: number, limit: number): number[] =>
      Array.from({ length: 24 }, (_, hour) => limit - grow(24 * day + hour));
    const rooms = days.flatMap((day) => roomOf(day, limitOf(day)));
    assert.deepEqual(growing?.decided, {
      hoursExceeded: rooms.filter((room) => room < 0).length,
      overProvisioned: gibHours(rooms.reduce((sum, room) => sum + Math.max(0, room), 0)),
    });
    // 110 MiB: 10 + 9 + ... + 0 on the first day, and above ever after.
    assert.deepEqual(growing?.fixed, {
      value: '110Mi',
      source: 'option',
      hoursExceeded: 720 - 11,
      overProvisioned: gibHours(55),
    });
    // 1.1 x 123 = 135.3, so 144 MiB: 44 + 43 + ... + 21 a day, without hours 1 to 11 of the gap: 43 + ... + 33.
    assert.deepEqual(
      [sawing?.hours, sawing?.hoursWithoutData, sawing?.decided],
      [709, 11, { hoursExceeded: 0, overProvisioned: gibHours(30 * 780 - 418) }],
    );
  });

  it('plots what it found, the same each time', async () => {
    const file = join(folder.path, 'plot.svg');
    await replay(setText(), '--plot', file);
    const first = await readFile(file, 'utf8');
    await replay(setText(), '--plot', file);
    assert.equal(await readFile(file, 'utf8'), first);
    assert.match(first, />grow<[\s\S]*>saw</);
  });

  it('plays back what it recorded, and nothing else', async () => {
    const recorded = join(folder.path, 'replay');
    const live = await replay(setText(), '--record', recorded);
    assert.equal((await readdir(recorded)).length, 31 + 2);
    assert.deepEqual(await replay(setText(), '--replay', recorded), live);

    await rm(join(recorded, (await readdir(recorded)).sort()[5] as string));
    const { failed } = await replay(setText(), '--replay', recorded);
    assert.equal(failed.length, 1);
  });

  it('asks the Prometheus of --prometheus', async () => {
    const elsewhere = setText(undefined, 'http://prometheus.monitoring:9090');
    const { figures } = await replay(elsewhere, '--prometheus', prometheus().origin);
    assert.deepEqual(
      figures.map(({ element }) => element),
      ['grow', 'saw'],
    );
  });

  it('compares with what stands in the target', async () => {
    const directory = join(folder.path, 'out');
    const file = await writeSet(setText());
    const { code, stderr } = await run(
      'run',
      '--once',
      file,
      '--directory',
      directory,
      '--replay',
      await recordNow(),
    );
    assert.equal(code, 0, stderr);
    const { figures } = await replay(setText(), '--directory', directory);
    assert.deepEqual(
      figures.map(({ fixed }) => [fixed.value, (fixed as { source?: string }).source]),
      [
        ['80Mi', 'target'],
        ['96Mi', 'target'],
      ],
    );
  });

  /** Answers for a pass of today, of which Prometheus here knows nothing: 64 and 80 MiB. */
  async function recordNow(): Promise<string> {
    const recorded = join(folder.path, 'now');
    const empty = await run('build', await writeSet(setText()), '--record', recorded);
    assert.equal(empty.code, 1);
    const [name] = await readdir(recorded);
    const answer = JSON.parse(await readFile(join(recorded, name as string), 'utf8')) as {
      response: { body: string };
    };
    const result = [
      { metric: { app: 'grow' }, value: [TO, String(64 * MIB)] },
      { metric: { app: 'saw' }, value: [TO, String(80 * MIB)] },
    ];
    answer.response.body = JSON.stringify({ status: 'success', data: { resultType: 'vector', result } });
    await writeFile(join(recorded, name as string), JSON.stringify(answer));
    return recorded;
  }

  const unusable: [string, string, RegExp][] = [
    ['several series', 'memory_bytes', /limit of grow: the usage gives several series/],
    ['no series', 'memory_bytes{app="other"}', /limit of grow: the usage gives no series/],
    [
      'no PromQL',
      'max({{ "" }}',
      /limit of grow: usage: POST http:\S+: the server answered 400 \(bad_data, at line 1, column 2 of the query\)/,
    ],
  ];
  for (const [what, usage, message] of unusable) {
    it(`says that the usage gives ${what}, beside the commits`, async () => {
      const { code, stdout, stderr } = await run('backtest', await writeSet(setText(usage)), ...PERIOD);
      assert.equal(code, 1);
      assert.match(stderr, message);
      assert.match(stdout, /ConfigMap\/apps\/grow/);
    });
  }
});
