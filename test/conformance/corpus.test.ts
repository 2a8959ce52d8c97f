import assert from 'node:assert/strict';
import { evaluateCase } from '../../src/render/evaluate-case.ts';
import { functionsOf } from '../../src/render/functions/profiles.ts';
import { fixedAmbient } from '../harness/ambient.ts';
import { hasSameWords } from './compare-answers.ts';
import { caseLine, corpusFiles, readEntries } from './corpus.ts';
import { ERROR_TEXTS } from './error-texts.ts';

/** Functions that no case can have an output of, and why. */
const WITHOUT_OUTPUT: Readonly<Record<string, string>> = {
  call: 'no value of a template is a function',
  now: 'its answer is the time',
  ago: 'its answer depends on the time',
  genCA: 'its answer is random, and making a key takes seconds',
  genSelfSignedCert: 'its answer is random, and making a key takes seconds',
  genSignedCert: 'its answer is random, and making a key takes seconds',
};

/** Traps of Go's templates that a JavaScript engine falls into; the sixteenth is one of content, not of templates. */
const TRAPS = Array.from({ length: 26 }, (_, i) => i + 1).filter((trap) => trap !== 16);

describe('templates give what real Go gives', () => {
  const ambient = fixedAmbient();

  for (const file of corpusFiles()) {
    const entries = readEntries(file);
    it(`${file} (${entries.length} cases)`, () => {
      assert.ok(entries.length > 0);
      for (const entry of entries) {
        const answer = JSON.parse(evaluateCase(caseLine(entry.case), ambient));
        const where = `${entry.case.id}: ${entry.case.template}`;
        assert.equal(answer.id, entry.case.id);
        assert.equal(answer.output, entry.output, `${where}\n${answer.error ?? ''}`);
        assert.equal(answer.phase, entry.phase, where);
        if (!hasSameWords(entry, answer)) assert.equal(answer.error, entry.error, where);
      }
    });
  }
});

describe('the corpus', () => {
  const entries = corpusFiles().flatMap(readEntries);

  it('names every case once', () => {
    const ids = entries.map((entry) => entry.case.id);
    assert.deepEqual(
      ids.filter((id, i) => ids.indexOf(id) !== i),
      [],
    );
  });

  it('has an output of every function', () => {
    const templates = entries
      .filter(({ output }) => output !== undefined)
      .map((entry) => entry.case.template);
    const words = new Set(templates.flatMap((text) => text.match(/(?<![\w.$])[A-Za-z]\w*/g) ?? []));
    const missing = [...functionsOf('sprig', 'go').keys()].filter((name) => !words.has(name));
    assert.deepEqual(missing.sort(), Object.keys(WITHOUT_OUTPUT).sort());
  });

  it("has every error of Go's lexer, parser and execution that a template can reach", () => {
    const errors = entries.map(({ error }) => error ?? '').join('\n');
    assert.deepEqual(
      ERROR_TEXTS.filter((text) => !errors.includes(text)),
      [],
    );
  });

  it('has every trap', () => {
    const ids = new Set(entries.map((entry) => entry.case.id));
    assert.deepEqual(
      TRAPS.filter((trap) => !ids.has(`trap-${trap}-1`)),
      [],
    );
  });
});
