import type { JsonObject, JsonValue } from '../../../src/lib/json.ts';
import type { LeafOptions } from '../../../src/render/leaf.ts';
import { elementData } from '../../../src/render/template-data.ts';
import { planTemplate } from '../../../src/render/template-plan.ts';
import type { ContentInput } from './content-inputs.ts';

const SET = { metadata: { name: 'set', namespace: 'flux-system' }, spec: {} };

/** What GitOpsSets compiles its templates with. */
export function optionsOf({ delimiters }: ContentInput): LeafOptions {
  return { name: 't', delimiters: delimiters ?? ['{{', '}}'], missingKey: 'error', numbers: 'go' };
}

/** What a template sees of the fourth element. */
export function dataOf(element: JsonObject): object {
  return elementData(SET, { element, index: 3, generator: 0, generatorName: 'list' });
}

/** The objects that our engine makes of a content, leaf by leaf. */
export function renderContent(input: ContentInput): JsonValue[] {
  const report = (error: unknown) => {
    throw error;
  };
  const plan = planTemplate({ content: input.content }, optionsOf(input), report);
  return plan?.render(dataOf(input.element), report) ?? [];
}
