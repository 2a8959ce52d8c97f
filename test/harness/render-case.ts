import { evaluateCase } from '../../src/render/evaluate-case.ts';

/** The fields of a case besides its template and its data. */
interface CaseOptions {
  readonly funcs?: string;
  readonly numbers?: string;
}

/** Renders a template as GeneratorSets do unless the options say otherwise. Throws its error. */
export function renderCase(template: string, data: unknown = {}, options: CaseOptions = {}): string {
  const line = JSON.stringify({ template, data, funcs: 'generatorset', numbers: 'exact', ...options });
  const { output, error } = JSON.parse(evaluateCase(line)) as { output?: string; error?: string };
  if (output === undefined) throw new Error(error);
  return output;
}
