import assert from 'node:assert/strict';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SAMPLE_TEMPLATE } from '../../../test/harness/ready-templates.ts';
import { useTemporaryFolder } from '../../../test/harness/temporary-folder.ts';
import { createTemplateLibrary } from './template-library.ts';

describe('createTemplateLibrary', () => {
  const folder = useTemporaryFolder();

  async function write(name: string, text: string): Promise<void> {
    await mkdir(join(folder.path, name), { recursive: true });
    await writeFile(join(folder.path, name, 'template.yaml'), text);
  }

  it('has the folders with a template.yaml, by their names', async () => {
    await write('b', SAMPLE_TEMPLATE);
    await write('a', SAMPLE_TEMPLATE);
    await mkdir(join(folder.path, 'c'));
    await writeFile(join(folder.path, 'README.md'), '');
    const library = createTemplateLibrary(folder.path);
    assert.deepEqual(library.names(), ['a', 'b']);
    assert.equal(library.find('a')?.name, 'a');
    assert.equal(library.find('a')?.source.file, 'templates/a/template.yaml');
  });

  for (const name of ['nothing', '', '.', '..', '../x', 'a/../a', 'constructor']) {
    it(`does not find ${JSON.stringify(name)}`, async () => {
      await write('a', SAMPLE_TEMPLATE);
      await writeFile(join(folder.path, 'template.yaml'), SAMPLE_TEMPLATE);
      assert.equal(createTemplateLibrary(folder.path).find(name), undefined);
    });
  }

  it('reads nothing before it is asked, and each template once', async () => {
    const library = createTemplateLibrary(folder.path);
    await write('a', SAMPLE_TEMPLATE);
    const first = library.find('a');
    await rm(join(folder.path, 'a'), { recursive: true });
    assert.equal(library.find('a'), first);
  });

  it('tells the place of a mistake in a template', async () => {
    await write('a', `${SAMPLE_TEMPLATE}more: 1\n`);
    assert.throws(() => createTemplateLibrary(folder.path).find('a'), {
      name: 'ErrorList',
      message: 'templates/a/template.yaml:17:1: unknown field "more"',
    });
  });

  it('is by default that of this program', () => {
    assert.ok(createTemplateLibrary().find('kustomization'));
  });
});
