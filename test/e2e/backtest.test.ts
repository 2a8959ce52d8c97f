import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { text } from 'node:stream/consumers';
import { LIST_SET, useCommandLine } from '../harness/command-line.ts';
import { startHttpServer, type TestServer } from '../harness/http-server.ts';
import { runProgram } from '../harness/run-program.ts';

const DAY = 24 * 3600;
const TO = Date.UTC(2026, 2, 1) / 1000;
const MIB = 2 ** 20;
const PERIOD = ['--from', '4d', '--to', '2026-03-01T00:00:00Z'];

/** What a pass is given on each of five days, in MiB; a status is an answer without samples. */
const PEAKS: readonly (number | { readonly status: number })[] = [100, 100, { status: 400 }, 200, 150];

/** A source with a peak for each day, and a usage of 90 MiB at each hour. */
const answer: RequestListener = async (request, response) => {
  const form = new URLSearchParams(await text(request));
  const time = Number(form.get('time'));
  const range = /\[(\d+)s:3600s\]$/.exec(form.get('query') ?? '');
  const peak = range ? 0 : (PEAKS[4 - (TO - time) / DAY] ?? 0);
  response.setHeader('content-type', 'application/json');
  if (typeof peak !== 'number') {
    response.statusCode = peak.status;
    response.end('{"status":"error","errorType":"bad_data","error":"no"}');
    return;
  }
  const metric = { app: 'web' };
  const values = Array.from({ length: Number(range?.[1]) / 3600 || 0 }, (_, index) => [
    time - index * 3600,
    String(90 * MIB),
  ]).reverse();
  const data = range
    ? { resultType: 'matrix', result: [{ metric, values }] }
    : { resultType: 'vector', result: [{ metric, value: [time, String(peak * MIB)] }] };
  response.end(JSON.stringify({ status: 'success', data }));
};

const TABLE = `SET           FROM                   TO                     STEPS   COMMITS   HELD   FAILED
apps/memory   2026-02-25T00:00:00Z   2026-03-01T00:00:00Z   5       3         0      1

COMMIT                 ACTION       RESOURCE             FIELD        BEFORE   AFTER
2026-02-25T00:00:00Z   created      ConfigMap/apps/web
2026-02-28T00:00:00Z   configured   ConfigMap/apps/web   data.limit   100Mi    200Mi
2026-03-01T00:00:00Z   configured   ConfigMap/apps/web   data.limit   200Mi    180Mi

DECISION               ELEMENT       NAME    BEFORE   AFTER   RULE              INPUT
2026-02-25T00:00:00Z   {app="web"}   limit   -        100Mi   Computed          104857600
2026-02-28T00:00:00Z   {app="web"}   limit   100Mi    200Mi   Computed          209715200
2026-03-01T00:00:00Z   {app="web"}   limit   200Mi    180Mi   DecreaseLimited   157286400

STEP                   OUTCOME   MESSAGE
`;

const FIGURES = `ELEMENT       NAME    VALUE                  HOURS   HOURS ABOVE   OVER-PROVISIONED    HOURS WITHOUT DATA
{app="web"}   limit   decided                96      0             3.281 GiB-hours     0
{app="web"}   limit   fixed 80Mi (given)     96      96            0 GiB-hours         0
`;

describe('the command line backtest', function suite() {
  this.timeout(60_000);
  const { env, run, writeSet } = useCommandLine();
  let server: TestServer;
  before(async () => {
    server = await startHttpServer(answer);
  });
  after(() => server.close());

  const setText = () => `apiVersion: generatorset.dev/v1alpha1
kind: GeneratorSet
metadata: {name: memory, namespace: apps}
spec:
  generators:
    - prometheus: {interval: 24h, url: "${server.origin}", query: peak_bytes}
  tune:
    - {name: limit, from: "{{ .Element.value }}", usage: usage_bytes, maxDecrease: 10%}
  templates:
    - content:
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: web}
        data: {limit: "{{ .Element.limit }}"}
`;

  it('writes tables to stdout, the same each time, and nothing to stderr', async () => {
    const args = ['backtest', await writeSet(setText()), ...PERIOD, '--fixed', 'limit=80Mi'];
    const [one, other] = [await run(...args), await run(...args)];
    assert.deepEqual([one.code, one.stderr], [0, '']);
    assert.equal(one.stdout, other.stdout);
    assert.ok(one.stdout.startsWith(TABLE), one.stdout);
    assert.match(
      one.stdout,
      /\n2026-02-27T00:00:00Z {3}failed {4}\S+: spec\.generators\[0\]\.prometheus: .*400 \(bad_data\)/,
    );
    assert.deepEqual(
      one.stdout.slice(one.stdout.indexOf('ELEMENT       NAME    VALUE')).replace(/ +/g, ' '),
      FIGURES.replace(/ +/g, ' '),
    );
  });

  it('writes CSV and JSON with the same figures', async () => {
    const args = ['backtest', await writeSet(setText()), ...PERIOD, '--fixed', 'limit=80Mi'];
    const json = JSON.parse((await run(...args, '-o', 'json')).stdout) as {
      figures: { decided: { overProvisioned: number } }[];
    };
    // 72 hours of 10 MiB, and 24 of 110.
    assert.equal(json.figures[0]?.decided.overProvisioned, (72 * 10 + 24 * 110) / 1024);
    const csv = (await run(...args, '-o', 'csv')).stdout;
    assert.ok(csv.includes(`,${(72 * 10 + 24 * 110) / 1024},GiB-hours,`), csv);
  });

  it('reads stdin', async () => {
    const { stdout, code } = await runProgram(['backtest', '-', ...PERIOD], { stdin: setText(), env: env() });
    assert.equal(code, 0);
    assert.match(stdout, /^SET/);
  });

  it('says what a set without usage lacks, and shows its commits', async () => {
    const file = await writeSet(setText().replace('usage: usage_bytes, ', ''));
    const { stdout, stderr, code } = await run('backtest', file, ...PERIOD);
    assert.equal(code, 0);
    assert.match(stderr, /^◎ apps\/memory: limit: .*need spec\.tune\[\]\.usage/);
    assert.match(stdout, /DECISION[\s\S]*DecreaseLimited/);
    assert.doesNotMatch(stdout, /OVER-PROVISIONED/);
  });

  const refused: [string, () => string, string[], RegExp][] = [
    [
      'generators that do not know the past',
      () => LIST_SET,
      PERIOD,
      /✗ .*spec\.generators\[0\]\.list does not know the past, so backtest cannot ask it: use a generator that does/,
    ],
    [
      'several sets',
      () => `${LIST_SET}---\n${LIST_SET.replace('name: list', 'name: other')}`,
      PERIOD,
      /holds 2 GeneratorSets/,
    ],
    [
      '--replay without --to',
      () => LIST_SET,
      ['--from', '4d', '--replay', '/nowhere'],
      /--replay needs --to/,
    ],
    ['no --from', () => LIST_SET, [], /required option '--from <duration>'/],
    [
      'a length that is none',
      () => LIST_SET,
      ['--from', 'long'],
      /--from "long" is not a duration such as 30d/,
    ],
    ['too many steps', () => LIST_SET, ['--from', '30d', '--step', '1m'], /more than 1000 steps of 1m/],
    ['a fixed value of another name', setText, [...PERIOD, '--fixed', 'max=1Gi'], /NAME being limit/],
    [
      'credentials in --prometheus',
      setText,
      [...PERIOD, '--prometheus', 'http://a:b@localhost'],
      /without user information/,
    ],
    ['another protocol', setText, [...PERIOD, '--prometheus', 'file:///etc/passwd'], /must be a URL such as/],
    [
      'a plot that cannot be written',
      setText,
      [...PERIOD, '--plot', '/nowhere/plot.svg'],
      /✗ .*nowhere\/plot\.svg/,
    ],
  ];
  for (const [what, set, args, message] of refused) {
    it(`refuses ${what}`, async () => {
      const { stdout, stderr, code } = await run('backtest', await writeSet(set()), ...args);
      assert.equal(code, 1);
      assert.equal(stdout, '');
      assert.match(stderr, message);
      assert.doesNotMatch(stderr, /a:b@/);
    });
  }

  it('fails where every step fails', async () => {
    const file = await writeSet(setText());
    const { stderr, code } = await run(
      'backtest',
      file,
      '--from',
      '1h',
      '--step',
      '1h',
      '--to',
      '2026-02-27T00:00:00Z',
    );
    assert.equal(code, 1);
    assert.match(stderr, /✗ each of the 2 steps fails; the one of 2026-02-27T00:00:00Z: .*400 \(bad_data\)/);
  });
});
