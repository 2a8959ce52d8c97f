import assert from 'node:assert/strict';
import type { HttpRequest } from '../../src/api/readers.ts';
import { makeContext } from '../../test/harness/http-context.ts';
import { apiClient } from './index.ts';
import type { ApiClientSpec } from './schema.ts';

const ENDPOINT = 'http://prometheus:9090/api/v1/query?query=up&token=canary';
const PLACE = 'GET http://prometheus:9090/api/v1/query: ';
const SPEC: ApiClientSpec = { interval: '24h', endpoint: ENDPOINT };

function vector(...values: string[]): string {
  const result = values.map((value) => ({ metric: { pod: 'a' }, value: [1687950455.23, value] }));
  return JSON.stringify({ status: 'success', data: { resultType: 'vector', result } });
}

async function generate(spec: Partial<ApiClientSpec>, body: string, status = 200): Promise<unknown> {
  return apiClient.generate({ ...SPEC, ...spec }, makeContext({ body, status }).context);
}

const ELEMENTS: [string, Partial<ApiClientSpec>, string, unknown][] = [
  ['a list of objects', {}, '[{"a": 1}, {"a": 2}]', [{ a: 1 }, { a: 2 }]],
  ['an empty list', {}, '[]', []],
  ['an object as the single element', { singleElement: true }, '{"a": 1}', [{ a: 1 }]],
  [
    'the list that jsonPath finds',
    { jsonPath: '{ .things }' },
    '{"things": [{"a": 1}, {"a": 2}]}',
    [{ a: 1 }, { a: 2 }],
  ],
  ['the empty list that jsonPath finds', { jsonPath: '{.things}' }, '{"things": []}', []],
  [
    'jsonPath before singleElement',
    { jsonPath: '{$.things}', singleElement: true },
    '{"things": [{}]}',
    [{}],
  ],
  [
    'the result of a query by jsonPath',
    { jsonPath: '{.data.result}' },
    vector('3'),
    [{ metric: { pod: 'a' }, value: [1687950455.23, '3'] }],
  ],
  ['numbers with every digit', {}, '[{"n": 9007199254740993}]', [{ n: 9007199254740993n }]],
  [
    'an empty result that is accepted',
    { singleElement: true, onEmpty: 'accept' },
    vector(),
    [JSON.parse(vector())],
  ],
  [
    'an empty result by jsonPath that is accepted',
    { jsonPath: '{.data.result}', onEmpty: 'accept' },
    vector(),
    [],
  ],
  ['a status of the API itself', { singleElement: true }, '{"status": "error"}', [{ status: 'error' }]],
];

const FAILURES: [string, Partial<ApiClientSpec>, string, RegExp, number?][] = [
  [
    'an object without singleElement',
    {},
    '{"canary": 1}',
    /is an object, not a list; set singleElement: true, or jsonPath/,
  ],
  [
    'a list with singleElement',
    { singleElement: true },
    '[{}]',
    /is a list, not an object, as singleElement needs/,
  ],
  ['null with singleElement', { singleElement: true }, 'null', /is null, not an object/],
  ['a text', {}, '"canary"', /the answer is a string, not a list of objects/],
  ['a number', {}, '12345678901234567890', /the answer is a number, not a list/],
  ['a list of texts', {}, '[{}, "canary"]', /the answer: item 1 is a string, not an object/],
  [
    'a jsonPath to nothing',
    { jsonPath: '{.missing}' },
    '{"a": 1}',
    /jsonPath \{\.missing\}: JSONPath: "missing" is not found|"missing" is not found/,
  ],
  [
    'a jsonPath to many values',
    { jsonPath: '{.a[*]}' },
    '{"a": [{}, {}]}',
    /jsonPath \{\.a\[\*\]\} finds 2 values, it must find one list/,
  ],
  ['a jsonPath to no value', { jsonPath: '{.a[*]}' }, '{"a": []}', /finds 0 values/],
  [
    'a jsonPath to an object',
    { jsonPath: '{.a}' },
    '{"a": {}}',
    /\{\.a\} is an object, not a list of objects/,
  ],
  [
    'a jsonPath to texts',
    { jsonPath: '{.a}' },
    '{"a": ["canary"]}',
    /\{\.a\}: item 0 is a string, not an object/,
  ],
  [
    'a login page',
    { singleElement: true },
    '<!DOCTYPE html><title>canary</title>',
    /not JSON but HTML, such as a login page/,
  ],
  ['text that is not JSON', {}, 'canary', /the answer is not JSON: not valid JSON/],
  ['nothing', {}, '', /the answer is not JSON/],
  ['JSON cut off', {}, '[{"a": "canary', /the answer is not JSON/],
  ['deep JSON', {}, `${'['.repeat(100_000)}${']'.repeat(100_000)}`, /nested deeper than 64 levels/],
  [
    'a key that reaches prototypes',
    { singleElement: true },
    '{"__proto__": {"canary": 1}}',
    /the key "__proto__" is refused/,
  ],
  [
    'a Prometheus error',
    { singleElement: true },
    '{"status":"error","errorType":"timeout","error":"canary"}',
    /status error \(timeout\)/,
  ],
  ['an empty result', { singleElement: true }, vector(), /empty result/],
  ['an empty result by jsonPath', { jsonPath: '{.data.result}' }, vector(), /empty result/],
  [
    'NaN',
    { singleElement: true },
    vector('300', 'NaN'),
    /data\.result\[1\]\.value .* is NaN, not a finite number/,
  ],
  [
    'NaN, though empty results are accepted',
    { jsonPath: '{.data.result}', onEmpty: 'accept' },
    vector('NaN'),
    /NaN/,
  ],
  ['+Inf', { jsonPath: '{.data.result}' }, vector('+Inf'), /is \+Inf/],
  ['401', {}, 'canary', /the server answered 401; set the Authorization header/, 401],
  ['403', {}, 'canary', /the server answered 403; the credentials/, 403],
  ['404', {}, 'canary', /the server answered 404; check the path/, 404],
  ['500', {}, '[]', /the server answered 500$/, 500],
  ['a redirect that leads nowhere', {}, '[]', /the server answered 302$/, 302],
  [
    'a bad query',
    {},
    '{"status":"error","errorType":"bad_data","error":"canary"}',
    /the server answered 400 \(bad_data\)$/,
    400,
  ],
  ["an error type of the server's own", {}, '{"errorType":"canary"}', /the server answered 422$/, 422],
];

describe('apiClient', () => {
  for (const [what, spec, body, expected] of ELEMENTS) {
    it(`gives ${what}`, async () => assert.deepEqual(await generate(spec, body), expected));
  }

  for (const [what, spec, body, message, status] of FAILURES) {
    it(`fails on ${what}, naming the place and nothing of the answer`, async () => {
      await assert.rejects(generate(spec, body, status), (error: Error) => {
        assert.ok(error.message.startsWith(PLACE), error.message);
        assert.match(error.message, message);
        assert.doesNotMatch(error.message, /canary/);
        return true;
      });
    });
  }

  it('takes 24h as milliseconds for its interval', () => {
    assert.equal(apiClient.interval?.(SPEC), 24 * 3_600_000);
  });

  const queries: [string, Partial<ApiClientSpec>, string][] = [
    [
      'the PromQL of its URL',
      { endpoint: 'http://p/api/v1/query?query=max%28up%7Ba%3D%22b%22%7D%29&time=1' },
      'max(up{a="b"})',
    ],
    [
      'method, origin and path otherwise',
      { endpoint: 'http://u:canary@p:9090/x?token=canary' },
      'GET http://p:9090/x',
    ],
    ['POST for a body', { endpoint: 'https://p/x', body: {} }, 'POST https://p/x'],
    ['the method it was told', { endpoint: 'https://p/x', method: 'POST' }, 'POST https://p/x'],
    ['method and path for an empty query', { endpoint: 'http://p/x?query=' }, 'GET http://p/x'],
    ['something for a broken URL', { endpoint: 'http://' }, 'GET a malformed URL'],
  ];
  for (const [what, spec, expected] of queries) {
    it(`shows as its query ${what}`, () => assert.equal(apiClient.query?.({ ...SPEC, ...spec }), expected));
  }

  describe('the request', () => {
    const requests: [string, Partial<ApiClientSpec>, Partial<HttpRequest>][] = [
      ['is a GET with 30 seconds', {}, { method: 'GET', timeout: 30_000 }],
      [
        'is a POST when told so, without a content type',
        { method: 'POST' },
        { method: 'POST', timeout: 30_000 },
      ],
      ['has the timeout of the spec', { timeout: '1m30s' }, { method: 'GET', timeout: 90_000 }],
      [
        'is a POST of JSON with a body, whatever the method',
        { method: 'GET', body: { a: [1, 'x', null] } },
        {
          method: 'POST',
          timeout: 30_000,
          body: '{"a":[1,"x",null]}',
          headers: { 'content-type': 'application/json' },
        },
      ],
      [
        'has a body also when that is null',
        { body: null },
        { method: 'POST', timeout: 30_000, body: 'null', headers: { 'content-type': 'application/json' } },
      ],
      [
        'keeps the digits of its body',
        { body: { n: 9007199254740993n } },
        {
          method: 'POST',
          timeout: 30_000,
          body: '{"n":9007199254740993}',
          headers: { 'content-type': 'application/json' },
        },
      ],
    ];
    for (const [what, spec, expected] of requests) {
      it(what, async () => {
        const { context, requests: sent } = makeContext();
        await apiClient.generate({ ...SPEC, ...spec }, context);
        assert.deepEqual(sent, [{ url: ENDPOINT, ...expected }]);
      });
    }

    for (const kind of ['Secret', 'ConfigMap'] as const) {
      it(`has every key of a ${kind} as a header, over the content type of its body`, async () => {
        const data = { Authorization: 'Bearer x', 'Content-Type': 'text/json' };
        const field = kind === 'Secret' ? 'stringData' : 'data';
        const object = { apiVersion: 'v1', kind, metadata: { name: 'h', namespace: 'apps' }, [field]: data };
        const { context, requests: sent, refs } = makeContext({}, [object]);
        await apiClient.generate({ ...SPEC, body: {}, headersRef: { kind, name: 'h' } }, context);
        assert.deepEqual(sent[0]?.headers, data);
        assert.deepEqual(refs, [{ apiVersion: 'v1', kind, namespace: 'apps', name: 'h' }]);
      });
    }

    for (const timeout of ['0s', '0h', '11m']) {
      it(`is not sent with a timeout of ${timeout}`, async () => {
        const { context, requests: sent } = makeContext();
        await assert.rejects(apiClient.generate({ ...SPEC, timeout }, context), {
          name: 'StalledError',
          message: `timeout ${timeout} must be longer than 0s and at most 10m`,
        });
        assert.deepEqual(sent, []);
      });
    }

    it('is not sent with a jsonPath that is written wrong', async () => {
      const { context, requests: sent } = makeContext();
      await assert.rejects(apiClient.generate({ ...SPEC, jsonPath: '{.a' }, context), {
        name: 'StalledError',
        message: 'jsonPath: column 4 of the JSONPath: expected "}", not the end',
      });
      assert.deepEqual(sent, []);
    });
  });
});

describe('apiClient and the warnings of Prometheus', () => {
  const good = JSON.parse(vector('3'));
  const cases: { name: string; body: object; logged: string[] }[] = [
    {
      name: 'one warning',
      body: { ...good, warnings: ['canary: store is gone'] },
      logged: [
        `${PLACE}the Prometheus answer has a warning: it may be partial; run the query by hand to see why`,
      ],
    },
    {
      name: 'two warnings',
      body: { ...good, warnings: ['canary', 'canary'] },
      logged: [
        `${PLACE}the Prometheus answer has 2 warnings: it may be partial; run the query by hand to see why`,
      ],
    },
    { name: 'an empty list of them', body: { ...good, warnings: [] }, logged: [] },
    { name: 'notes only', body: { ...good, infos: ['canary'] }, logged: [] },
    { name: 'another API', body: { status: 'ok', warnings: ['canary'] }, logged: [] },
  ];
  for (const { name, body, logged } of cases) {
    it(`logs their number and takes the data, with ${name}`, async () => {
      const { context, warnings } = makeContext({ body: JSON.stringify(body) });
      assert.deepEqual(await apiClient.generate({ ...SPEC, singleElement: true }, context), [body]);
      assert.deepEqual(warnings, logged);
    });
  }
});
