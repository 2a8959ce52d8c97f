import assert from 'node:assert/strict';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { LIST_SET } from '../../../test/harness/command-line.ts';
import { useTemporaryFolder } from '../../../test/harness/temporary-folder.ts';
import { findCases } from './find-cases.ts';

const { signal } = new AbortController();

describe('findCases', () => {
  const folder = useTemporaryFolder();

  async function write(files: Readonly<Record<string, string>>): Promise<void> {
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder.path, name)), { recursive: true });
      await writeFile(join(folder.path, name), text);
    }
  }

  async function find({ update = false, below = '.' } = {}): Promise<string[]> {
    const cases = await findCases([join(folder.path, below)], { update, signal });
    return cases.map(({ kind, folder: found, files }) =>
      [kind, relative(folder.path, found), ...files.map((file) => relative(found, file))].join(' '),
    );
  }

  const cases: { title: string; files: string[]; found: string[]; updating?: string[] }[] = [
    {
      title: 'a set with what is expected',
      files: ['a/generatorset.yaml', 'a/expected.yaml'],
      found: ['set a generatorset.yaml'],
    },
    {
      title: 'sets under any name',
      files: ['a/x.yml', 'a/y.json', 'a/expected.yaml'],
      found: ['set a x.yml y.json'],
    },
    {
      title: 'a set that expects nothing yet, only to write it',
      files: ['a/generatorset.yaml'],
      found: [],
      updating: ['set a generatorset.yaml'],
    },
    { title: 'no set of another name that expects nothing', files: ['a/x.yaml'], found: [] },
    { title: 'no expectation without a set', files: ['a/expected.yaml'], found: [] },
    {
      title: 'a template with samples and what is expected',
      files: ['t/template.yaml', 't/elements.yaml', 't/expected.yaml'],
      found: ['template t'],
    },
    {
      title: 'a template that expects nothing yet, only to write it',
      files: ['t/template.yaml', 't/elements.yaml'],
      found: [],
      updating: ['template t'],
    },
    {
      title: 'all cases in the order of their folders, however deep',
      files: ['b/generatorset.yaml', 'b/expected.yaml', 'a/c/generatorset.yaml', 'a/c/expected.yaml'],
      found: ['set a/c generatorset.yaml', 'set b generatorset.yaml'],
    },
    {
      title: 'nothing among recorded answers, packages and hidden folders',
      files: ['replay', 'node_modules', '.hidden'].flatMap((name) => [
        `${name}/generatorset.yaml`,
        `${name}/expected.yaml`,
      ]),
      found: [],
    },
  ];
  for (const { title, files, found, updating = found } of cases) {
    it(`finds ${title}`, async () => {
      const isSet = (name: string) => !/(expected|elements|template)\.yaml$/.test(name);
      await write(Object.fromEntries(files.map((name) => [name, isSet(name) ? LIST_SET : 'a: 1\n'])));
      assert.deepEqual(await find(), found);
      assert.deepEqual(await find({ update: true }), updating);
    });
  }

  it('finds a folder once that two paths lead to', async () => {
    await write({ 'a/generatorset.yaml': LIST_SET, 'a/expected.yaml': '' });
    await symlink(join(folder.path, 'a'), join(folder.path, 'b'));
    const both = [join(folder.path, 'a'), join(folder.path, 'b'), folder.path];
    assert.equal((await findCases(both, { update: false, signal })).length, 1);
  });

  it('names a folder that is not there, or is none', async () => {
    await write({ 'a.yaml': 'a: 1\n' });
    await assert.rejects(find({ below: 'nothing' }), { message: /\/nothing: no such folder$/ });
    await assert.rejects(find({ below: 'a.yaml' }), { message: /\/a\.yaml is no folder/ });
  });
});
