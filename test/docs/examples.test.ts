import assert from 'node:assert/strict';
import { generators } from '../../generators/index.ts';
import { readGeneratorSets } from '../../src/api/read-sets.ts';
import { createValidator } from '../../src/cli/set-reader.ts';
import { isObject } from '../../src/lib/json.ts';
import { checkTemplates } from '../../src/render/check-templates.ts';
import { type Block, fencedBlocks, readPages } from './pages.ts';
import { readDocuments, toSetText } from './sets-of-pages.ts';

const KINDS = new Set(['GeneratorSet', 'GitOpsSet']);
const validate = createValidator({ generators }, { namespace: 'flux-system' });
const pages = readPages().map((page) => ({ ...page, blocks: yamlOf(fencedBlocks(page)) }));

function yamlOf(blocks: readonly Block[]): Block[] {
  return blocks.filter(({ language }) => language === 'yaml');
}

/** Reads the sets of a block as `validate` does; gives how many there are, and throws for one that is wrong. */
function validateBlock(path: string, block: Block): number {
  const documents = readDocuments(block.text);
  const text = toSetText(block);
  if (text === undefined) return 0;
  const { sets, errors } = readGeneratorSets(text, `${path}:${block.line}`, { validate });
  assert.deepEqual(
    errors.map((error) => error.message),
    [],
  );
  for (const loaded of sets) checkTemplates(loaded);
  const whole = documents.filter((one) => isObject(one) && KINDS.has(String(one['kind'])));
  assert.equal(sets.length, text === block.text ? whole.length : 1, text);
  return sets.length;
}

describe('examples of the documentation', () => {
  for (const { path, blocks } of pages.filter((page) => page.blocks.length > 0)) {
    it(`are valid in ${path}`, () => {
      for (const block of blocks) validateBlock(path, block);
    });
  }

  it('are there, and most of them are sets', () => {
    const all = pages.flatMap(({ path, blocks }) => blocks.map((block) => validateBlock(path, block)));
    assert.ok(all.length > 50, `${all.length} blocks`);
    assert.ok(all.filter((count) => count > 0).length > 40);
  });

  const wrong: readonly (readonly [what: string, text: string])[] = [
    ['a field that does not exist', 'spec:\n  intervall: 1h\n'],
    ['a generator that does not exist', 'generators:\n  - lists: {elements: []}\n'],
    ['a template that does not end', 'templates:\n  - text: "{{ .Element"\n'],
    ['no YAML', 'spec: [\n'],
    ['a set without generators', 'apiVersion: generatorset.dev/v1alpha1\nkind: GeneratorSet\nspec: {}\n'],
  ];
  for (const [what, text] of wrong) {
    it(`are refused with ${what}`, () => {
      assert.throws(() => validateBlock('x.md', { language: 'yaml', text, line: 1 }));
    });
  }
});
