import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { useCommandLine } from '../harness/command-line.ts';
import { type GeneratorCase, generatorCases } from '../harness/generator-cases.ts';
import { type GeneratorOutside, startGeneratorOutside } from '../harness/generator-outside.ts';

const NAMESPACE = 'flux-system';

describe('generators without a cluster', function suite() {
  this.timeout(60_000);
  const { folder, run, writeSet } = useCommandLine();
  let outside: GeneratorOutside;
  before(async () => {
    outside = await startGeneratorOutside();
  });
  after(() => outside.close());

  /** What the program builds from a set with this generator and the objects of one step. */
  async function build(name: string, one: GeneratorCase, step: 'before' | 'after') {
    const place = { namespace: NAMESPACE, outside };
    const objects = join(folder.path, 'objects');
    await mkdir(objects, { recursive: true });
    await writeFile(
      join(objects, 'all.yaml'),
      one
        .objects(place, step)
        .map((it) => JSON.stringify(it))
        .join('\n---\n'),
    );
    const metadata = { name: 'out-{{ .ElementIndex }}' };
    const content = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { text: one.text } };
    const set = {
      apiVersion: 'generatorset.dev/v1alpha1',
      kind: 'GeneratorSet',
      metadata: { name: 'demo', namespace: NAMESPACE },
      spec: { generators: [{ [name]: one.spec(place) }], templates: [{ content }] },
    };
    const { code, stdout, stderr } = await run(
      'build',
      '--objects',
      objects,
      await writeSet(JSON.stringify(set)),
    );
    const made = parseAllDocuments(stdout).map(
      (document) => document.toJS() as { data?: { text: string } } | null,
    );
    return {
      code,
      stderr,
      texts: made
        .map((object) => object?.data?.text)
        .filter(Boolean)
        .join(' '),
    };
  }

  for (const [name, cases] of Object.entries(generatorCases)) {
    for (const one of cases) {
      it(`give what ${name} reads of ${one.use.replaceAll('`', '')} from --objects`, async () => {
        const first = await build(name, one, 'before');
        assert.equal(first.code, one.before === undefined ? 1 : 0, first.stderr);
        assert.equal(first.texts, one.before ?? '');
        const second = await build(name, one, 'after');
        assert.equal(second.code, 0, second.stderr);
        assert.equal(second.texts, one.after);
      });
    }
  }
});
