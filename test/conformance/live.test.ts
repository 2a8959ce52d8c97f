import assert from 'node:assert/strict';
import fc from 'fast-check';
import { functionsOf } from '../../src/render/functions/profiles.ts';
import { askOracle } from './ask-oracle.ts';
import { buildOracle } from './build-oracle.ts';
import { type ContentInput, ordinaryInputs } from './content/content-inputs.ts';
import { askContents } from './content/oracle.ts';
import { renderContent } from './content/render-content.ts';
import { caseLine, corpusFiles, readEntries } from './corpus.ts';
import { NOT_ASKED } from './fuzz/arguments.ts';
import { runFuzz } from './fuzz/run-fuzz.ts';

const CASES = 2000;
const CONTENTS = 200;
const SEED = Number(process.env['FUZZ_SEED'] ?? 20_240_229);

/** The Go that gave the corpus its answers; a later one knows more. */
const CORPUS_GO = /go1\.19\b/;

/** Sprig's functions that no template may call here: they read what surrounds the program. */
const NOWHERE = ['env', 'expandenv', 'getHostByName'];

/** Tests against real Go; without it nothing is defined, and one line says why. */
function defineLiveTests(program: string, version: string): void {
  describe('templates beside real Go', function () {
    this.timeout(120_000);

    it('give what the corpus says, when Go is asked again', () => {
      if (!CORPUS_GO.test(version)) return;
      for (const file of corpusFiles()) {
        const entries = readEntries(file).filter(({ byHand }) => !byHand);
        const answers = askOracle(
          program,
          entries.map((entry) => caseLine(entry.case)),
        );
        entries.forEach(({ case: kase, output, error, phase }, i) => {
          const { id: _, ...answer } = answers[i] as { id?: string };
          assert.deepEqual(answer, output === undefined ? { error, phase } : { output }, kase.id);
        });
      }
    });

    it(`give the objects that GitOpsSets gives for ${CONTENTS} random contents`, () => {
      const inputs = fc.sample(ordinaryInputs, { numRuns: CONTENTS, seed: SEED });
      askContents(program, inputs).forEach(({ objects }, i) => {
        const input = inputs[i] as ContentInput;
        assert.deepEqual(renderContent(input), objects, JSON.stringify(input));
      });
    });

    it('have every function that Sprig has', () => {
      const [answer] = askOracle<{ functions: string[] }>(program, ['{"functions":"sprig"}']);
      const ours = functionsOf('sprig', 'go');
      const missing = answer?.functions.filter((name) => !ours.has(name));
      assert.deepEqual(missing?.sort(), NOWHERE);
    });

    it(`give what Go gives in ${CASES} random cases`, () => {
      const { outputs, errors, equalWords } = runFuzz(program, CASES, SEED);
      assert.ok(outputs > CASES / 3, `only ${outputs} outputs`);
      assert.ok(equalWords / errors > 0.99, `${equalWords} of ${errors} errors have equal words`);
    });
  });
}

describe('random cases', () => {
  it('leave out only functions that exist', () => {
    const ours = functionsOf('sprig', 'go');
    const unknown = Object.keys(NOT_ASKED).filter((name) => !ours.has(name) && !NOWHERE.includes(name));
    assert.deepEqual(unknown, []);
  });
});

const oracle = buildOracle();
if (oracle.program !== undefined) defineLiveTests(oracle.program, oracle.version);
else process.stdout.write(`conformance: no tests beside real Go: ${oracle.reason}\n`);
