import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTemplateLibrary } from '../src/clients/files/template-library.ts';
import { ROOT } from './harness/run-program.ts';

const library = createTemplateLibrary();

describe('the library of ready-made templates', () => {
  it('has the templates that the specification promises', () => {
    const promised = ['hpa-object', 'hpa-pods', 'kustomization', 'kustomization-memory-patch'];
    assert.deepEqual(
      promised.filter((name) => !library.names().includes(name)),
      [],
    );
  });

  for (const name of library.names()) {
    const folder = join(ROOT, 'templates', name);
    const ready = library.find(name) ?? assert.fail(name);

    it(`has ${name} with sample elements and what they give`, () => {
      for (const file of ['elements.yaml', 'expected.yaml']) assert.ok(existsSync(join(folder, file)), file);
    });

    it(`says in its README what each value of ${name} is`, () => {
      const readme = readFileSync(join(folder, 'README.md'), 'utf8');
      for (const [value, { description, required, ...rest }] of Object.entries(ready.values)) {
        const standard = required ? 'required' : `\`${JSON.stringify(rest.default)}\``;
        const row = `| \`${value}\` | ${standard} | ${description} |`;
        assert.ok(readme.includes(row), row);
      }
      const index = readFileSync(join(ROOT, 'templates/README.md'), 'utf8');
      assert.ok(index.includes(`[${name}](${name}/README.md)`));
    });
  }
});
