import assert from 'node:assert/strict';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { sampleSet, validateSample } from '../../../test/harness/sample-sets.ts';
import { useTemporaryFolder } from '../../../test/harness/temporary-folder.ts';
import { silentLogger } from '../../lib/logger.ts';
import { readSetFiles } from './read-set-files.ts';

const signal = new AbortController().signal;
const named = (name: string) => sampleSet('interval: 5m').replace('name: test', `name: ${name}`);

async function write(folder: string, files: Record<string, string | Uint8Array>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
}

describe('readSetFiles', () => {
  const temporary = useTemporaryFolder();
  let folder: string;
  let warnings: string[];
  const log = { ...silentLogger, warn: (message: string) => warnings.push(message) };

  beforeEach(() => {
    folder = temporary.path;
    warnings = [];
  });

  async function read(paths: readonly string[], stdin?: AsyncIterable<string>) {
    const options = { validate: validateSample, signal, log, ...(stdin && { stdin }) };
    const { sets, errors } = await readSetFiles(
      paths.map((path) => (path === '-' ? path : join(folder, path))),
      options,
    );
    return {
      names: sets.map(({ set }) => set.metadata.name),
      files: sets.map(({ source }) => source.file.replace(`${folder}/`, '')),
      errors: errors.map((error) => error.message.replaceAll(`${folder}/`, '').replaceAll(folder, '.')),
    };
  }

  it('reads files and folders, in order, each file once', async () => {
    await write(folder, {
      'b.yaml': named('b'),
      'a/z.yml': named('z'),
      'a/c/d.json': named('d'),
      'a/B.YAML': named('x'),
    });
    const { names, files, errors } = await read(['b.yaml', 'a', 'b.yaml']);
    assert.deepEqual(errors, []);
    assert.deepEqual(names, ['b', 'x', 'd', 'z']);
    assert.deepEqual(files, ['b.yaml', 'a/B.YAML', 'a/c/d.json', 'a/z.yml']);
  });

  it('passes over what is not meant', async () => {
    await write(folder, {
      'set.yaml': named('a'),
      'notes.txt': named('text'),
      '.hidden/set.yaml': named('hidden'),
      '.set.yaml': named('hidden'),
      'node_modules/x/set.yaml': named('package'),
      'replay/set.yaml': named('replay'),
      'secret.yaml': 'kind: Secret\n',
      'chart/templates/x.yaml': '{{- if .Values.x }}\nkind: Deployment\n{{ end }}\n',
      'broken.yaml': 'a: [\n',
      'latin.yaml': Buffer.from('a: \xe9\n', 'latin1'),
      'large.yaml': `a: ${'x'.repeat(5 * 1024 * 1024)}\n`,
    });
    const { names, errors } = await read(['.']);
    assert.deepEqual(errors, []);
    assert.deepEqual(names, ['a']);
    assert.deepEqual(warnings, [
      `passed over: ${join(folder, 'large.yaml')} is larger than 4 MiB`,
      `passed over: ${join(folder, 'latin.yaml')} is no UTF-8 text`,
    ]);
  });

  it('reports a broken file of a folder that means to be a set', async () => {
    await write(folder, {
      'a.yaml': named('a'),
      'b.yaml': `${named('b')}  x: [\n`,
      'c.json': '{"kind":"GeneratorSet"',
    });
    const { names, errors } = await read(['.']);
    assert.deepEqual(names, ['a']);
    assert.equal(errors.length, 2);
    assert.match(errors[0] ?? '', /^b.yaml:\d+:\d+: /);
    assert.match(errors[1] ?? '', /^c.json:1:\d+: /);
  });

  it('reports a misspelled kind in a folder', async () => {
    await write(folder, { 'a.yaml': named('a').replace('GeneratorSet', 'GenratorSet') });
    assert.deepEqual((await read(['.'])).errors, [
      'a.yaml:2:7: kind: is "GenratorSet", must be "GeneratorSet"',
    ]);
  });

  it('follows links inside a folder, and none that lead out or in circles', async () => {
    await write(folder, {
      'sets/..data/a.yaml': named('mounted'),
      'sets/b/b.yaml': named('b'),
      'outside/c.yaml': named('c'),
    });
    await symlink('..data/a.yaml', join(folder, 'sets/a.yaml'));
    await symlink('../b', join(folder, 'sets/b/circle'));
    await symlink('b', join(folder, 'sets/again'));
    await symlink('../outside', join(folder, 'sets/out'));
    await symlink('../outside/c.yaml', join(folder, 'sets/c.yaml'));
    await symlink('/etc', join(folder, 'sets/etc'));
    await symlink('nowhere', join(folder, 'sets/d.yaml'));
    const { names, errors } = await read(['sets']);
    assert.deepEqual(errors, []);
    assert.deepEqual(names, ['mounted', 'b']);
  });

  it('follows a link that is named', async () => {
    await write(folder, { 'real/a.yaml': named('a') });
    await symlink('real', join(folder, 'link'));
    await symlink('real/a.yaml', join(folder, 'link.yaml'));
    assert.deepEqual((await read(['link'])).names, ['a']);
    assert.deepEqual((await read(['link.yaml'])).names, ['a']);
  });

  const failures: [title: string, path: string, error: string][] = [
    ['a file that is not there', 'missing.yaml', 'missing.yaml: no such file or folder'],
    ['a named file without a set', 'secret.yaml', 'secret.yaml: holds no GeneratorSet'],
    ['a folder without a set', 'empty', 'empty: holds no GeneratorSet'],
    [
      'a named file that is no YAML',
      'broken.yaml',
      'broken.yaml:2:1: flow sequence in block collection must be sufficiently indented and end with a ]',
    ],
    ['standard input where there is none', '-', 'standard input is not available here'],
  ];
  for (const [title, path, error] of failures) {
    it(`reports ${title}, and reads the others`, async () => {
      await write(folder, {
        'secret.yaml': 'kind: Secret\n',
        'empty/x.yaml': 'a: 1\n',
        'broken.yaml': 'a: [\n',
        'a.yaml': named('a'),
      });
      const { names, errors } = await read([path, 'a.yaml']);
      assert.deepEqual(errors, [error]);
      assert.deepEqual(names, ['a']);
    });
  }

  it('reads standard input', async () => {
    async function* stdin() {
      const text = named('piped');
      yield text.slice(0, 20);
      yield text.slice(20);
    }
    const { names, files } = await read(['-'], stdin());
    assert.deepEqual(names, ['piped']);
    assert.deepEqual(files, ['stdin']);
  });

  it('bounds standard input', async () => {
    async function* endless() {
      while (true) yield 'x'.repeat(65_536);
    }
    assert.deepEqual((await read(['-'], endless())).errors, ['stdin is larger than 4 MiB']);
  });

  it('reads a file once, however it is named', async () => {
    await write(folder, { 'a/set.yaml': named('a') });
    await symlink(join(folder, 'a/set.yaml'), join(folder, 'link.yaml'));
    const { names, errors } = await read(['a', 'a/set.yaml', './a/../a/set.yaml', 'link.yaml', 'a/']);
    assert.deepEqual([names, errors], [['a'], []]);
  });

  it('uses neither of two sets of one name, and reports both places', async () => {
    await write(folder, { 'a.yaml': named('same'), 'b.yaml': named('same'), 'c.yaml': named('other') });
    const { names, errors } = await read(['.']);
    assert.deepEqual(names, ['other']);
    assert.deepEqual(errors, [
      'b.yaml:3: the GeneratorSet flux-system/same stands in a.yaml:3 too; rename one',
    ]);
  });

  it('stops when it is aborted', async () => {
    await write(folder, { 'a.yaml': named('a') });
    const options = { validate: validateSample, signal: AbortSignal.abort(new Error('stop')), log };
    await assert.rejects(readSetFiles([folder], options), /stop/);
    await assert.rejects(readSetFiles([join(folder, 'a.yaml')], options), /stop|abort/i);
  });
});
