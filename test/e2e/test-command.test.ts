import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { LIST_SET, listSetWith, useCommandLine } from '../harness/command-line.ts';
import { startHttpServer } from '../harness/http-server.ts';
import { ROOT, runProgram } from '../harness/run-program.ts';

interface Result {
  readonly folder: string;
  readonly kind: string;
  readonly passed: boolean;
  readonly resources: number;
  readonly message?: string;
  readonly diff?: string;
}

interface Report {
  readonly tests: number;
  readonly passed: number;
  readonly failed: number;
  readonly results: readonly Result[];
}

/** A set that asks a server for a list of names. */
function askingSet(endpoint: string): string {
  return listSetWith(`apiClient: {interval: 1h, endpoint: "${endpoint}"}`);
}

describe('the command line test', function () {
  this.timeout(60_000);
  const { folder, run } = useCommandLine();

  const path = (name: string) => join(folder.path, name);

  async function write(name: string, text: string): Promise<void> {
    await mkdir(dirname(path(name)), { recursive: true });
    await writeFile(path(name), text);
  }

  /** A case that passes. */
  async function writeCase(name: string): Promise<void> {
    await write(`${name}/generatorset.yaml`, LIST_SET.replace('name: list', `name: ${name}`));
    assert.equal((await run('test', '--update', path(name))).code, 0);
  }

  describe('on the examples and templates of this repository', () => {
    const names = (below: string) =>
      readdirSync(join(ROOT, below), { withFileTypes: true }).flatMap((entry) =>
        entry.isDirectory() ? [join(below, entry.name)] : [],
      );

    it('passes, and leaves none out', async () => {
      const { code, stdout, stderr } = await runProgram(['test', '-o', 'json', 'examples', 'templates']);
      assert.equal(code, 0, stderr);
      const { tests, passed, failed, results } = JSON.parse(stdout) as Report;
      assert.deepEqual([passed, failed], [tests, 0]);
      assert.deepEqual(
        results.map((result) => result.folder).sort(),
        [...names('examples'), ...names('templates')].sort(),
      );
      for (const { folder: name, resources } of results) assert.ok(resources > 0, name);
    });

    it('sees a change in any of them', async () => {
      for (const below of ['examples', 'templates'])
        await cp(join(ROOT, below), path(below), { recursive: true });
      for (const name of [...names('examples'), ...names('templates')]) {
        const file = path(join(name, 'expected.yaml'));
        const text = await readFile(file, 'utf8');
        await writeFile(file, text.replace(/^ {2}name: /m, '  name: x-'));
      }
      const { code, stdout } = await run('test', '-o', 'json', folder.path);
      assert.equal(code, 1);
      const { results } = JSON.parse(stdout) as Report;
      assert.ok(results.length >= 8);
      assert.deepEqual(
        results.filter(({ passed }) => passed),
        [],
      );
    });
  });

  it('passes where values are equal, however they are written', async () => {
    await writeCase('a');
    const expected = await readFile(path('a/expected.yaml'), 'utf8');
    const [, first = '', second = ''] = expected.split('---\n');
    await write(
      'a/expected.yaml',
      `# in another order\n---\n${second}---\n${first.replace('size: "1"', "size: '1'")}`,
    );
    const { code, stdout, stderr } = await run('test', folder.path);
    assert.deepEqual([code, stdout], [0, '']);
    assert.match(stderr, /✔ .*\/a: 2 resources\n✔ all 1 passed\n$/);
  });

  it('shows what differs, and goes on with the others', async () => {
    await writeCase('a');
    await writeCase('b');
    await write(
      'a/generatorset.yaml',
      LIST_SET.replace('size: 2', 'size: 3').replace('name: list', 'name: a'),
    );
    const { code, stdout, stderr } = await run('test', folder.path);
    assert.equal(code, 1);
    assert.match(stdout, /^--- expected\/v1\/ConfigMap\/flux-system\/b$/m);
    assert.match(stdout, /^-\s+size: "2"\n\+\s+size: "3"$/m);
    assert.match(
      stderr,
      /✗ .*\/a: 1 of 2 resources are not as expected\n✔ .*\/b: 2 resources\n✗ 1 of 2 failed\n$/,
    );
  });

  it('tells why a set cannot be rendered, with its place', async () => {
    await writeCase('a');
    await write('a/generatorset.yaml', LIST_SET.replace('.Element.size', '.Element.sise'));
    const { code, stderr } = await run('test', folder.path);
    assert.equal(code, 1);
    assert.match(stderr, /✗ .*\/a: .*\/a\/generatorset\.yaml:19:\d+: map has no entry for key "sise"/);
  });

  it('tells what is wrong with a set', async () => {
    await writeCase('a');
    await write('a/generatorset.yaml', LIST_SET.replace('  generators', '  genrators'));
    const { code, stderr } = await run('test', folder.path);
    assert.equal(code, 1);
    assert.match(stderr, /✗ .*\/a: .*generatorset\.yaml:7:3: spec: unknown field "genrators"/);
  });

  it('fails in one sentence where there are no tests', async () => {
    await write('a/generatorset.yaml', LIST_SET);
    const { code, stdout, stderr } = await run('test', folder.path);
    assert.deepEqual([code, stdout], [1, '']);
    assert.match(stderr, /^✗ no tests in \/[^\n]*\n$/);
  });

  it('looks into the present folder by default', async () => {
    await writeCase('a');
    const { code, stderr } = await runProgram(['test'], { cwd: folder.path });
    assert.equal(code, 0);
    assert.match(stderr, /✔ a: 2 resources/);
  });

  it('writes JUnit, with what differs', async () => {
    await writeCase('a');
    await writeCase('b');
    await write('a/expected.yaml', (await readFile(path('a/expected.yaml'), 'utf8')).replace('"1"', '"<&>"'));
    const { code, stdout } = await run('test', '-o', 'junit', folder.path);
    assert.equal(code, 1);
    assert.match(stdout, /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<testsuites tests="2" failures="1" /);
    assert.match(stdout, /<testcase name="[^"]*\/a" classname="generatorset\.set" time="\d+\.\d{3}">\n/);
    assert.match(stdout, /^-\s+size: "?&lt;&amp;&gt;"?$/m);
    assert.match(stdout, /<testcase name="[^"]*\/b" [^>]*\/>/);
  });

  it('updates what is expected, and nothing that is already so', async () => {
    await writeCase('a');
    const expected = await readFile(path('a/expected.yaml'), 'utf8');
    await write('a/expected.yaml', expected.replace('"1"', '"7"'));
    const first = await run('test', '--update', folder.path);
    assert.match(first.stderr, /✚ .*\/a: 2 resources, expected\.yaml written/);
    assert.equal(await readFile(path('a/expected.yaml'), 'utf8'), expected);
    const second = await run('test', '--update', folder.path);
    assert.match(second.stderr, /✔ .*\/a: 2 resources\n/);
  });

  it('keeps what is expected where rendering fails', async () => {
    await writeCase('a');
    const expected = await readFile(path('a/expected.yaml'), 'utf8');
    await write('a/generatorset.yaml', LIST_SET.replace('.Element.size', '.Element.sise'));
    assert.equal((await run('test', '--update', folder.path)).code, 1);
    assert.equal(await readFile(path('a/expected.yaml'), 'utf8'), expected);
  });

  describe('with a server', () => {
    let answer: { status: number; body: unknown };
    let asked: number;
    let server: Awaited<ReturnType<typeof startHttpServer>>;
    beforeEach(async () => {
      asked = 0;
      answer = { status: 200, body: [{ name: 'a', size: 1 }] };
      server = await startHttpServer((_, response) => {
        asked++;
        response.writeHead(answer.status, { 'content-type': 'application/json' });
        response.end(JSON.stringify(answer.body));
      });
    });
    afterEach(() => server.close());

    const record = async () => {
      await write('a/generatorset.yaml', askingSet(`${server.origin}/names`));
      return run('test', '--record', '--update', folder.path);
    };

    it('records answers, and then asks nobody', async () => {
      const recorded = await record();
      assert.equal(recorded.code, 0, recorded.stderr);
      assert.equal(asked, 1);
      assert.equal((await readdir(path('a/replay'))).length, 1);
      const replayed = await run('test', folder.path);
      assert.equal(replayed.code, 0, replayed.stderr);
      assert.equal(asked, 1);
    });

    it('records anew, in place of what was recorded, and keeps other files', async () => {
      await record();
      await write('a/replay/002-old.json', '{"request": {"method": "GET", "url": "http://old/"}}');
      await write('a/replay/README.md', 'mine');
      answer = { status: 200, body: [{ name: 'b', size: 2 }] };
      const { code, stdout } = await run('test', '--record', folder.path);
      assert.equal(code, 1);
      assert.match(stdout, /^\+\+\+ rendered\/v1\/ConfigMap\/flux-system\/b$/m);
      const files = await readdir(path('a/replay'));
      assert.deepEqual(files.filter((name) => name !== 'README.md').length, 1);
      assert.ok(files.includes('README.md'));
      assert.deepEqual((await readdir(path('a'))).sort(), ['expected.yaml', 'generatorset.yaml', 'replay']);
    });

    it('keeps what was recorded where the server fails', async () => {
      await record();
      const before = await readdir(path('a/replay'));
      answer = { status: 403, body: {} };
      assert.equal((await run('test', '--record', folder.path)).code, 1);
      assert.deepEqual(await readdir(path('a/replay')), before);
      assert.equal((await run('test', folder.path)).code, 0);
      assert.deepEqual((await readdir(path('a'))).sort(), ['expected.yaml', 'generatorset.yaml', 'replay']);
    });

    it('takes Secrets from the folder objects beside the set', async () => {
      const secret =
        'apiVersion: v1\nkind: Secret\nmetadata: {name: token}\nstringData: {x-token: "canary"}\n';
      await write('a/objects/secret.yaml', secret);
      const withSecret = askingSet(`${server.origin}/names`).replace(
        '"}',
        '", headersRef: {kind: Secret, name: token}}',
      );
      await write('a/generatorset.yaml', withSecret);
      const { code, stderr } = await run('test', '--record', '--update', folder.path);
      assert.equal(code, 0, stderr);
      assert.equal((await run('test', folder.path)).code, 0);
      for (const name of await readdir(path('a/replay')))
        assert.doesNotMatch(await readFile(path(`a/replay/${name}`), 'utf8'), /canary/);
    });

    it('asks nobody where nothing is recorded', async () => {
      await record();
      await rm(path('a/replay'), { recursive: true });
      const { code, stderr } = await run('test', folder.path);
      assert.equal(code, 1);
      assert.match(stderr, /nothing is recorded in replay\/; record answers with --record/);
      assert.equal(asked, 1);
    });
  });

  describe("on a template of one's own", () => {
    const template = `description: Mine.
values:
  name: {description: The name., required: true}
templates:
  - content:
      apiVersion: v1
      kind: Namespace
      metadata: {name: "{{ .Values.name }}"}
`;
    const sample = 'values: {name: "{{ .Element.title }}"}\nelements: [{title: a}, {title: b}]\n';

    it('renders the sample', async () => {
      await write('mine/template.yaml', template);
      await write('mine/elements.yaml', sample);
      assert.equal((await run('test', '--update', folder.path)).code, 0);
      const { code, stdout } = await run('test', '-o', 'json', folder.path);
      assert.equal(code, 0);
      const [result] = (JSON.parse(stdout) as Report).results;
      assert.deepEqual([result?.kind, result?.resources], ['template', 2]);
      const inside = await runProgram(['test'], { cwd: path('mine') });
      assert.equal(inside.code, 0, inside.stderr);
    });

    const faults: { title: string; file: string; text: string; message: RegExp }[] = [
      {
        title: 'a value that fails',
        file: 'elements.yaml',
        text: sample.replace('.Element.title', '.Element.titel'),
        message: /mine\/elements\.yaml:1:28: map has no entry for key "titel"/,
      },
      {
        title: 'a value that it does not know',
        file: 'elements.yaml',
        text: sample.replace('{name:', '{nam:'),
        message: /mine\/elements\.yaml:1:10: .*mine has no value "nam"; did you mean "name"\?/,
      },
      {
        title: 'an element that is none',
        file: 'elements.yaml',
        text: sample.replace('{title: a}', '1'),
        message: /mine\/elements\.yaml:2:12: .*must be an object/,
      },
      {
        title: 'a leaf that fails',
        file: 'template.yaml',
        text: template.replace('.Values.name', '.Values.nam'),
        message:
          /mine\/template\.yaml:8:35: map has no entry for key "nam" \(used in .*mine\/elements\.yaml:1:1/,
      },
      {
        title: 'a template that is none',
        file: 'template.yaml',
        text: template.replace('description: Mine.\n', ''),
        message: /mine\/template\.yaml:1:1: needs a description/,
      },
      {
        title: 'a sample that is none',
        file: 'elements.yaml',
        text: '- title: a\n',
        message: /mine\/elements\.yaml: must be an object with values and elements/,
      },
      {
        title: 'a sample that is no YAML',
        file: 'elements.yaml',
        text: 'values: [\n',
        message: /mine\/elements\.yaml:\d:\d+: /,
      },
    ];
    for (const { title, file, text, message } of faults) {
      it(`tells the place of ${title}`, async () => {
        await write('mine/template.yaml', template);
        await write('mine/elements.yaml', sample);
        await write(`mine/${file}`, text);
        const { code, stderr } = await run('test', '--update', folder.path);
        assert.equal(code, 1);
        assert.match(stderr, message);
        assert.equal(existsSync(path('mine/expected.yaml')), false);
      });
    }
  });
});
