import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  branchFiles,
  branchHead,
  commitFiles,
  countCommits,
  git,
  makeRepository,
  startGitServer,
} from '../harness/git.ts';
import { recordAnswers, vector } from '../harness/recorded-answers.ts';
import { ROOT, runProgram } from '../harness/run-program.ts';
import { useTemporaryFolder } from '../harness/temporary-folder.ts';

const PROMETHEUS = 'http://prometheus.monitoring:9090/api/v1/query?query=memory';

/** One ConfigMap for each series of the answer. */
const MANY_SET = `apiVersion: generatorset.dev/v1alpha1
kind: GeneratorSet
metadata:
  name: many
spec:
  elementKey: "{{ .Element.metric.service }}"
  generators:
    - apiClient:
        interval: 24h
        endpoint: ${PROMETHEUS}
        jsonPath: "{ .data.result }"
        onEmpty: accept
  templates:
    - content:
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: "{{ .Element.metric.service }}"
        data:
          memory: "{{ index .Element.value 1 }}Ki"
`;

const services = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`service-${index}`, 100 + index]));

describe('passes over a real repository, each a process of its own', function () {
  this.timeout(60_000);
  const folder = useTemporaryFolder();
  const repository = () => join(folder.path, 'fleet.git');
  const env = () => ({ XDG_CACHE_HOME: join(folder.path, 'cache') });

  async function run(set: string, answers: Parameters<typeof recordAnswers>[2], ...options: string[]) {
    const file = join(folder.path, 'set.yaml');
    await writeFile(file, set);
    const replay = await recordAnswers(join(folder.path, 'answers'), PROMETHEUS, answers);
    const target = options.includes('--git-url') ? [] : ['--git-url', repository()];
    return runProgram(['run', '--once', '--replay', replay, '--path', 'apps', ...target, ...options, file], {
      env: env(),
    });
  }

  beforeEach(() => {
    makeRepository(repository());
  });

  it('commits a first answer with its state and evidence', async () => {
    const result = await run(MANY_SET, [vector({ frontend: 300 })]);
    assert.equal(result.code, 0, result.stderr);
    const files = branchFiles(repository());
    assert.deepEqual(Object.keys(files).sort(), [
      'apps/.generatorset/flux-system/many.state',
      'apps/flux-system-configmap-frontend.yaml',
    ]);
    assert.match(files['apps/flux-system-configmap-frontend.yaml'] ?? '', /memory: 300Ki/);
    const message = git(repository(), ['log', '-1', '--format=%B', 'main']);
    const trailers = git(repository(), ['interpret-trailers', '--parse'], message);
    assert.deepEqual(trailers.split('\n'), [
      'GeneratorSet: flux-system/many',
      'Element: frontend',
      `Query: memory`,
      'Answer: .Element.metric.service = "frontend"',
      'Answer: .Element.value[1] = "300"',
    ]);
  });

  it('makes no commit for the same answer, and asks the server once', async () => {
    const server = await startGitServer(folder.path);
    try {
      const url = `${server.url}/fleet.git`;
      assert.equal((await run(MANY_SET, [vector(services(3))], '--git-url', url)).code, 0);
      const before = branchHead(repository());
      server.requests.length = 0;
      const again = await run(MANY_SET, [vector(services(3))], '--git-url', url);
      assert.equal(again.code, 0, again.stderr);
      assert.equal(branchHead(repository()), before);
      // Protocol 2 is one GET for the capabilities and one POST for the refs: that is one ls-remote.
      assert.deepEqual(server.requests, [
        'GET /fleet.git/info/refs?service=git-upload-pack',
        'POST /fleet.git/git-upload-pack',
      ]);
    } finally {
      await server.close();
    }
  });

  it('commits new numbers as old -> new', async () => {
    await run(MANY_SET, [vector({ frontend: 300, cart: 5 })]);
    await run(MANY_SET, [vector({ frontend: 360, cart: 5 })]);
    assert.equal(countCommits(repository()), 2);
    const message = git(repository(), ['log', '-1', '--format=%B', 'main']);
    assert.match(message, /^many: update ConfigMap\/flux-system\/frontend\n/);
    assert.match(message, /^ {2}data\.memory: 300Ki -> 360Ki$/m);
    assert.match(message, /^Answer: \.Element\.value\[1\] = "360"$/m);
  });

  const outages: [string, Parameters<typeof recordAnswers>[2][number], RegExp][] = [
    ['an empty answer', vector({}), /empty/],
    ['HTML', '<html>login</html>', /JSON/],
    ['an error of Prometheus', '{"status":"error","errorType":"bad_data","error":"parse error"}', /error/],
    ['NaN', vector({ frontend: 'NaN' }), /NaN|finite/],
    ['+Inf', vector({ frontend: '+Inf' }), /Inf|finite/],
    ['a truncated answer', '{"status":"success","data":{"resu', /JSON/],
    ['400', { status: 400, body: '{}' }, /400/],
    ['503', { status: 503, body: 'down' }, /503/],
  ];
  for (const [what, answer, message] of outages) {
    it(`leaves the repository byte-identical after ${what}`, async () => {
      const set = MANY_SET.replace('        onEmpty: accept\n', '');
      await run(set, [vector(services(3))]);
      const before = git(repository(), ['for-each-ref']);
      const result = await run(set, [answer]);
      assert.equal(result.code, 1);
      assert.match(result.stderr, message);
      assert.match(result.stderr, /set\.yaml:\d+:\d+: spec\.generators\[0\]\.apiClient: /);
      assert.equal(git(repository(), ['for-each-ref']), before);
    });
  }

  it('holds ten elements that become one, then none, and deletes nothing', async () => {
    await run(MANY_SET, [vector(services(10))]);
    const before = branchHead(repository());
    for (const [count, said] of [
      [1, /would delete 9 of 10 resources/],
      [0, /would delete all 10 resources/],
    ] as const) {
      const result = await run(MANY_SET, [vector(services(count))]);
      assert.equal(result.code, 0, result.stderr);
      assert.match(result.stderr, /held/);
      assert.match(result.stderr, said);
      assert.match(result.stdout, /held/);
      assert.equal(branchHead(repository()), before);
    }
  });

  it('delivers a held plan once its digest is approved, and only that plan', async () => {
    await run(MANY_SET, [vector(services(10))]);
    const held = await run(MANY_SET, [vector(services(5))]);
    const digest = /--approve (sha256:[0-9a-f]{64})/.exec(held.stderr)?.[1] ?? assert.fail(held.stderr);
    const other = await run(MANY_SET, [vector(services(4))], '--approve', digest);
    assert.match(other.stderr, /held/);
    const approved = await run(MANY_SET, [vector(services(5))], '--approve', digest);
    assert.equal(approved.code, 0);
    assert.match(approved.stderr, /5 deleted/);
    assert.equal(Object.keys(branchFiles(repository())).length, 6);
  });

  it('leaves what others commit alone, and builds on it', async () => {
    await run(MANY_SET, [vector({ frontend: 300 })]);
    commitFiles(repository(), { 'README.md': 'hello', 'apps/by-hand.yaml': 'a: 1\n' });
    await run(MANY_SET, [vector({ frontend: 360 })]);
    const files = branchFiles(repository());
    assert.equal(files['README.md'], 'hello');
    assert.equal(files['apps/by-hand.yaml'], 'a: 1\n');
    assert.match(files['apps/flux-system-configmap-frontend.yaml'] ?? '', /360Ki/);
  });

  it('runs the other sets when one fails', async () => {
    const second = MANY_SET.replace('name: many', 'name: broken').replace(
      '.Element.metric.service',
      '.Element.nothing',
    );
    const result = await run(`${MANY_SET}---\n${second}`, [
      vector({ frontend: 300 }),
      vector({ frontend: 300 }),
    ]);
    assert.equal(result.code, 1);
    assert.match(result.stderr, /✔ flux-system\/many: 1 created/);
    assert.match(result.stderr, /✗ flux-system\/broken: /);
    assert.equal(countCommits(repository()), 1);
  });
});

describe('the podinfo example', function () {
  this.timeout(60_000);
  const folder = useTemporaryFolder();
  const cases: [string, string, string][] = [
    ['300', '360Ki', '300Ki'],
    ['1048576', '1258291Ki', '1048576Ki'],
  ];
  const kinds: [string, (text: string) => string][] = [
    ['GeneratorSet', (text) => text],
    [
      'GitOpsSet',
      (text) =>
        text
          .replace('generatorset.dev/v1alpha1', 'sets.gitops.pro/v1alpha1')
          .replace('kind: GeneratorSet', 'kind: GitOpsSet'),
    ],
    [
      'GitOpsSet of templates.weave.works',
      (text) =>
        text
          .replace('generatorset.dev/v1alpha1', 'templates.weave.works/v1alpha1')
          .replace('kind: GeneratorSet', 'kind: GitOpsSet'),
    ],
  ];
  for (const [kind, change] of kinds) {
    for (const [value, limit, request] of cases) {
      it(`gives ${limit} and ${request} for ${value} as a ${kind}`, async () => {
        const text = change(await readFile(join(ROOT, 'examples/podinfo-memory/generatorset.yaml'), 'utf8'));
        const url = /endpoint: (\S+)/.exec(text)?.[1] ?? assert.fail('no endpoint');
        const body = JSON.stringify({
          status: 'success',
          data: {
            resultType: 'vector',
            result: [{ metric: { __name__: 'max' }, value: [1687950455.23, value] }],
          },
        });
        const replay = await recordAnswers(join(folder.path, 'answers'), url, [body]);
        await writeFile(join(folder.path, 'set.yaml'), text);
        const { stdout, stderr, code } = await runProgram([
          'build',
          '--replay',
          replay,
          join(folder.path, 'set.yaml'),
        ]);
        assert.equal(code, 0, stderr);
        assert.deepEqual(stdout.match(/\d+Ki/g), [limit, request]);
        assert.match(stdout, /apiVersion: kustomize.toolkit.fluxcd.io\/v1beta2/);
      });
    }
  }
});
