import type { GeneratedElement } from '../api/element.ts';
import type { GeneratorSet } from '../api/generatorset-schema.ts';
import type { Read } from '../api/rendered-resource.ts';
import { createRecorder } from '../render/record-reads.ts';
import { compileField, elementData, leafOptions } from '../render/render-field.ts';
import { copyData, mayChangeData } from '../render/template-data.ts';

/** The scalars of an element that the input of a decision reads, found by rendering it once more. */
export function readInput(set: GeneratorSet, name: string, element: GeneratedElement): Read[] {
  const from = set.spec.tune?.find((entry) => entry.name === name)?.from ?? '';
  const program = compileField(from, leafOptions(set));
  const data = elementData(set, element);
  return createRecorder()(mayChangeData(from) ? copyData(data) : data, (observed) => {
    try {
      program.render(observed);
    } catch {
      // The decision says that it has no input; what was read until then may say why.
    }
  });
}
