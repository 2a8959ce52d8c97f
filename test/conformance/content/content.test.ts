import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { JsonObject, JsonValue } from '../../../src/lib/json.ts';
import type { LeafOptions } from '../../../src/render/leaf.ts';
import { elementData } from '../../../src/render/template-data.ts';
import { planTemplate } from '../../../src/render/template-plan.ts';
import { compileContentText } from '../../../src/render/text-plan.ts';
import { type ContentInput, ordinaryInputs } from './content-inputs.ts';
import { type ContentCase, readCorpus } from './corpus.ts';

const SET = { metadata: { name: 'set', namespace: 'flux-system' }, spec: {} };

function optionsOf({ delimiters }: ContentInput): LeafOptions {
  return { name: 't', delimiters: delimiters ?? ['{{', '}}'], missingKey: 'error', numbers: 'go' };
}

function dataOf(element: JsonObject): object {
  return elementData(SET, { element, index: 3, generator: 0, generatorName: 'list' });
}

function renderLeaves(input: ContentInput): JsonValue[] {
  const report = (error: unknown) => {
    throw error;
  };
  const plan = planTemplate({ content: input.content }, optionsOf(input), report);
  return plan?.render(dataOf(input.element), report) ?? [];
}

describe('content of templates', () => {
  it('gives the objects that GitOpsSets gives, on ordinary values', () => {
    const cases = readCorpus<ContentCase>('contents');
    assert.ok(cases.length > 400);
    for (const item of cases as (ContentCase & ContentInput)[]) {
      assert.deepEqual(renderLeaves(item), item.objects, JSON.stringify(item.content));
    }
  });

  it('is the same leaf by leaf and as one text, on ordinary values', () => {
    fc.assert(
      fc.property(ordinaryInputs, (input) => {
        const renderText = compileContentText(input.content, optionsOf(input));
        assert.deepEqual(renderLeaves(input), renderText(dataOf(input.element)));
      }),
      { numRuns: 300 },
    );
  });
});
