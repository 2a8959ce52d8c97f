import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseYaml } from '../../src/lib/yaml.ts';
import { makeRepository } from '../harness/git.ts';
import { runProgram } from '../harness/run-program.ts';
import { useTemporaryFolder } from '../harness/temporary-folder.ts';

const LIST_SET = `apiVersion: generatorset.dev/v1alpha1
kind: GeneratorSet
metadata:
  name: list
spec:
  interval: 5s
  generators:
    - list:
        elements:
          - {name: a, size: 1}
          - {name: b, size: 2}
  templates:
    - content:
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: "{{ .Element.name }}"
        data:
          size: "{{ .Element.size }}"
`;

describe('the command line', function () {
  this.timeout(60_000);
  const folder = useTemporaryFolder();
  const env = () => ({ XDG_CACHE_HOME: join(folder.path, 'cache') });
  const run = (...args: string[]) => runProgram(args, { env: env() });

  async function writeSet(text: string, name = 'set.yaml'): Promise<string> {
    const file = join(folder.path, name);
    await writeFile(file, text);
    return file;
  }

  describe('build', () => {
    it('writes YAML documents to stdout, and nothing else', async () => {
      const { stdout, stderr, code } = await run('build', await writeSet(LIST_SET));
      assert.equal(code, 0);
      assert.equal(stderr, '');
      const documents = stdout.split(/^---\n/m).filter((text) => text !== '');
      assert.deepEqual(
        documents.map((text) => (parseYaml(text) as never)['metadata']['name']),
        ['a', 'b'],
      );
    });

    it('writes a List as JSON', async () => {
      const { stdout } = await run('build', '-o', 'json', await writeSet(LIST_SET));
      const { kind, items } = JSON.parse(stdout) as { kind: string; items: { data: unknown }[] };
      assert.equal(kind, 'List');
      assert.deepEqual(
        items.map(({ data }) => data),
        [{ size: '1' }, { size: '2' }],
      );
    });

    it('reads stdin', async () => {
      const { stdout, code } = await runProgram(['build', '-'], { stdin: LIST_SET, env: env() });
      assert.equal(code, 0);
      assert.match(stdout, /name: a/);
    });

    it('says where a typing mistake is, and what to write', async () => {
      const file = await writeSet(LIST_SET.replace('  generators', '  genrators'));
      const { stdout, stderr, code } = await run('build', file);
      assert.equal(code, 1);
      assert.equal(stdout, '');
      assert.match(stderr, /set\.yaml:7:3: spec: unknown field "genrators", did you mean "generators"\?/);
    });

    it('says where a template fails', async () => {
      const file = await writeSet(LIST_SET.replace('.Element.size', '.Element.sise'));
      const { stderr, code } = await run('build', file);
      assert.equal(code, 1);
      assert.match(stderr, /set\.yaml:19:\d+: .*map has no entry for key "sise"/);
      assert.match(stderr, /\^/);
    });

    it('puts sets without a namespace where --namespace says', async () => {
      const { stdout } = await run('build', '-n', 'apps', await writeSet(LIST_SET));
      assert.match(stdout, /namespace: apps/);
    });

    it('fails for a path that is not there', async () => {
      const { stderr, code } = await run('build', join(folder.path, 'nothing.yaml'));
      assert.equal(code, 1);
      assert.match(stderr, /✗ .*nothing\.yaml/);
    });

    it('names the server when there is no network', async () => {
      const set = LIST_SET.replace(
        /- list:[\s\S]*?(?=\n {2}templates)/,
        '- apiClient: {interval: 1h, endpoint: "http://127.0.0.1:9/api", timeout: 2s}',
      );
      const { stderr, code } = await run('build', await writeSet(set));
      assert.equal(code, 1);
      assert.match(stderr, /spec\.generators\[0\]\.apiClient: .*http:\/\/127\.0\.0\.1:9\/api/);
    });

    it('takes Secrets from --objects, and never prints them', async () => {
      const objects = join(folder.path, 'objects');
      await mkdir(objects);
      await writeFile(
        join(objects, 'secret.yaml'),
        'apiVersion: v1\nkind: Secret\nmetadata: {name: token}\nstringData: {Authorization: "Bearer canary"}\n',
      );
      const set = LIST_SET.replace(
        /- list:[\s\S]*?(?=\n {2}templates)/,
        '- apiClient: {interval: 1h, endpoint: "http://127.0.0.1:9/api", timeout: 2s, headersRef: {kind: Secret, name: token}}',
      );
      const { stdout, stderr, code } = await run(
        'build',
        '--verbose',
        '--objects',
        objects,
        await writeSet(set),
      );
      assert.equal(code, 1);
      assert.doesNotMatch(stdout + stderr, /canary|does not exist/);
    });
  });

  describe('diff', () => {
    it('exits 1 with a patch, and 0 once it is delivered', async () => {
      const file = await writeSet(LIST_SET);
      const target = ['--directory', join(folder.path, 'out')];
      const before = await run('diff', ...target, file);
      assert.equal(before.code, 1);
      assert.match(before.stdout, /^--- \/dev\/null\n\+\+\+ b\/flux-system-configmap-a\.yaml$/m);
      assert.match(before.stdout, /^\+ {2}size: "1"$/m);
      assert.equal((await run('run', '--once', ...target, file)).code, 0);
      const after = await run('diff', ...target, file);
      assert.deepEqual([after.code, after.stdout], [0, '']);
    });

    const troubles: [string, string[]][] = [
      ['a set without a target', []],
      ['an unknown option', ['--nothing']],
      ['both targets', ['--directory', '/tmp/x', '--git-url', '/tmp/y']],
      ['a repository that is not there', ['--git-url', 'file:///nonexistent/fleet.git']],
    ];
    for (const [what, options] of troubles) {
      it(`exits 2 for ${what}`, async () => {
        const { code, stderr } = await run('diff', ...options, await writeSet(LIST_SET));
        assert.equal(code, 2, stderr);
        assert.notEqual(stderr, '');
      });
    }

    it('gives the plan as JSON', async () => {
      const { stdout } = await run(
        'diff',
        '-o',
        'json',
        '--directory',
        join(folder.path, 'out'),
        await writeSet(LIST_SET),
      );
      const { sets } = JSON.parse(stdout) as {
        sets: { name: string; differs: boolean; changes: { action: string }[] }[];
      };
      assert.deepEqual(
        sets.map(({ name, differs, changes }) => [name, differs, changes.map(({ action }) => action)]),
        [['list', true, ['created', 'created']]],
      );
    });
  });

  describe('run', () => {
    it('refuses a set without a target, and names the options', async () => {
      const { code, stderr } = await run('run', '--once', await writeSet(LIST_SET));
      assert.equal(code, 1);
      assert.match(stderr, /--git-url .*--branch.*--path.* or --directory/);
    });

    it('prints a table, and skips a suspended set with one line', async () => {
      const file = await writeSet(
        `${LIST_SET}---\n${LIST_SET.replace('name: list', 'name: still').replace('spec:', 'spec:\n  suspend: true')}`,
      );
      const { code, stdout, stderr } = await run(
        'run',
        '--once',
        '--directory',
        join(folder.path, 'out'),
        file,
      );
      assert.equal(code, 0);
      assert.deepEqual(
        stdout.split('\n').map((line) => line.split(/ {3,}/)),
        [
          ['NAMESPACE', 'NAME', 'REVISION', 'READY', 'MESSAGE'],
          ['flux-system', 'list', 'True', '2 created'],
          ['flux-system', 'still', '-', 'suspended'],
          [''],
        ],
      );
      assert.match(stderr, /◎ flux-system\/still: suspended/);
    });

    it('prints JSON', async () => {
      const repository = makeRepository(join(folder.path, 'fleet.git'));
      const { stdout } = await run(
        'run',
        '--once',
        '-o',
        'json',
        '--git-url',
        repository,
        await writeSet(LIST_SET),
      );
      const { sets } = JSON.parse(stdout) as { sets: { name: string; ready: boolean; revision: string }[] };
      assert.equal(sets[0]?.ready, true);
      assert.match(sets[0]?.revision ?? '', /^main@sha1:[0-9a-f]{40}$/);
    });

    it('keeps running, sees an edited file, and ends with 0 on SIGTERM', async () => {
      const file = await writeSet(LIST_SET);
      const out = join(folder.path, 'out');
      const { code, stderr } = await runProgram(['run', '--directory', out, file], {
        env: env(),
        async started(child) {
          await waitFor(() => existsSync(join(out, 'flux-system-configmap-a.yaml')));
          await writeFile(file, LIST_SET.replace('name: b', 'name: c'));
          await waitFor(() => existsSync(join(out, 'flux-system-configmap-c.yaml')));
          child.kill('SIGTERM');
        },
      });
      assert.equal(code, 0, stderr);
      assert.match(stderr, /◎ finishing the pass/);
      assert.match(stderr, /✔ stopped/);
    });

    const stops: [string, number, number, boolean][] = [
      ['finishes the pass after one SIGTERM', 1, 0, true],
      ['stops at once after the second, and delivers nothing', 2, 143, false],
    ];
    for (const [title, signals, expectedCode, delivered] of stops) {
      it(title, async () => {
        const answered = signals === 1 ? 1500 : 20_000;
        const server = createServer((_, response) =>
          setTimeout(() => response.end('{"name": "a", "size": 1}'), answered),
        );
        await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
        const { port } = server.address() as AddressInfo;
        const asked = once(server, 'request');
        const generator = `- apiClient: {interval: 1h, endpoint: "http://127.0.0.1:${port}/", singleElement: true}`;
        const file = await writeSet(LIST_SET.replace(/- list:[\s\S]*?(?=\n {2}templates)/, generator));
        const out = join(folder.path, 'out');
        const { code, stderr } = await runProgram(['run', '--once', '--directory', out, file], {
          env: env(),
          async started(child) {
            await asked;
            for (let sent = 0; sent < signals; sent++) {
              child.kill('SIGTERM');
              await delay(700);
            }
          },
        });
        server.closeAllConnections();
        server.close();
        assert.equal(code, expectedCode, stderr);
        assert.match(stderr, /◎ finishing the pass/);
        assert.equal(existsSync(join(out, 'flux-system-configmap-a.yaml')), delivered);
      });
    }

    it('refuses to read stdin again and again', async () => {
      const { code, stderr } = await runProgram(['run', '--directory', join(folder.path, 'out'), '-'], {
        stdin: LIST_SET,
        env: env(),
      });
      assert.equal(code, 1);
      assert.match(stderr, /stdin can be read only once: add --once/);
    });

    it('ends at once when no file has a usable set', async () => {
      const { code } = await run('run', '--directory', join(folder.path, 'out'), await writeSet('a: 1\n'));
      assert.equal(code, 1);
    });

    it('asks nobody again after a restart within the interval', async () => {
      const set = LIST_SET.replace('interval: 5s', 'interval: 1h');
      const file = await writeSet(set);
      const out = join(folder.path, 'out');
      const runUntil = (said: RegExp) =>
        runProgram(['run', '--directory', out, file], {
          env: env(),
          started(child) {
            let text = '';
            child.stderr?.on('data', (chunk: Buffer) => {
              text += chunk;
              if (said.test(text)) child.kill('SIGINT');
            });
          },
        });
      assert.match((await runUntil(/2 created/)).stderr, /2 created/);
      const second = await runUntil(/ran already, next in/);
      assert.match(second.stderr, /◎ flux-system\/list: ran already, next in (1h|59m)/);
      assert.doesNotMatch(second.stderr, /created|unchanged/);
      assert.equal(second.code, 0);
    });
  });

  describe('validate', () => {
    it('lists the sets, and every mistake of the others', async () => {
      const good = await writeSet(LIST_SET, 'good.yaml');
      const bad = await writeSet(
        LIST_SET.replace('{{ .Element.name }}', '{{ .Element.name }').replace('interval: 5s', 'interval: 5'),
        'bad.yaml',
      );
      const worse = await writeSet(
        LIST_SET.replace('name: list', 'name: worse').replace('{{ .Element.name }}', '{{ nothing }}'),
        'worse.yaml',
      );
      const { code, stdout, stderr } = await run('validate', good, bad, worse);
      assert.equal(code, 1);
      assert.match(stdout, /list +True +.*good\.yaml/);
      assert.match(stdout, /worse +False +.*worse\.yaml/);
      assert.match(stderr, /bad\.yaml:6:13: spec\.interval: is a number, must be a string such as 24h/);
      assert.match(stderr, /worse\.yaml:17:\d+: .*function "nothing" not defined/);
    });
  });

  describe('template', () => {
    it('evaluates a template against data', async () => {
      const file = await writeSet('values: [1, 2, 3]\n', 'data.yaml');
      const { stdout } = await run('template', '{{ range .values }}{{ mul . 2 }} {{ end }}', '--data', file);
      assert.equal(stdout, '2 4 6 \n');
    });

    it('evaluates a template in the Handlebars dialect', async () => {
      const file = await writeSet('values: [1, 2, 3]\n', 'data.yaml');
      const template = '{{#each values}}{{mul this 2}} {{/each}}';
      const { stdout } = await run('template', '--dialect', 'handlebars', template, '--data', file);
      assert.equal(stdout, '2 4 6 \n');
    });

    it('has the functions of the profile that is asked for', async () => {
      const template = '{{ slugify "Zürich" }}';
      for (const [functions, output] of [
        ['generatorset', 'zurich'],
        ['applicationset', 'z-rich'],
      ] as const) {
        const { stdout } = await run('template', '--functions', functions, template);
        assert.equal(stdout, `${output}\n`);
      }
      const { stderr, code } = await runProgram(['template', '--functions', 'none', template]);
      assert.equal(code, 1);
      assert.match(stderr, /function "slugify" not defined/);
    });

    it('calls random functions only when it is told that it may', async () => {
      const template = '{{ randAlpha 5 }} {{ genPrivateKey "ed25519" | trunc 10 }}';
      const refused = await run('template', template);
      assert.equal(refused.code, 1);
      assert.match(refused.stderr, /randAlpha gives another value at every render/);
      const allowed = await run('template', template, '--allow-non-deterministic');
      assert.match(allowed.stdout, /^[A-Za-z]{5} -----BEGIN\n$/);
    });

    it('answers every line of NDJSON in order, and never stops at a bad one', async () => {
      const lines = [
        '{"id":"a","template":"{{ .n }}","data":{"n":1000000}}',
        'nonsense',
        '{"id":"c","template":"{{ .n","data":{}}',
        '{"id":"d","template":"{{ .n }}","data":{"n":1000000},"numbers":"exact"}',
      ];
      const { stdout, code } = await runProgram(['template', '--ndjson'], { stdin: `${lines.join('\n')}\n` });
      assert.equal(code, 0);
      const answers = stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { id?: string; output?: string; phase?: string });
      assert.deepEqual(
        answers.map(({ id, output, phase }) => [id, output, phase]),
        [
          ['a', '1e+06', undefined],
          [undefined, undefined, 'parse'],
          ['c', undefined, 'parse'],
          ['d', '1000000', undefined],
        ],
      );
    });
  });

  it('schema prints what the repository holds', async () => {
    const { stdout } = await run('schema');
    assert.deepEqual(
      JSON.parse(stdout),
      JSON.parse(
        await readFile(new URL('../../schemas/generatorset_v1alpha1.json', import.meta.url), 'utf8'),
      ),
    );
  });

  it('version prints the version', async () => {
    const { version } = JSON.parse(
      await readFile(new URL('../../package.json', import.meta.url), 'utf8'),
    ) as { version: string };
    assert.match((await run('version')).stdout, new RegExp(`^generatorset: v${version}\nnode: v\\d+`));
    assert.equal(JSON.parse((await run('version', '-o', 'json')).stdout).generatorset, version);
  });

  it('suggests the command that was meant', async () => {
    const { code, stderr } = await run('biuld');
    assert.equal(code, 1);
    assert.match(stderr, /Did you mean build\?/);
  });
});

async function waitFor(condition: () => boolean): Promise<void> {
  for (let tries = 0; tries < 400; tries++) {
    if (condition()) return;
    await delay(50);
  }
  assert.fail('it did not happen within 20 seconds');
}
