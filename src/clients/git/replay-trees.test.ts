import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commitFiles, makeRepository } from '../../../test/harness/git.ts';
import { recordingOptions } from '../../../test/harness/git-options.ts';
import { useTemporaryFolder } from '../../../test/harness/temporary-folder.ts';
import type { RepositoryRef, TreeReader } from '../../api/readers.ts';
import { recordTrees } from './record-trees.ts';
import { replayTrees } from './replay-trees.ts';
import { createTreeReader } from './tree-reader.ts';

const signal = new AbortController().signal;

function recording(url: string, commit: string, files: Record<string, string> = {}) {
  const entries = Object.keys(files).map((path) => ({ path, type: 'file', size: 1 }));
  return JSON.stringify({
    request: { git: { url, ref: { branch: 'main' } } },
    response: { commit, entries, files },
  });
}

async function readSome(reader: TreeReader, repository: RepositoryRef) {
  const tree = await reader.open(repository, signal);
  const entries = (await tree.list(signal)).map(({ path, type, size }) => ({ path, type, size }));
  const text = String((await tree.read(['apps/x.yaml'], signal)).get('apps/x.yaml'));
  return { commit: tree.commit, entries, text };
}

describe('recordTrees and replayTrees', () => {
  const folder = useTemporaryFolder();

  it('give back what was read, in order, with the last answer sticking', async () => {
    const url = makeRepository(join(folder.path, 'fleet.git'), {
      'apps/x.yaml': 'x: 1\n',
      'secret.yaml': 'unread-canary',
    });
    const replay = join(folder.path, 'replay');
    const recorder = recordTrees(replay, createTreeReader(recordingOptions(join(folder.path, 'cache'))));
    const repository = { url, ref: { branch: 'main' }, auth: { password: 'pass-canary' } };
    const first = await readSome(recorder, repository);
    commitFiles(url, { 'apps/x.yaml': 'x: 2\n' });
    const second = await readSome(recorder, repository);

    assert.deepEqual(readdirSync(replay), ['001-git-fleet.json', '002-git-fleet.json']);
    const written = readdirSync(replay)
      .map((name) => readFileSync(join(replay, name), 'utf8'))
      .join('');
    assert.ok(!written.includes('canary'), 'credentials and files that nobody read are not recorded');

    const reader = replayTrees(replay);
    for (const expected of [first, second, second])
      assert.deepEqual(await readSome(reader, repository), expected);
  });

  it('number on from the recordings of other kinds, and replay beside them', async () => {
    const url = makeRepository(join(folder.path, 'fleet.git'), { 'apps/x.yaml': 'x' });
    const replay = join(folder.path, 'replay');
    mkdirSync(replay);
    writeFileSync(
      join(replay, '007-get.json'),
      '{"request": {"method": "GET", "url": "http://x"}, "response": {}}',
    );
    writeFileSync(join(replay, 'notes.txt'), 'no json');
    const repository = { url, ref: { branch: 'main' } };
    const first = await readSome(
      recordTrees(replay, createTreeReader(recordingOptions(join(folder.path, 'c')))),
      repository,
    );
    assert.ok(readdirSync(replay).includes('008-git-fleet.json'));
    assert.deepEqual(await readSome(replayTrees(replay), repository), first);
  });

  it('answer every spelling of the url', async () => {
    writeFileSync(join(folder.path, '001-git-x.json'), recording('https://example.com/org/fleet', 'c1'));
    const reader = replayTrees(folder.path);
    for (const url of ['https://EXAMPLE.com/org/fleet.git', 'git@example.com:org/fleet.git'])
      assert.equal((await reader.open({ url, ref: { branch: 'main' } }, signal)).commit, 'c1');
  });

  const unanswered: { name: string; repository: RepositoryRef; message: RegExp }[] = [
    {
      name: 'another repository',
      repository: { url: 'https://example.com/other', ref: { branch: 'main' } },
      message: /no recording in .* answers https:\/\/example.com\/other at main/,
    },
    {
      name: 'another branch',
      repository: { url: 'https://example.com/org/fleet', ref: { branch: 'dev' } },
      message: /no recording/,
    },
    {
      name: 'a tag of the same name',
      repository: { url: 'https://example.com/org/fleet', ref: { tag: 'main' } },
      message: /no recording/,
    },
  ];
  for (const { name, repository, message } of unanswered) {
    it(`fail for ${name}`, async () => {
      writeFileSync(join(folder.path, '001-git-x.json'), recording('https://example.com/org/fleet', 'c1'));
      await assert.rejects(replayTrees(folder.path).open(repository, signal), message);
    });
  }

  it('list below a prefix, and fail for a file that was not recorded', async () => {
    writeFileSync(
      join(folder.path, '001-git-x.json'),
      recording('https://example.com/x', 'c1', { 'a/b': '1', 'ab/c': '2' }),
    );
    const tree = await replayTrees(folder.path).open(
      { url: 'https://example.com/x', ref: { branch: 'main' } },
      signal,
    );
    assert.deepEqual(
      (await tree.list(signal, 'a')).map((entry) => entry.path),
      ['a/b'],
    );
    await assert.rejects(tree.read(['a/c'], signal), /has file "a\/c"/);
    await assert.rejects(tree.read(['__proto__'], signal), /has file "__proto__"/);
  });

  const broken: { name: string; text: string; message: RegExp }[] = [
    { name: 'no JSON', text: '{', message: /not valid JSON/ },
    { name: 'no response', text: '{"request": {"git": {}}}', message: /"response" must be an object/ },
    {
      name: 'two refs',
      text: '{"request": {"git": {"url": "https://h/x", "ref": {"branch": "a", "tag": "b"}}}, "response": {}}',
      message: /exactly one/,
    },
    {
      name: 'an unknown type',
      text: recording('https://h/x', 'c', { a: '' }).replace('"type":"file"', '"type":"pipe"'),
      message: /unknown type "pipe"/,
    },
    {
      name: 'no commit',
      text: recording('https://h/x', 'c').replace('"commit":"c",', ''),
      message: /"commit" must be a text/,
    },
  ];
  for (const { name, text, message } of broken) {
    it(`fail, naming the file, for a recording with ${name}`, async () => {
      writeFileSync(join(folder.path, '001-git-x.json'), text);
      const opening = replayTrees(folder.path).open({ url: 'https://h/x', ref: { branch: 'main' } }, signal);
      await assert.rejects(
        opening,
        (error: Error) => /001-git-x.json is broken/.test(error.message) && message.test(error.message),
      );
    });
  }
});
