import type { JsonObject } from '../../src/lib/json.ts';
import { SECURE_ORIGIN, type World } from './world.ts';

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
const pulls = { interval: '5m', driver: 'github', serverURL: SECURE_ORIGIN, repo: 'octo/hello' };
const repository = { interval: '1h', url, directories: [{ path: 'apps/*' }] };

const directories: JsonObject[] = [{ path: 'apps/*' }, { path: './apps/broken', exclude: true }];

/** What `gitRepository` and `ociRepository` share. */
const source: Fixture = {
  good: [
    () => ({
      repositoryRef: 'fleet',
      directories,
    }),
    () => ({
      repositoryRef: 'fleet',
      files: [{ path: './apps/web/app.yaml' }, { path: 'apps/api/app.yaml' }],
    }),
  ],
  invalid: [
    ['neither directories nor files', { repositoryRef: 'fleet' }, /directories|files/],
    ['no repository', { files: [{ path: 'a' }] }, /repositoryRef/],
    [
      'a repository of another namespace',
      { repositoryRef: 'b/fleet', files: [{ path: 'a' }] },
      /repositoryRef/,
    ],
    ['a file without a path', { repositoryRef: 'fleet', files: [{}] }, /path/],
    [
      'an exclude that is a glob',
      { repositoryRef: 'fleet', directories: [{ path: 'a', exclude: 'b' }] },
      /exclude/,
    ],
  ],
  failing: {
    'a missing source': () => ({ repositoryRef: 'missing', files: [{ path: 'a' }] }),
    'a source without an artifact': () => ({ repositoryRef: 'waiting', files: [{ path: 'a' }] }),
    'a missing file': () => ({ repositoryRef: 'fleet', files: [{ path: 'apps/none.yaml' }] }),
    'a file that is no YAML': () => ({ repositoryRef: 'fleet', files: [{ path: 'apps/broken/app.yaml' }] }),
    'a path out of the repository': () => ({ repositoryRef: 'fleet', files: [{ path: '../a' }] }),
    'a pattern without a match': () => ({ repositoryRef: 'fleet', directories: [{ path: 'nothing/*' }] }),
    'a broken pattern': () => ({ repositoryRef: 'fleet', directories: [{ path: 'apps/[' }] }),
    'an exclude of everything': () => ({
      repositoryRef: 'fleet',
      directories: [directories[0] ?? {}, { path: '*/*', exclude: true }],
    }),
    ...Object.fromEntries(
      ['escaping', 'lying', 'text', 'gone', 'metadata', 'named', 'unchecked', 'weak'].map((name) => [
        `the artifact of the source ${name}`,
        () => ({ repositoryRef: name, files: [{ path: 'apps/web/app.yaml' }] }),
      ]),
    ),
  },
  hanging: () => ({ repositoryRef: 'slow', files: [{ path: 'a' }] }),
};

/** A fixture with lists of different entries, which the types of JSON cannot follow. */
interface Composed {
  readonly good: readonly ((world: World) => object)[];
  readonly invalid: readonly (readonly [what: string, spec: object, message: RegExp])[];
  readonly failing: Readonly<Record<string, (world: World) => object>>;
  readonly hanging: (world: World) => object;
}

const composed = (fixture: Composed): Fixture => fixture as Fixture;

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

  pullRequests: {
    good: [
      () => pulls,
      () => ({ ...pulls, labels: ['preview'], forks: true, branches: ['b?'], targetBranches: ['main'] }),
    ],
    invalid: [
      ['no interval', { driver: 'github', repo: 'o/r' }, /interval/],
      ['no driver', { interval: '5m', repo: 'o/r' }, /driver/],
      ['another driver', { ...pulls, driver: 'bitbucket' }, /driver.*bitbucketserver/],
      ['no repo', { interval: '5m', driver: 'github' }, /repo/],
      ['a repo without an owner', { ...pulls, repo: 'hello' }, /repo.*owner\/name/],
      ['a repo that leads elsewhere', { ...pulls, repo: '../../user' }, /repo.*owner\/name/],
      ['another protocol', { ...pulls, serverURL: 'http://scm.example' }, /serverURL.*https/],
      ['no server where there is none', { interval: '5m', driver: 'gitea', repo: 'o/r' }, /serverURL/],
      ['labels that are a text', { ...pulls, labels: 'preview' }, /labels/],
      ['a broken glob', { ...pulls, branches: ['feature/['] }, /branches\[0\]/],
      ['a Secret of another namespace', { ...pulls, secretRef: { name: 'a', namespace: 'b' } }, /namespace/],
    ],
    failing: {
      'a page in place of JSON': () => ({ ...pulls, serverURL: `${SECURE_ORIGIN}/login` }),
      'refused credentials': () => ({ ...pulls, serverURL: `${SECURE_ORIGIN}/refused` }),
      'an answer of another shape': () => ({ ...pulls, serverURL: `${SECURE_ORIGIN}/broken` }),
      'an unknown repository': () => ({ ...pulls, repo: 'octo/nowhere' }),
      'a missing Secret': () => ({ ...pulls, secretRef: { name: 'missing' } }),
      'a Secret without certificates': () => ({ ...pulls, certSecretRef: { name: 'ca' } }),
      'a metadata address': () => ({ ...pulls, serverURL: 'https://169.254.169.254' }),
    },
    hanging: () => ({ ...pulls, serverURL: `${SECURE_ORIGIN}/hang` }),
  },

  config: {
    good: [
      () => ({ kind: 'ConfigMap', name: 'environment' }),
      () => ({ kind: 'Secret', name: 'environment' }),
    ],
    invalid: [
      ['no kind', { name: 'a' }, /kind/],
      ['no name', { kind: 'ConfigMap' }, /name/],
      ['another kind', { kind: 'Pod', name: 'a' }, /kind.*ConfigMap/],
      ['an empty name', { kind: 'Secret', name: '' }, /name/],
      ['another namespace', { kind: 'Secret', name: 'a', namespace: 'b' }, /namespace/],
    ],
    failing: {
      'a missing ConfigMap': () => ({ kind: 'ConfigMap', name: 'missing' }),
      'a missing Secret': () => ({ kind: 'Secret', name: 'missing' }),
      'bytes that are no text': () => ({ kind: 'Secret', name: 'bytes' }),
      'data that is no base64': () => ({ kind: 'Secret', name: 'broken' }),
    },
    hanging: () => ({ kind: 'ConfigMap', name: 'hang' }),
  },

  object: {
    good: [
      () => ({ apiVersion: 'platform.example/v1', kind: 'Team', name: 'web' }),
      () => ({ apiVersion: 'platform.example/v1', kind: 'Team', selector: {} }),
      () => ({
        apiVersion: 'platform.example/v1',
        kind: 'Team',
        selector: {
          matchLabels: { tier: 'a' },
          matchExpressions: [{ key: 'team', operator: 'In', values: ['web'] }],
        },
        jsonPath: '{.spec.members}',
      }),
    ],
    invalid: [
      ['no kind', { apiVersion: 'v1', name: 'a' }, /kind/],
      ['neither name nor selector', { apiVersion: 'v1', kind: 'Pod' }, /exactly one of name, selector/],
      [
        'name and selector',
        { apiVersion: 'v1', kind: 'Pod', name: 'a', selector: {} },
        /exactly one of name, selector/,
      ],
      ['another namespace', { apiVersion: 'v1', kind: 'Pod', name: 'a', namespace: 'b' }, /namespace/],
      [
        'a jsonPath that is written wrong',
        { apiVersion: 'v1', kind: 'Pod', name: 'a', jsonPath: '{.a' },
        /jsonPath: column 4/,
      ],
      [
        'a label that would be two',
        { apiVersion: 'v1', kind: 'Pod', selector: { matchLabels: { a: 'b,c' } } },
        /matchLabels.*"b,c" is no value of a label/,
      ],
      [
        'an In without values',
        { apiVersion: 'v1', kind: 'Pod', selector: { matchExpressions: [{ key: 'a', operator: 'In' }] } },
        /matchExpressions\[0\]: In needs values/,
      ],
    ],
    failing: {
      'a missing object': () => ({ apiVersion: 'v1', kind: 'ConfigMap', name: 'missing' }),
      'a path that finds nothing': () => ({
        apiVersion: 'v1',
        kind: 'Secret',
        name: 'environment',
        jsonPath: '{.spec.nothing}',
      }),
      'a path to texts': () => ({
        apiVersion: 'v1',
        kind: 'Secret',
        name: 'headers',
        jsonPath: '{.stringData.password}',
      }),
    },
    hanging: () => ({ apiVersion: 'v1', kind: 'ConfigMap', name: 'hang' }),
  },

  cluster: {
    good: [
      () => ({}),
      () => ({ selector: { matchLabels: { env: 'prod' } } }),
      () => ({ secretSelector: { matchExpressions: [{ key: 'cluster', operator: 'Exists' }] } }),
    ],
    invalid: [
      ['both selectors', { selector: {}, secretSelector: { matchLabels: { a: 'b' } } }, /both/],
      ['all Secrets', { secretSelector: {} }, /secretSelector: must name a label/],
      ['a selector that is a text', { selector: 'env=prod' }, /selector/],
      [
        'another operator',
        { selector: { matchExpressions: [{ key: 'a', operator: 'Gt' }] } },
        /operator.*In/,
      ],
    ],
    failing: {},
    hanging: () => ({ selector: { matchLabels: { env: 'hang' } } }),
  },

  imagePolicy: {
    good: [() => ({ policyRef: 'podinfo' })],
    invalid: [
      ['no policyRef', {}, /policyRef/],
      ['an empty policyRef', { policyRef: '' }, /policyRef/],
      ['a policyRef with a name', { policyRef: { name: 'podinfo' } }, /policyRef/],
    ],
    failing: {
      'a missing policy': () => ({ policyRef: 'missing' }),
      'a policy without an image': () => ({ policyRef: 'new' }),
      'a policy that names no image': () => ({ policyRef: 'broken' }),
    },
    hanging: () => ({ policyRef: 'hang' }),
  },
  matrix: composed({
    good: [
      () => ({
        generators: [
          { list: { elements: [{ env: 'dev' }, { env: 'prod', list: [1] }] } },
          { name: 'app', list: { elements: [{ name: 'web' }, { name: 'api' }] } },
        ],
      }),
      ({ origin }) => ({
        singleElement: true,
        generators: [
          { list: { elements: [{ env: 'dev' }] } },
          { name: 'apps', apiClient: { interval: '1h', endpoint: `${origin}/elements` } },
        ],
      }),
      ({ origin }) => ({
        generators: [
          { list: { elements: [{ path: 'elements' }] } },
          { apiClient: { interval: '1h', endpoint: `${origin}/{{ .Element.path }}` } },
        ],
      }),
      () => ({
        generators: [{ merge: { keys: ['name'], generators: [{ list: { elements: [{ name: 'web' }] } }] } }],
      }),
    ],
    invalid: [
      ['no generators', {}, /generators/],
      ['an empty list of generators', { generators: [] }, /generators/],
      ['an entry without a generator', { generators: [{ name: 'a' }] }, /generators\[0\].*exactly one of/],
      [
        'two generators in one entry',
        { generators: [{ list: { elements: [] }, apiClient: api }] },
        /generators\[0\].*has list and apiClient/,
      ],
      [
        'a matrix in a matrix',
        { generators: [{ matrix: { generators: [{ list: { elements: [] } }] } }] },
        /unknown field "matrix"/,
      ],
      [
        'a child of another form',
        { generators: [{ list: {} }] },
        /matrix\.generators\[0\]\.list: missing field "elements"/,
      ],
      [
        'a child that is asked too often',
        { generators: [{ apiClient: { ...api, interval: '1s' } }] },
        /matrix\.generators\[0\]\.apiClient\.interval: is 1s/,
      ],
      [
        'what a child refuses',
        { generators: [{ prometheus: { ...prometheus, query: 'max(up' } }] },
        /matrix\.generators\[0\]\.prometheus\.query: is no PromQL/,
      ],
      ['a name that is no word', { generators: [{ name: 'a b', list: { elements: [] } }] }, /name/],
    ],
    failing: {
      'a child that fails': ({ origin }) => ({
        generators: [
          { list: { elements: [{}] } },
          { apiClient: { interval: '1h', endpoint: `${origin}/page` } },
        ],
      }),
      'a template that fails': () => ({
        generators: [
          { list: { elements: [{ a: 'x' }] } },
          { list: { elements: [{ b: '{{ .Element.nothing }}' }] } },
        ],
      }),
      'too many elements': () => ({
        generators: Array.from({ length: 14 }, () => ({ list: { elements: [{ a: 1 }, { a: 2 }] } })),
      }),
    },
    hanging: ({ origin }) => ({
      generators: [
        { list: { elements: [{ path: 'hang' }] } },
        { apiClient: { interval: '1h', endpoint: `${origin}/{{ .Element.path }}` } },
      ],
    }),
  }),

  merge: composed({
    good: [
      ({ origin }) => ({
        keys: ['name'],
        generators: [
          { list: { elements: [{ name: 'a', size: 'small' }, { name: 'c' }] } },
          { apiClient: { interval: '1h', endpoint: `${origin}/elements` } },
        ],
      }),
      ({ origin }) => ({
        keys: ['{.metric.pod}'],
        generators: [
          { prometheus: { ...prometheus, url: `${origin}/prometheus` } },
          { name: 'cpu', prometheus: { ...prometheus, url: `${origin}/prometheus`, query: 'cpu' } },
        ],
      }),
    ],
    invalid: [
      ['no generators', { keys: ['name'] }, /generators/],
      ['no keys', { generators: [{ list: { elements: [] } }] }, /keys/],
      ['an empty list of keys', { keys: [], generators: [{ list: { elements: [] } }] }, /keys/],
      [
        'a key twice',
        { keys: ['a', 'a'], generators: [{ list: { elements: [] } }] },
        /keys\[1\]: is there twice/,
      ],
      ['a key that is no path', { keys: ['{.a'], generators: [{ list: { elements: [] } }] }, /keys\[0\]: /],
      [
        'a merge in a merge',
        { keys: ['a'], generators: [{ merge: { keys: ['a'], generators: [{ list: { elements: [] } }] } }] },
        /unknown field "merge"/,
      ],
    ],
    failing: {
      'a child that fails': ({ origin }) => ({
        keys: ['name'],
        generators: [
          { list: { elements: [{ name: 'a' }] } },
          { apiClient: { interval: '1h', endpoint: `${origin}/refused` } },
        ],
      }),
      'an element without a key': () => ({
        keys: ['name'],
        generators: [{ list: { elements: [{ a: 1 }] } }],
      }),
      'two elements with the same keys': () => ({
        keys: ['name'],
        generators: [{ list: { elements: [{ name: 'a' }, { name: 'a', b: 1 }] } }],
      }),
    },
    hanging: ({ origin }) => ({
      keys: ['name'],
      generators: [{ apiClient: { interval: '1h', endpoint: `${origin}/hang` } }],
    }),
  }),

  gitRepository: source,

  ociRepository: source,
};
