import type { JsonObject } from '../../src/lib/json.ts';
import type { World } from './world.ts';

/** What the contract suite needs to know of one generator. Every registered generator must have one. */
export interface Fixture {
  /** Specs that give elements. */
  readonly good: readonly ((world: World) => JsonObject)[];
  /** Specs that validation refuses, and what it must name. */
  readonly invalid: readonly (readonly [what: string, spec: JsonObject, message: RegExp])[];
  /** Valid specs that fail in the world. */
  readonly failing: Readonly<Record<string, (world: World) => JsonObject>>;
  /** A spec whose answer never comes; absent when the generator asks nobody. */
  readonly hanging?: (world: World) => JsonObject;
}

const endpoint = 'http://prometheus:9090/';
const url = 'https://git.example/fleet.git';
const api = { interval: '1h', endpoint };
const prometheus = { interval: '1h', url: 'http://prometheus:9090', query: 'up' };
const repository = { interval: '1h', url, directories: [{ path: 'apps/*' }] };

/** By the generator's key. */
export const fixtures: Readonly<Record<string, Fixture>> = {
  list: {
    good: [
      () => ({ elements: [{ deep: { list: [1, 2] } }, { deep: { list: [] } }] }),
      () => ({ elements: [] }),
    ],
    invalid: [
      ['no elements', {}, /elements/],
      ['elements that are no list', { elements: {} }, /elements/],
      ['an element that is a text', { elements: ['a'] }, /elements\[0\]/],
      ['an element that is a list', { elements: [[]] }, /elements\[0\]/],
    ],
    failing: {},
  },

  apiClient: {
    good: [
      ({ origin }) => ({ interval: '1h', endpoint: `${origin}/elements` }),
      ({ origin }) => ({ interval: '1h', endpoint: `${origin}/elements`, method: 'POST', body: { a: [1] } }),
    ],
    invalid: [
      ['no endpoint', { interval: '1h' }, /endpoint/],
      ['no interval', { endpoint }, /interval/],
      ['another protocol', { ...api, endpoint: 'file:///etc/passwd' }, /endpoint/],
      ['another method', { ...api, method: 'PUT' }, /method.*GET/],
      ['an interval that is a number', { ...api, interval: 5 }, /interval/],
      ['an interval without a unit', { ...api, interval: '5' }, /interval/],
      ['an interval that is too short', { ...api, interval: '1ms' }, /interval/],
      ['a negative timeout', { ...api, timeout: '-5s' }, /timeout/],
      ['headers of another kind', { ...api, headersRef: { kind: 'Pod', name: 'a' } }, /headersRef\.kind/],
      [
        'headers of another namespace',
        { ...api, headersRef: { kind: 'Secret', name: 'a', namespace: 'b' } },
        /namespace/,
      ],
      ['a Secret without a name', { ...api, secretRef: {} }, /secretRef.*name/],
      ['an empty name', { ...api, certSecretRef: { name: '' } }, /certSecretRef\.name/],
      ['another onEmpty', { ...api, onEmpty: 'hold' }, /onEmpty.*fail/],
      ['a singleElement that is a text', { ...api, singleElement: 'true' }, /singleElement/],
    ],
    failing: {
      'a page in place of JSON': ({ origin }) => ({ interval: '1h', endpoint: `${origin}/page` }),
      'refused credentials': ({ origin }) => ({
        interval: '1h',
        endpoint: `${origin}/refused?token=canary-7c1f`,
      }),
      'an unknown path': ({ origin }) => ({ interval: '1h', endpoint: `${origin}/nowhere` }),
      'a Prometheus error': ({ origin }) => ({ interval: '1h', endpoint: `${origin}/prometheus-error` }),
      'a header that cannot be sent': ({ origin }) => ({
        interval: '1h',
        endpoint: `${origin}/elements`,
        headersRef: { kind: 'Secret', name: 'headers' },
      }),
      'a CA that is none': ({ origin }) => ({
        interval: '1h',
        endpoint: `${origin}/elements`,
        secretRef: { name: 'ca' },
      }),
      'a missing Secret': ({ origin }) => ({
        interval: '1h',
        endpoint: `${origin}/elements`,
        secretRef: { name: 'missing' },
      }),
      'a URL with a password': () => ({ interval: '1h', endpoint: 'http://u:canary-7c1f@prometheus/' }),
      'a metadata address': () => ({ interval: '1h', endpoint: 'http://169.254.169.254/canary' }),
    },
    hanging: ({ origin }) => ({ interval: '1h', endpoint: `${origin}/hang` }),
  },

  prometheus: {
    good: [
      ({ origin }) => ({ interval: '1h', url: `${origin}/prometheus`, query: 'max by (pod) (memory_bytes)' }),
      ({ origin }) => ({
        interval: '1h',
        url: `${origin}/prometheus/`,
        queries: { memory: 'memory_bytes', cpu: 'cpu_cores' },
        joinOn: ['pod'],
        headers: { 'X-Scope-OrgID': 'apps' },
        expect: { min: 1, max: 5 },
        timeout: '5s',
      }),
    ],
    invalid: [
      ['no url', { interval: '1h', query: 'up' }, /url/],
      ['no interval', { url: prometheus.url, query: 'up' }, /interval/],
      ['no query', { interval: '1h', url: prometheus.url }, /exactly one of query, queries/],
      ['query and queries', { ...prometheus, queries: { up: 'up' } }, /exactly one of query, queries/],
      [
        'a query that is no PromQL',
        { ...prometheus, query: 'max(up' },
        /query: is no PromQL: it ends too early/,
      ],
      ['a range of samples', { ...prometheus, query: 'up[5m]' }, /query: gives a range of samples/],
      ['another protocol', { ...prometheus, url: 'file:///etc/passwd' }, /url/],
      [
        'a url with the path of the API',
        { ...prometheus, url: 'http://p/api/v1/query' },
        /url: has the path of the API/,
      ],
      [
        'a header with credentials',
        { ...prometheus, headers: { Authorization: 'x' } },
        /headers\.Authorization/,
      ],
      [
        'a Secret of another namespace',
        { ...prometheus, secretRef: { name: 'a', namespace: 'b' } },
        /namespace/,
      ],
      ['another onWarnings', { ...prometheus, onWarnings: 'ignore' }, /onWarnings.*hold/],
      [
        'a name that a field has already',
        { interval: '1h', url: prometheus.url, queries: { metric: 'up' } },
        /metric/,
      ],
    ],
    failing: {
      'a page in place of JSON': ({ origin }) => ({ ...prometheus, url: `${origin}/page` }),
      'an unknown path': ({ origin }) => ({ ...prometheus, url: `${origin}/nowhere` }),
      'a query that cannot be executed': ({ origin }) => ({ ...prometheus, url: `${origin}/broken` }),
      'a partial answer': ({ origin }) => ({ ...prometheus, url: `${origin}/partial` }),
      'a Secret without certificates': ({ origin }) => ({
        ...prometheus,
        url: `${origin}/prometheus`,
        certSecretRef: { name: 'ca' },
      }),
      'a missing Secret': ({ origin }) => ({
        ...prometheus,
        url: `${origin}/prometheus`,
        secretRef: { name: 'missing' },
      }),
      'a metadata address': () => ({ ...prometheus, url: 'http://169.254.169.254/canary' }),
    },
    hanging: ({ origin }) => ({ ...prometheus, url: `${origin}/hang` }),
  },

  gitDirectory: {
    good: [
      () => repository,
      () => ({
        interval: '1h',
        url,
        ref: { tag: 'v1' },
        files: [{ path: 'apps/web/*' }, { path: 'apps/api/*' }],
      }),
    ],
    invalid: [
      ['neither directories nor files', { interval: '1h', url }, /directories|files/],
      ['no url', { interval: '1h', directories: [{ path: '*' }] }, /url/],
      ['two refs', { ...repository, ref: { branch: 'a', tag: 'b' } }, /ref/],
      ['a short commit', { ...repository, ref: { commit: 'abc' } }, /commit/],
      ['a directory without a path', { ...repository, directories: [{ exclude: 'a' }] }, /path/],
    ],
    failing: {
      'a pattern without a match': () => ({ ...repository, directories: [{ path: 'nothing/*' }] }),
      'an exclude of everything': () => ({ ...repository, directories: [{ path: 'apps/*', exclude: '**' }] }),
      'a file that is no YAML': () => ({ interval: '1h', url, files: [{ path: 'apps/broken/*' }] }),
      'a missing Secret': () => ({ ...repository, secretRef: { name: 'missing' } }),
    },
    hanging: () => ({ ...repository, url: 'https://git.example/hang' }),
  },
};
