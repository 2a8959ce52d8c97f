import assert from 'node:assert/strict';
import fc from 'fast-check';
import { compileContentText } from '../../../src/render/text-plan.ts';
import { type ContentInput, ordinaryInputs } from './content-inputs.ts';
import { type ContentCase, readCorpus } from './corpus.ts';
import { dataOf, optionsOf, renderContent } from './render-content.ts';

describe('content of templates', () => {
  it('gives the objects that GitOpsSets gives, on ordinary values', () => {
    const cases = readCorpus<ContentCase>('contents');
    assert.ok(cases.length > 400);
    for (const item of cases as (ContentCase & ContentInput)[]) {
      assert.deepEqual(renderContent(item), item.objects, JSON.stringify(item.content));
    }
  });

  it('is the same leaf by leaf and as one text, on ordinary values', () => {
    fc.assert(
      fc.property(ordinaryInputs, (input) => {
        const renderText = compileContentText(input.content, optionsOf(input));
        assert.deepEqual(renderContent(input), renderText(dataOf(input.element)));
      }),
      { numRuns: 300 },
    );
  });
});
