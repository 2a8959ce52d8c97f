import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { answering, asking, changing, inTurn, QUESTIONS, type SourceFault } from './source-fault.ts';

/** Stands in whatever a server says of itself, and must be repeated nowhere. */
export const CANARY = 'canary-body-77e1';

const MIB = 1024 * 1024;
const JSON_TYPE = { 'content-type': 'application/json' };
const PAGE = `<!doctype html><html><title>Log in</title>${CANARY}</html>`;
const ERROR = `{"status":"error","errorType":"internal","error":"${CANARY}"}`;
const EMPTY = '{"status":"success","data":{"resultType":"vector","result":[]}}';

/** Ten million times smaller than what it becomes, made once. */
let bomb: Buffer | undefined;
const gzipBomb = (): Buffer => {
  bomb ??= gzipSync(Buffer.alloc(64 * MIB), { level: 9 });
  return bomb;
};

/** When to come again: in seconds, as a date, and in no form at all. */
const WISHES = ['1', '600', 'Fri, 31 Dec 2100 23:59:59 GMT', 'soon'];

/** Statuses that say that something is wrong, each with and without a wish when to come again. */
const STATUSES: readonly SourceFault[] = [500, 502, 503, 504, 429].flatMap((status) =>
  [false, true].map(
    (isPolite): SourceFault => ({
      what: `status ${status} ${isPolite ? 'with' : 'without'} Retry-After`,
      inject: (n) => ({
        ...answering(
          status,
          inTurn([CANARY, PAGE, ERROR, EMPTY, ''], n),
          isPolite ? { 'retry-after': inTurn(WISHES, n) } : {},
        ),
        ...to(n),
        word: 'Failed',
        message: new RegExp(`answered ${status}`),
      }),
    }),
  ),
);

/** Statuses that are refused, and redirects that are not followed. */
const REFUSALS: readonly SourceFault[] = [
  ...[401, 403, 404, 405].map(
    (status): SourceFault => ({
      what: `status ${status}`,
      inject: (n) => ({
        ...answering(status, inTurn([CANARY, PAGE, EMPTY], n), { 'www-authenticate': `Bearer ${CANARY}` }),
        ...to(n),
        word: 'Failed',
        message: new RegExp(`answered ${status}; `),
      }),
    }),
  ),
  {
    what: 'status 400, as Prometheus gives it',
    inject: (n) => ({
      ...asking(
        inTurn<Record<string, string>>([{ query: 'sum(' }, { time: 'yesterday' }, { timeout: 'never' }], n),
      ),
      ...to(n),
      word: 'Failed',
      message: /answered 400 \(bad_data(?:, at line 1, column 5 of the query)?\)/,
    }),
  },
  {
    what: 'status 422, as Prometheus gives it',
    inject: (n) => ({
      ...asking({ query: 'app_memory_bytes * on() app_cpu_cores' }),
      ...to(n),
      word: 'Failed',
      message: /answered 422 \(execution\)/,
    }),
  },
  {
    what: 'status 503 for a query that takes too long, as Prometheus gives it',
    inject: (n) => ({
      ...asking({ timeout: '0.0000001' }),
      ...to(n),
      word: 'Failed',
      message: /answered 503/,
    }),
  },
  {
    what: 'a redirect to another origin, a metadata address, a login page, itself or nowhere',
    inject: (n) => ({
      ...answering(inTurn([307, 308, 302, 301, 303], n), '', {
        location: inTurn(
          [
            `https://example.com/api/v1/query?${CANARY}`,
            'https://169.254.169.254/latest/meta-data',
            'https://[::ffff:169.254.169.254]/',
            `/login?${CANARY}`,
            '/api/v1/query',
            'http://localhost/api/v1/query',
            'https://user:password@localhost/',
            'file:///etc/passwd',
            'https://',
          ],
          n,
        ),
      }),
      ...to(n),
      word: 'Failed',
      message: /redirect/,
    }),
  },
];

/** Bodies that are not what was asked for. */
const BODIES: readonly SourceFault[] = [
  {
    what: 'a login page with status 200',
    inject: (n) => ({
      ...answering(200, PAGE, inTurn([{ 'content-type': 'text/html' }, JSON_TYPE, {}], n)),
      ...to(n),
      word: 'Failed',
      message: /not JSON but HTML/,
    }),
  },
  {
    what: 'a body that says nothing',
    inject: (n) => ({
      ...answering(
        inTurn([200, 204, 206], Math.floor(n / 9)),
        inTurn(['', 'null', '[]', '{}', '{"data":{}}', '0', '"success"', ' ', '{"result":[]}'], n),
        JSON_TYPE,
      ),
      ...to(n),
      word: 'Failed',
      message: /not JSON|not an answer of Prometheus/,
    }),
  },
  {
    what: 'a body without end, or of more than 8 MiB',
    inject: (n) => ({
      answer: inTurn(
        [
          ({ response }) => pour(response, 'x'),
          ({ response }) => pour(response, ' '),
          ({ response }) => response.writeHead(200).end(' '.repeat(9 * MIB)),
          ({ response }) => response.writeHead(200, { 'content-length': 2 ** 30 }).write('{'),
        ] as const,
        n,
      ),
      ...to(n),
      word: 'Failed',
      message: /larger than 8 MiB/,
    }),
  },
  {
    what: 'a body that was compressed, and a bomb among them',
    inject: (n) => ({
      async answer({ response, ask }) {
        const encoding = inTurn(['gzip', 'deflate', 'br', 'gzip, gzip, gzip'], n);
        const body = n % 2 === 0 ? gzipBomb() : gzipSync((await ask()).body);
        response.writeHead(200, { ...JSON_TYPE, 'content-encoding': encoding }).end(body);
      },
      ...to(n),
      word: 'Failed',
      message: /compressed although/,
    }),
  },
  {
    what: 'bytes that are no text',
    inject: (n) => ({
      ...changing((body) => {
        const broken = inTurn([[0xff], [0xc3, 0x28], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80]], n);
        const at = body.indexOf('app-000') + (n % 7);
        const [head, tail] = [body.slice(0, Math.max(at, 10)), body.slice(Math.max(at, 10))];
        return Buffer.concat([Buffer.from(head), Buffer.from(broken), Buffer.from(tail)]);
      }),
      ...to(n),
      word: 'Failed',
      message: /not UTF-8 text/,
    }),
  },
  {
    what: 'random bytes, and gzip that does not say so',
    inject: (n) => ({
      ...answering(
        200,
        n % 2 === 0 ? Buffer.concat([Buffer.from([0x80]), randomBytes(5000)]) : gzipSync(EMPTY),
      ),
      ...to(n),
      word: 'Failed',
      message: /not UTF-8 text/,
    }),
  },
  {
    what: 'a byte order mark of UTF-16, or NUL bytes',
    inject: (n) => ({
      ...changing((body) =>
        inTurn(
          [
            () => Buffer.from(`\ufeff${body}`, 'utf16le'),
            () => Buffer.from(`\0${body}`),
            () => Buffer.from(body.replace('"result"', '"res\0ult"')),
            () => Buffer.from(`${body}\0`),
          ],
          n,
        )(),
      ),
      ...to(n),
      word: 'Failed',
      message: /not UTF-8 text|not JSON/,
    }),
  },
  {
    what: 'JSON that is a million deep',
    inject: (n) => ({
      ...answering(
        200,
        inTurn(
          [
            '['.repeat(1e6),
            `${'['.repeat(1e6)}${']'.repeat(1e6)}`,
            '{"data":'.repeat(5e5),
            EMPTY.replace('[]', `${'['.repeat(1e5)}${']'.repeat(1e5)}`),
          ],
          n,
        ),
        JSON_TYPE,
      ),
      ...to(n),
      word: 'Failed',
      message: /not JSON|not an object|deep/,
    }),
  },
  {
    what: 'an answer that is cut off at every 10th byte',
    times: 1400,
    inject: (n) => ({
      async answer({ response, ask }) {
        const { body } = await ask();
        const place = Math.floor(n / 2);
        // A prime, so that few injections lie far apart and many leave out no place.
        const cut = body.slice(0, 10 * ((place * 9973) % Math.ceil(body.length / 10)));
        // Every second one says how long it should have been.
        const isSilent = place % 2 === 0;
        response.writeHead(200, isSilent ? JSON_TYPE : { 'content-length': body.length });
        if (isSilent) response.end(cut);
        else response.write(cut, () => response.socket?.destroy());
      },
      to: [inTurn(['memory', 'cpu'] as const, n)],
      word: 'Failed',
      message: /not JSON|closed|reset|not as long as it says/,
    }),
  },
];

/** Statuses and bodies that a server may send. */
export const ANSWER_FAULTS = { statuses: STATUSES, refusals: REFUSALS, bodies: BODIES } as const;

/** As much as the other side takes, without an end. */
function pour(response: ServerResponse, filling: string): void {
  const chunk = filling.repeat(MIB);
  const more = (): void => {
    while (!response.destroyed && response.write(chunk));
  };
  response.writeHead(200, JSON_TYPE).on('drain', more);
  more();
}

function to(n: number) {
  const questions = inTurn(QUESTIONS, n);
  return questions && { to: questions };
}
