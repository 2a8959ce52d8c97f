import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { LIST_SET, useCommandLine } from '../harness/command-line.ts';
import { runProgram } from '../harness/run-program.ts';

describe('the command line', function () {
  this.timeout(60_000);
  const { run, writeSet } = useCommandLine();

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

  describe('--namespace', () => {
    for (const command of ['validate', 'build', 'plan', 'test'])
      for (const namespace of ['', 'a/b', 'Bad'])
        it(`of ${command} refuses ${JSON.stringify(namespace)}`, async () => {
          const { code, stdout, stderr } = await run(command, '-n', namespace, await writeSet(LIST_SET));
          assert.deepEqual([code, stdout], [1, '']);
          assert.match(stderr, /It must be a DNS label/);
        });
  });

  describe('help', () => {
    it('shows the help of a command, and of all', async () => {
      const [one, all] = [await run('help', 'build'), await run('help')];
      assert.match(one.stdout, /^Usage: generatorset build /);
      assert.match(all.stdout, /^Usage: generatorset \[options\]/);
      assert.deepEqual([one.code, all.code, one.stderr, all.stderr], [0, 0, '', '']);
    });

    it('says that there is no such command, and which was meant', async () => {
      const { code, stdout, stderr } = await run('help', 'biuld');
      assert.deepEqual([code, stdout], [1, '']);
      assert.equal(
        stderr,
        "error: unknown command 'biuld'\n(Did you mean build?)\n(--help lists what there is)\n",
      );
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

    it('shows where a template is wrong, in its own words', async () => {
      const file = await writeSet('count: 3\n', 'count.yaml');
      for (const [args, shown] of [
        [
          ['a {{ .cuont }}', '--data', file],
          '✗ template:1:6: map has no entry for key "cuont"\n    a {{ .cuont }}\n         ^\n',
        ],
        [
          ['{{ uper "x" }}'],
          '✗ template:1:4: function "uper" not defined: did you mean "upper"?\n    {{ uper "x" }}\n       ^\n',
        ],
        [['x', '--data', 'nope.yaml'], '✗ nope.yaml: no such file\n'],
        [['--file', 'nope.tpl'], '✗ nope.tpl: no such file\n'],
        [['x', '--data', '/'], '✗ /: is a folder\n'],
        [
          ['x', '--delimiters', '<<'],
          '✗ --delimiters: two different delimiters are needed, separated by a comma, such as "${{,}}", each of up to 8 brackets and signs\n',
        ],
      ] as const) {
        const { code, stdout, stderr } = await runProgram(['template', ...args]);
        assert.deepEqual({ code, stdout, stderr }, { code: 1, stdout: '', stderr: shown });
      }
    });

    it('names the data that is no YAML', async () => {
      const file = await writeSet('a: [1\n', 'broken.yaml');
      const { stderr } = await run('template', 'x', '--data', file);
      assert.match(stderr, /^✗ .*broken\.yaml:\d+:\d+: /);
    });

    it('reads keys that are missing as it is told', async () => {
      for (const [mode, output] of [
        ['default', '<no value>'],
        ['zero', '<no value>'],
      ] as const) {
        const { stdout } = await run('template', '--missingkey', mode, '{{ .x }}');
        assert.equal(stdout, `${output}\n`);
      }
      const { stderr } = await run('template', '--missingkey', 'error', '{{ .x }}');
      assert.match(stderr, /map has no entry for key "x"/);
    });

    it('calls random functions only when it is told that it may', async () => {
      const template = '{{ randAlpha 5 }} {{ genPrivateKey "ed25519" | trunc 10 }}';
      const refused = await run('template', template);
      assert.equal(refused.code, 1);
      assert.match(refused.stderr, /randAlpha gives another value at every render.*give --allow-non-det/);
      assert.match(refused.stderr, /\n✗ template:1:22: genPrivateKey gives another value/);
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
