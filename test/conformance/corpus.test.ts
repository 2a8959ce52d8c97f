import assert from 'node:assert/strict';
import { evaluateCase } from '../../src/render/evaluate-case.ts';
import { caseLine, corpusFiles, readEntries } from './corpus.ts';

/** Errors whose words differ from Go's on purpose: a lower depth, another JSON reader, no typed nil. */
const OTHER_WORDS = /exceeded maximum template depth|error calling mustFromJson|error calling len: reflect/;

describe('templates give what real Go gives', () => {
  for (const file of corpusFiles()) {
    const entries = readEntries(file);
    it(`${file} (${entries.length} cases)`, () => {
      assert.ok(entries.length > 0);
      for (const entry of entries) {
        const answer = JSON.parse(evaluateCase(caseLine(entry.case)));
        const where = `${entry.case.id}: ${entry.case.template}`;
        assert.equal(answer.id, entry.case.id);
        assert.equal(answer.output, entry.output, `${where}\n${answer.error ?? ''}`);
        assert.equal(answer.phase, entry.phase, where);
        if (!OTHER_WORDS.test(entry.error ?? '')) assert.equal(answer.error, entry.error, where);
      }
    });
  }
});
