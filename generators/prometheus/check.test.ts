import assert from 'node:assert/strict';
import { generatorChecks } from '../../src/api/check-generators.ts';
import { createObjectSource } from '../../src/api/object-source.ts';
import { readGeneratorSets } from '../../src/api/read-sets.ts';
import { createSetValidator } from '../../src/api/validate-set.ts';
import type { JsonObject } from '../../src/lib/json.ts';
import { parseYaml } from '../../src/lib/yaml.ts';
import { checkSpec } from './check.ts';
import { type PrometheusSpec, prometheusSchema } from './schema.ts';

const SPEC = { interval: '1h', url: 'http://prometheus:9090', query: 'up' };

/** A spec without the query, where others are given. */
function specOf(change: Partial<PrometheusSpec>): PrometheusSpec {
  const { query, ...rest } = SPEC;
  return { ...(change.queries ? rest : { ...rest, query }), ...change } as PrometheusSpec;
}

const GOOD: [string, Partial<PrometheusSpec>][] = [
  ['a query', {}],
  ['a path before the API', { url: 'https://thanos.example:10902/team-a/' }],
  ['queries', { queries: { memory: 'a', cpu_2: 'b' }, joinOn: ['pod'] }],
  ['a scalar', { query: 'time()' }],
  ['a range', { range: { last: '24h', step: '5m' } }],
  ['a range of one step', { range: { last: '1s', step: '1s' } }],
  ['11000 steps', { range: { last: '11000s', step: '1s' } }],
  ['the longest timeout', { timeout: '10m' }],
  ['plain headers', { headers: { 'X-Scope-OrgID': 'a|b', Accept: 'application/json' } }],
  ['one number of series', { expect: { min: 3, max: 3 } }],
  ['an age', { maxSampleAge: '10m' }],
  ['freshness', { maxSampleAge: '10m', query: 'vector(1)', freshness: 'max(timestamp(up))' }],
  ['10 selectors', { maxSampleAge: '1h', query: 'a+b+c+d+e+f+g+h+i+j+a+b' }],
];

const BAD: [string, Partial<PrometheusSpec>, string, RegExp, number?][] = [
  ['user information', { url: 'http://u:canary@p' }, 'url', /user information.*secretRef/],
  ['a user without a password', { url: 'http://canary@p' }, 'url', /user information/],
  ['a query in the url', { url: 'http://p/?token=canary' }, 'url', /has a query or fragment/],
  ['a fragment in the url', { url: 'http://p/#canary' }, 'url', /has a query or fragment/],
  ['the whole path', { url: 'http://p/x/api/v1/query' }, 'url', /before \/api\/v1/],
  ['the path of the API', { url: 'http://p/api/v1/' }, 'url', /before \/api\/v1/],
  ['no host', { url: 'http://' }, 'url', /malformed/],
  ['a space in the url', { url: 'http://p/a b' }, 'url', /a space or control character/],
  ['no PromQL', { query: 'sum(up' }, 'query', /ends too early/, 6],
  ['no PromQL in queries', { queries: { a: 'up', b: 'up)' } }, 'queries.b', /unexpected "\)"/, 2],
  ['no PromQL in freshness', { freshness: 'max(', maxSampleAge: '1h' }, 'freshness', /ends too early/, 4],
  ['an empty query', { query: ' ' }, 'query', /is empty/, 0],
  ['a matrix', { query: 'up[5m]' }, 'query', /gives a range of samples.*or set range/],
  ['a matrix for a range', { query: 'up[5m]', range: { last: '1h', step: '1m' } }, 'query', /gives a range/],
  ['a text', { query: '"up"' }, 'query', /gives a text/],
  ['a scalar for a range', { query: '1', range: { last: '1h', step: '1m' } }, 'query', /vector\(\.\.\.\)/],
  ['a matrix as freshness', { freshness: 'up[5m]', maxSampleAge: '1h' }, 'freshness', /gives a range/],
  ['a name with a dash', { queries: { 'a-b': 'up' } }, 'queries.a-b', /must be a name/],
  ['a field that is there', { queries: { metric: 'up' } }, 'queries.metric', /is a field of every element/],
  ['the time as a field', { queries: { timestamp: 'up' } }, 'queries.timestamp', /is a field of every/],
  ['joinOn with one query', { joinOn: ['pod'] }, 'joinOn', /joins queries/],
  ['no time', { timeout: '0s' }, 'timeout', /0s must be longer than 0s and at most 10m/],
  ['too much time', { timeout: '11m' }, 'timeout', /at most 10m/],
  ['a time beyond all times', { timeout: '9999999h' }, 'timeout', /292 years/],
  ['a step too short', { range: { last: '1s', step: '10ms' } }, 'range.step', /at least 1s/],
  ['a range shorter than its step', { range: { last: '1m', step: '5m' } }, 'range.last', /as long as step/],
  ['too many steps', { range: { last: '11001s', step: '1s' } }, 'range.last', /more than 11000 steps/],
  ['a header with a space', { headers: { 'a b': 'x' } }, 'headers.a b', /cannot be a header's name/],
  ['a header that frames', { headers: { 'Content-Length': '1' } }, 'headers.Content-Length', /is refused/],
  ['another content type', { headers: { 'content-type': 'a' } }, 'headers.content-type', /is refused/],
  ['another host', { headers: { Host: 'x' } }, 'headers.Host', /is refused/],
  ['another user', { headers: { 'Impersonate-User': 'x' } }, 'headers.Impersonate-User', /is refused/],
  ['credentials', { headers: { authorization: 'canary' } }, 'headers.authorization', /Secret of secretRef/],
  ['a cookie', { headers: { Cookie: 'canary' } }, 'headers.Cookie', /Secret of secretRef/],
  ['a line break', { headers: { 'X-A': 'canary\r\nb: c' } }, 'headers.X-A', /no header may have/],
  ['one header twice', { headers: { 'X-A': 'a', 'x-a': 'b' } }, 'headers.x-a', /is there twice/],
  ['fewer than at least', { expect: { min: 3, max: 2 } }, 'expect.max', /is 2, less than min 3/],
  ['an age of nothing', { maxSampleAge: '0s' }, 'maxSampleAge', /at least 1s/],
  ['an age without selectors', { maxSampleAge: '1h', query: 'vector(1)' }, 'maxSampleAge', /give freshness/],
  ['11 selectors', { maxSampleAge: '1h', query: 'a+b+c+d+e+f+g+h+i+j+k' }, 'maxSampleAge', /11 selectors/],
  ['freshness without an age', { freshness: 'time()' }, 'freshness', /needs maxSampleAge/],
  [
    'more PromQL than anybody reads',
    { queries: Object.fromEntries('abcde'.split('').map((key) => [key, ` ${' '.repeat(16_000)}`])) },
    'queries',
    /longer than 65536 characters/,
  ],
];

describe('the check of a prometheus spec', () => {
  for (const [what, change] of GOOD) {
    it(`finds nothing wrong with ${what}`, () => assert.deepEqual(checkSpec(specOf(change)), []));
  }

  for (const [what, change, path, message, offset] of BAD) {
    it(`finds ${what}`, () => {
      const [mistake, ...more] = checkSpec(specOf(change));
      assert.deepEqual(more, []);
      assert.equal(mistake?.path.join('.'), path);
      assert.match(mistake?.message ?? '', message);
      assert.equal(mistake?.offset, offset);
      assert.doesNotMatch(mistake?.message ?? '', /canary/);
    });
  }

  it('finds all mistakes at once', () => {
    const spec = specOf({ url: 'http://u@p', query: 'up)', timeout: '0s', expect: { min: 2, max: 1 } });
    assert.deepEqual(
      checkSpec(spec).map(({ path }) => path.join('.')),
      ['url', 'query', 'timeout', 'expect.max'],
    );
  });

  it('is part of validation: a mistake in PromQL is placed in the file, and in the field where there is none', () => {
    const validate = createSetValidator(
      { prometheus: prometheusSchema },
      { checks: generatorChecks([{ name: 'prometheus', check: checkSpec }]) },
    );
    const text = [
      'apiVersion: generatorset.dev/v1alpha1',
      'kind: GeneratorSet',
      'metadata: {name: test}',
      'spec:',
      '  generators:',
      '    - prometheus:',
      '        interval: 1h',
      '        url: http://prometheus:9090',
      '        query: |',
      '          max by (pod) (',
      '            rate(up[5m]) by',
      '          )',
      '  templates: [{text: x}]',
    ].join('\n');
    const { errors } = readGeneratorSets(text, 'set.yaml', { validate });
    const message = 'is no PromQL: unexpected "by"';
    assert.deepEqual(
      errors.map((error) => error.message),
      [`set.yaml:11:26: spec.generators[0].prometheus.query: ${message}`],
    );
    const object = parseYaml(text) as JsonObject;
    assert.throws(() => validate(object, createObjectSource('apps/test')), {
      message: `spec.generators[0].prometheus.query:2:16: ${message}`,
    });
  });
});
