import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { timed } from '../../bench/measure.ts';
import { LIST_SET, listSetWith } from '../harness/command-line.ts';
import { type ProgramResult, ROOT, runProgram, SOURCES } from '../harness/run-program.ts';
import { copyProject, installPackage, type Packed, packProject } from './packed.ts';

const PROGRAMS = [
  'flux-generatorset',
  'generatorset',
  'kubectl-generatorset',
  'kubectl_complete-generatorset',
];

/** Bytes that the installed package may take. */
const MAX_SIZE = 12 * 1024 * 1024;

/** How often a start is timed; what else the machine does slows some, and hardly all. */
const STARTS = 8;
/** How many times the start of Node.js a `build` may take: about 5, and 20 with a client of Kubernetes. */
const MAX_START = 10;

const execNode = (args: readonly string[]) => promisify(execFile)(process.execPath, [...args]);

/** What is in the package beside the chunks of the bundle and the ready-made templates. */
const FILES = [
  'README.md',
  'bin/generatorset.cjs',
  'dist/THIRD-PARTY-NOTICES.txt',
  'dist/compiled-schema.cjs',
  'dist/main.js',
  'dist/promql-parser.cjs',
  'dist/sbom.cdx.json',
  'dist/schema-compiler.cjs',
  'package.json',
];

describe('the package of npm', function () {
  this.timeout(60_000);
  let folder: string;
  let packed: Packed;
  let programs: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'generatorset-package-'));
    packed = packProject(copyProject(join(folder, 'project')));
    programs = installPackage(packed.archive, join(folder, 'installed'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const installed = (...path: string[]) => join(folder, 'installed/node_modules', ...path);
  const run = (args: readonly string[], name = 'generatorset'): Promise<ProgramResult> =>
    runProgram(args, { program: join(programs, name), env: { XDG_CACHE_HOME: join(folder, 'cache') } });

  it('has the bundle, and neither sources nor tests nor maps', () => {
    const templates = readdirSync(join(ROOT, 'templates'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => `dist/templates/${name}/template.yaml`);
    const others = packed.files.filter((path) => !/^dist\/[a-z-]+-[A-Z0-9]{8}\.js$/.test(path));
    assert.deepEqual(others.toSorted(), [...FILES, ...templates].toSorted());
  });

  it('is the same when it is made again somewhere else', () => {
    const again = packProject(copyProject(join(folder, 'some/where/else'), join(folder, 'project')));
    const digest = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex');
    assert.equal(digest(again.archive), digest(packed.archive));
  });

  it('brings no other package, and little to download', () => {
    assert.deepEqual(
      readdirSync(installed()).filter((name) => !name.startsWith('.')),
      ['generatorset'],
    );
    assert.ok(packed.unpackedSize < MAX_SIZE, `${packed.unpackedSize} bytes`);
  });

  it('gives the program its names, and kubectl one to complete by', async () => {
    assert.deepEqual(readdirSync(programs).toSorted(), PROGRAMS);
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
    for (const name of PROGRAMS.slice(0, -1))
      assert.match((await run(['version'], name)).stdout, new RegExp(`^generatorset: v${version}\n`));
    assert.match((await run(['vers'], PROGRAMS.at(-1))).stdout, /^version\t/);
  });

  const examples = readdirSync(join(ROOT, 'examples')).filter((name) =>
    existsSync(join(ROOT, 'examples', name, 'expected.yaml')),
  );
  for (const name of examples) {
    it(`renders the example ${name} as its golden file says`, async () => {
      const example = join(ROOT, 'examples', name);
      const replay = existsSync(join(example, 'replay')) ? ['--replay', join(example, 'replay')] : [];
      const { stdout, stderr } = await run(['build', ...replay, join(example, 'generatorset.yaml')]);
      assert.equal(stdout, readFileSync(join(example, 'expected.yaml'), 'utf8'), stderr);
    });
  }

  it('finds the ready-made templates', async () => {
    const set = join(folder, 'ready.yaml');
    const template = '[{from: kustomization, values: {name: "{{ .Element.name }}", path: ./apps}}]';
    writeFileSync(set, LIST_SET.replace(/templates:\n[\s\S]*/, `templates: ${template}\n`));
    const { code, stdout, stderr } = await run(['build', set]);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /kind: Kustomization/);
  });

  it('finds the parser of PromQL', async () => {
    const set = join(folder, 'promql.yaml');
    const generator =
      '- prometheus:\n        server: {url: http://localhost:9090}\n        query: "sum by ("\n';
    writeFileSync(set, LIST_SET.replace(/- list:[\s\S]*?(?=\n {2}templates)/, generator));
    const { code, stderr } = await run(['validate', set]);
    assert.equal(code, 1);
    assert.doesNotMatch(stderr, /Cannot find/);
    assert.match(stderr, /query/);
  });

  it('checks what chained generators are told', async () => {
    const set = join(folder, 'chained.yaml');
    const teams = 'list: {elements: [{name: a, sizes: [1]}]}';
    const sizes = 'list: {elements: [{size: "{{ .Element.name }}"}]}';
    writeFileSync(set, listSetWith(`matrix: {generators: [{${teams}}, {${sizes}}]}`));
    const { code, stdout, stderr } = await run(['build', set]);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /size: a/);
  });

  for (const args of [
    ['validate', 'examples'],
    ['schema'],
    ['install', '--export'],
    ['controller', '--help'],
  ]) {
    it(`does the same as the sources: ${args.join(' ')}`, async () => {
      const [ours, theirs] = await Promise.all([run(args), runProgram(args, { program: SOURCES })]);
      assert.deepEqual([ours.code, ours.stdout, ours.stderr], [theirs.code, theirs.stdout, theirs.stderr]);
      assert.equal(ours.code, 0, ours.stderr);
    });
  }

  it('needs nothing of what happens to be installed around it', async () => {
    const set = join(ROOT, 'examples/memory-tuning/generatorset.yaml');
    const hooks = `--import=${join(ROOT, 'test/harness/loaded-packages.ts')}`;
    const { stdout } = await runProgram(['validate', set], {
      program: join(programs, 'generatorset'),
      env: { NODE_OPTIONS: hooks },
    });
    assert.match(stdout, /\nloaded: generatorset\n$/);
  });

  it('starts in a few times what Node.js itself takes', async () => {
    const set = join(ROOT, 'examples/hpa-list/generatorset.yaml');
    const times: { ours: number[]; bare: number[] } = { ours: [], bare: [] };
    for (let i = 0; i < STARTS; i++) {
      times.ours.push(await timed(() => execNode([join(programs, 'generatorset'), 'build', set])));
      times.bare.push(await timed(() => execNode(['-e', '0'])));
    }
    const [ours, bare] = [Math.min(...times.ours), Math.min(...times.bare)];
    assert.ok(ours / bare < MAX_START, `${ours.toFixed(0)} ms, Node.js itself ${bare.toFixed(0)} ms`);
  });

  it('says what it needs where Node.js is too old', async () => {
    const old = join(folder, 'old-node.cjs');
    const fakes = {
      versions: '{ ...process.versions, node: "20.20.2" }',
      // Nor is there a newer one beside it.
      arch: '"unknown"',
    };
    const lines = Object.entries(fakes).map(
      ([name, value]) => `Object.defineProperty(process, '${name}', { value: ${value} });\n`,
    );
    writeFileSync(old, lines.join(''));
    const program = join(programs, 'generatorset');
    const { code, stdout, stderr } = await runProgram(['version'], {
      program,
      env: { NODE_OPTIONS: `--require=${old}` },
    });
    assert.deepEqual([code, stdout], [1, '']);
    assert.equal(
      stderr,
      'generatorset needs Node.js 22.19 or later; this is 20.20.2: install a newer Node.js\n',
    );
  });
});
