import type { Asked } from './faulty-prometheus.ts';
import { SECRETS } from './faulty-set.ts';
import {
  type AnsweredSeries,
  answering,
  asking,
  changing,
  changingSeries,
  inTurn,
  type SourceFault,
  type Word,
} from './source-fault.ts';

const VALUES: readonly Asked[] = ['memory', 'cpu'];
const JSON_TYPE = { 'content-type': 'application/json' };
const now = (): number => Math.floor(Date.now() / 1000);

/** What no name of a resource has in it: control characters, and what leads along a path. */
const ODD = ['\0', '\ud800', '\udc00x', '\n', '\r', '\u2028', '../', '/x', '%2e', '\x7f'];

/** The label of a series in place of that which it has. */
const renamed = (one: AnsweredSeries, app: string) => ({ ...one, metric: { app } });
/** A value in place of that which it has. */
const valued = (one: AnsweredSeries, value: unknown) => ({ ...one, value: [one.value[0], value] });

/** Values that are none, and what becomes of the elements. */
const NUMBERS: readonly SourceFault[] = [
  {
    what: 'NaN and infinities in place of values',
    inject: (n) => {
      const value = inTurn(['NaN', '+Inf', '-Inf', 'Inf'], n);
      const isMet = inTurn([() => true, (place: number) => place === 3, (place: number) => place > 0], n);
      return {
        ...changingSeries((all) => all.map((one, place) => (isMet(place) ? valued(one, value) : one))),
        to: inTurn<readonly Asked[]>([VALUES, ['memory'], ['cpu']], Math.floor(n / 3)),
        word: 'ElementsHeld',
        message: /InputMissing/,
      };
    },
  },
  {
    what: 'NaN and infinities in place of the age of samples',
    inject: (n) => ({
      ...changingSeries((all) => all.map((one) => valued(one, inTurn(['NaN', '+Inf', '-Inf'], n)))),
      to: ['age'],
      word: 'Failed',
      message: /not a finite number/,
    }),
  },
  {
    what: 'one value that is no number, or a number that is no text',
    inject: (n) => {
      const wrong = inTurn<unknown>(
        [300, '300Mi', '', ' 300 ', '0x1f', '1_000', '1e999', null, true, ['300'], '3 00', '٣', '1,5'],
        n,
      );
      const at = (n * 7) % 100;
      return {
        ...changingSeries((all) => all.map((one, place) => (place === at ? valued(one, wrong) : one))),
        to: [inTurn(VALUES, n)],
        word: 'Failed',
        message: /is not a (?:sample|number)/,
      };
    },
  },
];

/** Fewer series than before, or none. */
const FEWER: readonly SourceFault[] = [
  {
    what: 'an empty result',
    inject: (n) => ({
      ...(n % 2 === 0 ? changingSeries(() => []) : asking({ query: 'app_memory_bytes{app="nobody"}' })),
      to: inTurn<readonly Asked[]>([VALUES, ['memory'], ['cpu'], ['age']], Math.floor(n / 2)),
      word: 'Failed',
      message: /empty result|has no sample/,
    }),
  },
  {
    what: 'fewer series than the guard lets go: one, a half, three of four',
    inject: (n) => {
      const left = inTurn([1, 50, 75, 79], n);
      return {
        ...changingSeries((all) => (n % 8 < 4 ? all.slice(0, left) : all.slice(-left))),
        to: VALUES,
        word: 'PlanHeld',
        message: /would delete \d+ of 200 resources; spec\.guard\.maxPrune 20% allows 40 in 24 hours/,
      };
    },
  },
  {
    what: 'fewer series of one query: one, a half, all but one',
    inject: (n) => ({
      ...changingSeries((all) => all.slice(0, inTurn([1, 50, 99], n))),
      to: [inTurn(VALUES, n)],
      word: 'ElementsHeld',
      message: /InputMissing/,
    }),
  },
  {
    what: 'other series in place of all that there were',
    inject: (n) => ({
      ...changingSeries((all) => all.map((one, place) => renamed(one, `other-${n}-${place}`))),
      to: VALUES,
      word: 'PlanHeld',
      message: /would delete 200 of 200/,
    }),
  },
  {
    what: 'the same series twice',
    inject: (n) => ({
      ...changingSeries((all) =>
        inTurn(
          [
            [...all, ...all],
            [...all, all[n]],
            [...all, valued(all[n] as AnsweredSeries, '1')],
          ],
          n,
        ),
      ),
      to: [inTurn(VALUES, n)],
      word: 'Failed',
      message: /two series have the labels/,
    }),
  },
];

/** Series whose labels nobody could have. */
const LABELS: readonly SourceFault[] = [
  {
    what: 'labels that are missing, or are no text',
    inject: (n) => ({
      ...changingSeries((all) =>
        all.map((one, place) =>
          place === 0
            ? { ...one, metric: inTurn<unknown>([null, [], 'x', { app: 1 }, { app: null }, { app: {} }], n) }
            : one,
        ),
      ),
      to: [inTurn(VALUES, n)],
      word: 'Failed',
      message: /has no object metric|a label that is no text/,
    }),
  },
  {
    what: 'names of all elements with NUL, lone surrogates, line breaks, paths or YAML',
    inject: (n) => ({
      ...changingSeries((all) => all.map((one) => renamed(one, `${one.metric['app']}${inTurn(ODD, n)}`))),
      to: VALUES,
      word: 'Failed',
      message: /is no name that Kubernetes takes/,
    }),
  },
  {
    what: 'one element more whose name none can have',
    inject: (n) => {
      const isKey = n % 5 > 0;
      const name = isKey ? `x${inTurn(ODD, n)}` : inTurn(['', ' ', 'x'.repeat(300)], n / 5);
      return {
        ...changingSeries((all) => [...all, renamed(all[0] as AnsweredSeries, name)]),
        to: VALUES,
        ...(isKey
          ? { word: 'ElementsHeld', message: /is no name that Kubernetes takes/ }
          : { word: 'Failed', message: /elementKey/ }),
      };
    },
  },
  {
    what: '__proto__ as label or field',
    inject: (n) => ({
      ...changing((body) =>
        withField(body, inTurn(['"__proto__":{"app":"x","status":"error"}', '"__proto__":"x"'], n), n),
      ),
      to: [inTurn(VALUES, n)],
      word: 'Failed',
      message: /the key "__proto__" is refused/,
    }),
  },
];

/** A field twice, at its place or after it, and what becomes of that. */
const TWICE: readonly (readonly [change: (body: string) => string, word: Word])[] = [
  [(body) => body.replace('"result":', '"result":[],"result":'), 'Same'],
  [(body) => body.replace('{', '{"status":"error",'), 'Same'],
  [(body) => body.replaceAll('"metric":{', '"metric":{"app":"x",'), 'Same'],
  [(body) => body.replace(/]}}$/, '],"result":[]}}'), 'Failed'],
  [(body) => body.replace(/}$/, ',"status":"error"}'), 'Failed'],
  [(body) => body.replace(/}$/, ',"data":{"resultType":"vector","result":[]}}'), 'Failed'],
  [(body) => body.replaceAll(/"app":"[^"]*"}/g, '"app":"a","app":"b"}'), 'Failed'],
];

/** Answers whose parts contradict each other, or are others than those that were asked for. */
const SHAPES: readonly SourceFault[] = [
  {
    what: 'status error beside data, with status 200',
    inject: (n) => ({
      ...inTurn(
        [
          changing((body) => body.replace('"status":"success"', '"status":"error"')),
          changing((body) => body.replace('{', '{"errorType":"timeout","error":"x",')),
          answering(200, '{"status":"error","errorType":"execution","error":"x"}', JSON_TYPE),
          answering(200, '{"status":"error"}', JSON_TYPE),
        ],
        n,
      ),
      to: inTurn<readonly Asked[]>([VALUES, ['memory'], ['age']], n),
      word: 'Failed',
      message: /status error|not an answer of Prometheus/,
    }),
  },
  {
    what: 'warnings beside an answer that is partial or whole',
    inject: (n) => ({
      ...changing((body) => {
        const answer = JSON.parse(body) as { data: { result: unknown[] } };
        const kept = answer.data.result.slice(0, inTurn([1, 50, 99, 100], n));
        const data = { ...answer.data, result: kept };
        return JSON.stringify({ ...answer, data, warnings: inTurn([['x'], ['x', 'y'], [{}]], n) });
      }),
      to: inTurn<readonly Asked[]>([VALUES, ['memory'], ['age']], n),
      word: 'Failed',
      message: /has (?:a warning|\d+ warnings): it may be partial/,
    }),
  },
  {
    what: 'a result of another type',
    inject: (n) => ({
      ...inTurn(
        [
          asking({ query: '"text"' }),
          asking({ query: 'app_memory_bytes[5m]' }),
          asking({ query: '5' }),
          asking({ query: 'vector(5)' }),
          changing((body) => body.replace('"vector"', '"matrix"')),
          changing((body) => body.replace('"vector"', '"streams"')),
          changing((body) => body.replaceAll('"value":', '"values":')),
          changing((body) => body.replaceAll('"value":', '"histogram":')),
        ],
        n,
      ),
      to: VALUES,
      word: 'Failed',
    }),
  },
  {
    what: 'the same field twice, of which the last counts',
    inject: (n) => {
      const [change, word] = inTurn(TWICE, n);
      return { ...changing(change), to: [inTurn(VALUES, n)], word };
    },
  },
];

/** Times that are not as they should be. */
const TIMES: readonly SourceFault[] = [
  {
    what: 'samples that are older than maxSampleAge',
    inject: (n) => ({
      ...inTurn(
        [
          asking({ time: String(now() + 2 * 3600 + 3600) }),
          changingSeries((all) => all.map((one) => valued(one, String(one.value[0] - 901 - n)))),
        ],
        n,
      ),
      to: ['age'],
      word: 'Failed',
      message: /older than 15m0s|has no sample of the last 15m0s/,
    }),
  },
  {
    what: 'a clock that is years behind or ahead',
    inject: (n) => ({
      ...asking({ time: String(now() + inTurn([-1, 1, 10, -20], n) * 365 * 86_400) }),
      word: 'Failed',
      message: /empty result|has no sample/,
    }),
  },
  {
    what: 'samples of a time that is still to come, or of none',
    inject: (n) => ({
      ...changingSeries((all) =>
        all.map((one) =>
          valued(one, inTurn([String(one.value[0] + 3600), '1e15', String(one.value[0] * 1000)], n)),
        ),
      ),
      to: ['age'],
      word: 'Failed',
      message: /lies in the future/,
    }),
  },
  {
    what: 'a time of evaluation that is none',
    inject: (n) => ({
      ...changingSeries((all) =>
        all.map((one) => ({ ...one, value: [inTurn([null, '1', 1e300, {}, -1e300], n), one.value[1]] })),
      ),
      to: [inTurn(VALUES, n)],
      word: 'Failed',
      message: /is not a sample/,
    }),
  },
];

/** What is no fault, and must not be taken for a change. */
const HARMLESS: readonly SourceFault[] = [
  harmless('another order of the series', (n) =>
    changingSeries((all) => (n % 2 === 0 ? all.toReversed() : all.toSorted(() => Math.random() - 0.5))),
  ),
  harmless('infos, and fields that nobody knows', (n) =>
    changing((body) =>
      body.replace('{', inTurn(['{"infos":["x"],', '{"x":{"y":[1]},', '{"warnings":[],'], n)),
    ),
  ),
  harmless('constructor and toString as labels and fields', (n) =>
    changing((body) => {
      const field = inTurn(['"constructor":{"prototype":{"app":"x"}}', '"toString":"x"'], n);
      return body.includes('"app"') ? withField(body, field, n) : body;
    }),
  ),
  harmless('white space, a byte order mark, and another type of content', (n) =>
    changing((body) => inTurn([`\n\t ${body} \n`, `\ufeff${body}`, body.replaceAll(',', ' ,\n'), body], n), {
      'content-type': inTurn(['text/html', 'application/octet-stream', '', 'image/png'], n),
    }),
  ),
  harmless('a clock that is a few minutes off', (n) =>
    asking({ time: String(now() + inTurn([-600, 300, 600, -60], n)) }),
  ),
  {
    what: 'a Secret with another token, which is as good',
    inject: () => ({ secret: { name: SECRETS.token, data: { token: 'another' } }, word: 'Same' }),
  },
];

/** What an answer holds. */
export const CONTENT_FAULTS = {
  numbers: NUMBERS,
  'fewer series': FEWER,
  labels: LABELS,
  shapes: SHAPES,
  times: TIMES,
  'no faults': HARMLESS,
} as const;

/** The answer with one field more, in each of its parts in turn. */
function withField(body: string, field: string, n: number): string {
  const isText = field.endsWith('"x"');
  const inLabels = isText ? field : field.replace(/:.*$/, ':"x"');
  return inTurn(
    [
      () => body.replace('{', `{${field},`),
      () => body.replaceAll('"metric":{', `"metric":{${inLabels},`),
      () => body.replace('"data":{', `"data":{${field},`),
      () => body.replaceAll('{"metric"', `{${field},"metric"`),
    ],
    Math.floor(n / 2),
  )();
}

function harmless(what: string, inject: (n: number) => ReturnType<typeof asking>): SourceFault {
  const word: Word = 'Same';
  return { what, inject: (n) => ({ ...inject(n), word }) };
}
