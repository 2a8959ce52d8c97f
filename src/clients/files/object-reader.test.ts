import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { useTemporaryFolder } from '../../../test/harness/temporary-folder.ts';
import { createRereadingObjectReader, emptyObjectReader } from './object-reader.ts';

const signal = new AbortController().signal;
const secret = { apiVersion: 'v1', kind: 'Secret', namespace: 'flux-system', name: 'token' };

const object = (name: string, namespace?: string, kind = 'Secret') =>
  `apiVersion: v1\nkind: ${kind}\nmetadata: {name: ${name}${namespace ? `, namespace: ${namespace}` : ''}}\nstringData: {value: ${name}-${namespace}}\n`;

/** A reader that has read the folder once. */
const openFolder = (folder: string) =>
  createRereadingObjectReader(folder, { maxAge: Number.POSITIVE_INFINITY, now: () => 0, signal });

describe('a reader of a folder', () => {
  const temporary = useTemporaryFolder();
  let folder: string;
  beforeEach(() => {
    folder = temporary.path;
  });

  async function readerOf(files: Record<string, string>) {
    await mkdir(join(folder, 'deep'), { recursive: true });
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    return openFolder(folder);
  }

  it('finds objects by version, kind, namespace and name', async () => {
    const reader = await readerOf({
      'a.yaml': `${object('token', 'flux-system')}---\n${object('token', 'other')}---\n${object('token', 'flux-system', 'ConfigMap')}`,
      'deep/b.json':
        '{"apiVersion": "source.toolkit.fluxcd.io/v1", "kind": "GitRepository", "metadata": {"name": "token", "namespace": "flux-system"}}',
    });
    assert.deepEqual((await reader.get(secret, signal))?.['stringData'], { value: 'token-flux-system' });
    assert.deepEqual((await reader.get({ ...secret, namespace: 'other' }, signal))?.['stringData'], {
      value: 'token-other',
    });
    assert.equal((await reader.get({ ...secret, kind: 'ConfigMap' }, signal))?.kind, 'ConfigMap');
    const source = { ...secret, apiVersion: 'source.toolkit.fluxcd.io/v1', kind: 'GitRepository' };
    assert.equal((await reader.get(source, signal))?.kind, 'GitRepository');
  });

  it('finds nothing else', async () => {
    const reader = await readerOf({ 'a.yaml': object('token', 'flux-system') });
    for (const other of [
      { namespace: 'other' },
      { name: 'tokens' },
      { kind: 'ConfigMap' },
      { apiVersion: 'v2' },
    ]) {
      assert.equal(await reader.get({ ...secret, ...other }, signal), undefined);
    }
    assert.equal(await reader.get({ ...secret, name: '__proto__' }, signal), undefined);
  });

  it('has an object without a namespace in every namespace', async () => {
    const reader = await readerOf({ 'a.yaml': object('token') });
    assert.ok(await reader.get(secret, signal));
    assert.ok(await reader.get({ ...secret, namespace: 'other' }, signal));
  });

  it('opens lists and passes over what has no name', async () => {
    const item = object('token', 'flux-system').trimEnd().replaceAll('\n', '\n  ');
    const reader = await readerOf({
      'a.yaml': `kind: List\nitems:\n- ${item}\n`,
      'kustomization.yaml': 'resources: [a.yaml]\n',
    });
    assert.ok(await reader.get(secret, signal));
  });

  const lists: [title: string, Parameters<Awaited<ReturnType<typeof readerOf>>['list']>[0], string[]][] = [
    ['of one namespace, sorted', { apiVersion: 'v1', kind: 'Secret', namespace: 'apps' }, ['any', 'a', 'b']],
    ['of all namespaces', { apiVersion: 'v1', kind: 'Secret', namespace: '' }, ['any', 'a', 'b', 'a']],
    [
      'that a selector takes',
      { apiVersion: 'v1', kind: 'Secret', namespace: 'apps', labelSelector: { matchLabels: { team: 'x' } } },
      ['b'],
    ],
    ['of another kind', { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'apps' }, ['a']],
    ['of a kind that there is none of', { apiVersion: 'v2', kind: 'Secret', namespace: 'apps' }, []],
  ];
  for (const [title, ref, names] of lists) {
    it(`lists the objects ${title}`, async () => {
      const labelled = object('b', 'apps').replace('namespace: apps', 'namespace: apps, labels: {team: x}');
      const texts = [
        labelled,
        object('a', 'apps'),
        object('any'),
        object('a', 'other'),
        object('a', 'apps', 'ConfigMap'),
      ];
      const reader = await readerOf({ 'a.yaml': texts.join('---\n') });
      assert.deepEqual(
        (await reader.list(ref, signal)).map(({ metadata }) => metadata.name),
        names,
      );
    });
  }

  const duplicates: [title: string, files: Record<string, string>, error: RegExp][] = [
    [
      'in two files',
      { 'a.yaml': object('token', 'flux-system'), 'b.yaml': object('token', 'flux-system') },
      /^Error: Secret flux-system\/token stands in .*a.yaml and in .*b.yaml; remove one$/,
    ],
    [
      'in one file',
      { 'a.yaml': `${object('token')}---\n${object('token')}` },
      /^Error: Secret token stands twice in .*a.yaml; remove one$/,
    ],
    [
      'with and without a namespace',
      { 'a.yaml': `${object('token')}---\n${object('token', 'flux-system')}` },
      /^Error: Secret flux-system\/token stands twice in .*a.yaml; remove one$/,
    ],
  ];
  for (const [title, files, error] of duplicates) {
    it(`refuses two objects of one name ${title}`, async () => {
      await assert.rejects(async () => (await readerOf(files)).get(secret, signal), error);
      await assert.rejects(async () => (await readerOf(files)).list(secret, signal), error);
    });
  }

  it('names the place of a mistake, and never quotes the file', async () => {
    const canary = 'hunter2hunter2';
    const broken = [
      `a: [${canary}\n`,
      `a: ${canary}\na: ${canary}\n`,
      `a: "${canary}\n`,
      `${canary}: *${canary}x\n\t${canary}`,
    ];
    for (const text of broken) {
      await assert.rejects(readerOf({ 'a.yaml': text }), (error: Error) => {
        assert.match(error.message, /a\.yaml:\d+:\d+: /);
        assert.ok(!error.message.includes(canary), error.message);
        return true;
      });
    }
  });

  it('says which folder is missing', async () => {
    await assert.rejects(
      openFolder(join(folder, 'none')),
      /^Error: cannot read objects from .*none: no such folder$/,
    );
  });
});

describe('emptyObjectReader', () => {
  it('says how objects are given', async () => {
    await assert.rejects(
      emptyObjectReader.get(secret, signal),
      /^Error: Secret flux-system\/token is not known here; give a folder with it: --objects DIR$/,
    );
    await assert.rejects(
      emptyObjectReader.list(secret, signal),
      /^Error: objects of kind Secret are not known here; give a folder with them: --objects DIR$/,
    );
  });
});

describe('createRereadingObjectReader', () => {
  const temporary = useTemporaryFolder();

  it('sees a changed file once what it knows is too old', async () => {
    const clock = { now: 0 };
    const write = (name: string) => writeFile(join(temporary.path, 'a.yaml'), object(name, 'flux-system'));
    await write('old');
    const reader = await createRereadingObjectReader(temporary.path, {
      maxAge: 1000,
      now: () => clock.now,
      signal,
    });
    const names = async () => {
      const found = await Promise.all(
        ['old', 'token'].map((name) => reader.get({ ...secret, name }, signal)),
      );
      return found.map((resource) => resource?.metadata.name);
    };
    await write('token');
    clock.now = 1000;
    assert.deepEqual(await names(), ['old', undefined]);
    clock.now = 1001;
    assert.deepEqual(await names(), [undefined, 'token']);
  });

  it('reads anew for its digest, which only another object changes, and goes on with what it read', async () => {
    const write = (text: string) => writeFile(join(temporary.path, 'a.yaml'), text);
    await write(object('old', 'flux-system'));
    const reader = await createRereadingObjectReader(temporary.path, { maxAge: 1000, now: () => 0, signal });
    const first = await reader.digest(signal);
    await write(`# a comment\n${object('old', 'flux-system')}`);
    assert.equal(await reader.digest(signal), first);
    await write(object('token', 'flux-system'));
    assert.notEqual(await reader.digest(signal), first);
    assert.equal((await reader.list(secret, signal))[0]?.metadata.name, 'token');
  });

  it('rejects at once for a folder that is not there', async () => {
    const options = { maxAge: 1000, now: () => 0, signal };
    await assert.rejects(
      createRereadingObjectReader(join(temporary.path, 'none'), options),
      /no such folder/,
    );
  });
});
