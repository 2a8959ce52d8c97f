import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClusterSet } from '../harness/cluster-sets.ts';
import { requestPass } from '../harness/controller-suite.ts';
import { type GitServer, makeRepository, startGitServer } from '../harness/git.ts';
import { startHttpServer, type TestServer, unusedPort } from '../harness/http-server.ts';
import { applyObject, grantRole } from './cluster-objects.ts';
import type { KubeObject } from './kube-request.ts';
import { tenantSet, useTenants, waitForVerdict } from './tenancy-world.ts';

/** What stands in Secrets, and must never be seen anywhere else. */
const CANARY = `canary${randomBytes(12).toString('hex')}`;

/** Ways in which a text is written, of which any would give it away. */
const SPELLINGS: readonly string[] = [
  CANARY,
  Buffer.from(CANARY).toString('hex'),
  CANARY.toUpperCase(),
  [...CANARY].reverse().join(''),
  // In base64 it may begin at any of three places.
  ...['', 'x', 'xx', 'git:', 'user:'].map((before) =>
    Buffer.from(`${before}${CANARY}`).toString('base64').slice(4, -4),
  ),
  // A part is too much, too.
  CANARY.slice(0, 18),
  CANARY.slice(-18),
];

const PEM = `-----BEGIN CERTIFICATE-----\n${CANARY}\n-----END CERTIFICATE-----\n`;
const KEY = `-----BEGIN OPENSSH PRIVATE KEY-----\n${CANARY}\n-----END OPENSSH PRIVATE KEY-----\n`;

const SECRETS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  header: { Authorization: `Bearer ${CANARY}` },
  broken: { Authorization: `Bearer ${CANARY}\nHost: evil` },
  unprintable: { Authorization: `Bearer ${CANARY}\u2028` },
  refused: { Host: CANARY },
  'impersonate-user': { 'Impersonate-User': CANARY },
  ca: { caFile: CANARY },
  'broken-ca': { caFile: PEM },
  client: { 'tls.crt': PEM, 'tls.key': KEY },
  login: { username: 'user', password: CANARY },
  bearer: { bearerToken: CANARY },
  'broken-bearer': { bearerToken: `${CANARY}\nx: y` },
  ssh: { identity: KEY, known_hosts: `[127.0.0.1] ssh-ed25519 ${CANARY}` },
  'broken-ssh': { identity: CANARY, known_hosts: CANARY },
  nothing: { unknown: CANARY },
};

describe('a Secret', function () {
  this.timeout(120_000);
  let sink = '';
  let http: TestServer;
  let events: TestServer;
  let repositories: GitServer;
  let folder = '';
  let closed: number;
  const seen = new Set<string>();
  const flags: string[] = [];
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'generatorset-tenancy-'));
    makeRepository(join(folder, 'fleet.git'), { 'a.txt': 'a' });
    repositories = await startGitServer(folder, { user: 'user', password: 'another' });
    closed = await unusedPort();
    http = await startHttpServer(echo);
    events = await startHttpServer((request, response) => {
      request.on('data', (chunk: Buffer) => {
        sink += chunk.toString();
      });
      request.on('end', () => response.end());
    });
    flags.push('--allow-loopback=true', '--log-level=debug', `--events-addr=${events.origin}`);
  });
  after(async () => {
    await Promise.all([http?.close(), events?.close(), repositories?.close()]);
    await rm(folder, { recursive: true, force: true });
  });
  const { server, controller, mallory } = useTenants(flags);

  const api = (path: string, more: object): object => ({
    generators: [
      {
        apiClient: {
          interval: '1h',
          endpoint: `${http.origin}/${path}`,
          singleElement: true,
          timeout: '3s',
          ...more,
        },
      },
    ],
  });
  const header = (path: string, name = 'header', more: object = {}): object =>
    api(path, { headersRef: { kind: 'Secret', name }, ...more });
  const git = (url: string, name: string): object => ({ target: { git: { url, secretRef: { name } } } });
  const gitDirectory = (url: string, name: string): object => ({
    generators: [
      { gitDirectory: { interval: '1h', url, secretRef: { name }, directories: [{ path: '*' }] } },
    ],
  });
  const resource = (kind: string, fields: object): object => ({
    ...header('json'),
    templates: [{ content: { apiVersion: 'v1', kind, metadata: { name: 'rendered' }, ...fields } }],
  });

  /** Ways for a pass to fail after it has read a Secret. */
  const paths: [string, () => object][] = [
    ['a refusal that repeats it', () => header('401')],
    ['an error that repeats it', () => header('500')],
    ['a page that repeats it', () => header('page')],
    ['an answer that is cut', () => header('cut')],
    ['a redirect that repeats it', () => header('redirect')],
    ['an answer with it where a list should be', () => header('json', 'header', { singleElement: false })],
    ['a path that finds it', () => header('json', 'header', { jsonPath: '{.authorization}' })],
    [
      'no server',
      () =>
        api('x', { endpoint: `http://127.0.0.1:${closed}/`, headersRef: { kind: 'Secret', name: 'header' } }),
    ],
    [
      'a server without TLS',
      () =>
        api('x', {
          endpoint: `${http.origin.replace('http:', 'https:')}/`,
          headersRef: { kind: 'Secret', name: 'header' },
        }),
    ],
    ['a header with a line break', () => header('json', 'broken')],
    ['a header that no header can be', () => header('json', 'unprintable')],
    ['a header that is refused', () => header('json', 'refused')],
    ['a header for somebody else', () => header('json', 'impersonate-user')],
    ['a CA that is none', () => api('json', { secretRef: { name: 'ca' } })],
    ['a broken CA', () => api('json', { secretRef: { name: 'broken-ca' } })],
    ['a broken client certificate', () => api('json', { certSecretRef: { name: 'client' } })],
    ['a Secret without the key', () => api('json', { certSecretRef: { name: 'nothing' } })],
    [
      'a template that cannot compute with it',
      () => ({
        ...header('json'),
        templates: [
          {
            content: {
              apiVersion: 'v1',
              kind: 'ConfigMap',
              metadata: { name: 'x' },
              data: { a: '{{ index .Element.authorization "x" }}' },
            },
          },
        ],
      }),
    ],
    [
      'a template that misses a key beside it',
      () => ({
        ...header('json'),
        templates: [
          { content: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: '{{ .Element.nothing }}' } } },
        ],
      }),
    ],
    [
      'a rendered Secret that is refused',
      () => resource('Secret', { data: { a: '{{ .Element.authorization }}' } }),
    ],
    [
      'a rendered Secret of a wrong type',
      () =>
        resource('Secret', { type: 'kubernetes.io/tls', stringData: { a: '{{ .Element.authorization }}' } }),
    ],
    [
      'a rendered Secret with odd fields',
      () => resource('Secret', { data: ['{{ .Element.authorization }}'] }),
    ],
    ['a login that is refused', () => git(`${repositories.url}/fleet.git`, 'login')],
    ['a token that is refused', () => git(`${repositories.url}/fleet.git`, 'bearer')],
    ['a login to read that is refused', () => gitDirectory(`${repositories.url}/fleet.git`, 'login')],
    ['a repository whose server repeats it', () => gitDirectory(`${http.origin}/500`, 'login')],
    ['a repository that is a page', () => gitDirectory(`${http.origin}/page`, 'login')],
    ['a repository that redirects', () => gitDirectory(`${http.origin}/redirect`, 'bearer')],
    ['a repository that nobody serves', () => git(`http://127.0.0.1:${closed}/fleet.git`, 'login')],
    ['a token with a line break', () => git(`${repositories.url}/fleet.git`, 'broken-bearer')],
    ['a key for a server that is not there', () => git(`ssh://git@127.0.0.1:${closed}/fleet.git`, 'ssh')],
    ['a key that is none', () => git(`ssh://git@127.0.0.1:${closed}/fleet.git`, 'broken-ssh')],
    ['a Secret without credentials', () => git(`${repositories.url}/fleet.git`, 'nothing')],
  ];

  it(`is shown nowhere, whatever fails: ${paths.length} ways, ${SPELLINGS.length} spellings`, async () => {
    const { namespace } = mallory();
    const user = `system:serviceaccount:${namespace}:deployer`;
    await grantRole(server(), { user, namespace, name: 'secrets' }, [
      { apiGroups: [''], resources: ['secrets'], verbs: ['*'] },
    ]);
    for (const [name, stringData] of Object.entries(SECRETS))
      await applyObject(server(), {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name, namespace },
        stringData,
      });
    const sets = paths.map(([, spec], index) => tenantSet(mallory(), `leak-${index}`, spec() as never));
    await Promise.all(
      sets.map(async (set) => {
        const { status, body } = await mallory().apply(set);
        assert.equal(status, 201, JSON.stringify(body));
      }),
    );
    const watching = setInterval(() => noteArguments(controller().pid, seen), 10);
    const verdicts = await Promise.all(sets.map((set) => waitForVerdict(server(), set)));
    const wrong = verdicts.flatMap(({ status, reason, message }, index) =>
      status === 'False' ? [] : [`${paths[index]?.[0]}: ${status} ${reason} ${message}`],
    );
    assert.deepEqual(wrong, [], 'each must fail, or it proves nothing');
    // Once more, with what is remembered of the first time.
    await requestPass(server(), sets[0] as ClusterSet);
    await new Promise((resolve) => setTimeout(resolve, 1500));

    clearInterval(watching);

    const places: Record<string, string> = {
      'the log': controller().output(),
      'the status': await list(`/apis/generatorset.dev/v1alpha1/namespaces/${namespace}/generatorsets`),
      'the events': await list(`/api/v1/namespaces/${namespace}/events`),
      'what is sent to --events-addr': sink,
      'the metrics': await (await fetch(`${controller().metrics}/metrics`)).text(),
      'the arguments of programs': [...seen].join('\n'),
      'the audit log': JSON.stringify(await server().audit()),
    };
    assert.ok(places['the arguments of programs']?.includes('ls-remote'), 'programs were seen');
    assert.ok(sink.includes('leak-'), 'events were sent');
    for (const [place, text] of Object.entries(places)) {
      assert.ok(text.length > 100, `${place} is empty`);
      const found = SPELLINGS.filter((spelling) => text.includes(spelling));
      const at = text.indexOf(found[0] ?? '');
      assert.deepEqual(found, [], `${place}: ${text.slice(Math.max(0, at - 300), at + 100)}`);
    }
  });

  async function list(path: string): Promise<string> {
    return JSON.stringify((await server().request<{ items: KubeObject[] }>('GET', path)).body);
  }
});

/** A server that says again what it was told. */
function echo(request: IncomingMessage, response: ServerResponse): void {
  const { authorization = '' } = request.headers;
  const what = /^\/(\w+)/.exec(request.url ?? '')?.[1] ?? '';
  if (what === 'redirect') {
    const location = `/page?token=${encodeURIComponent(authorization)}`;
    response
      .writeHead(302, { location: `http://127.0.0.2${location}`, 'x-echo': authorization })
      .end(authorization);
  } else if (what === 'json') {
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ authorization }));
  } else if (what === 'cut') {
    response.writeHead(200, { 'content-length': '1000000' });
    response.write(`{"authorization": "${authorization}`);
    setTimeout(() => response.destroy(), 50);
  } else if (what === 'page') {
    response.end(`<html>${authorization}</html>`);
  } else {
    const headers = { 'content-type': 'text/plain', 'www-authenticate': `Basic realm="${authorization}"` };
    response.writeHead(Number(what) || 404, headers).end(authorization);
  }
}

/** Notes the arguments of all programs that a process has started, and these again. */
function noteArguments(pid: number, seen: Set<string>): void {
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      if (!descendsFrom(Number(name), pid)) continue;
      seen.add(readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' '));
    } catch {
      // It has ended.
    }
  }
}

function descendsFrom(pid: number, ancestor: number): boolean {
  for (let at = pid, steps = 0; at > 1 && steps < 10; steps++) {
    if (at === ancestor) return true;
    at = Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${at}/status`, 'utf8'))?.[1]);
  }
  return false;
}
