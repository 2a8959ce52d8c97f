import { findField } from '../api/find-field.ts';
import type { Path } from '../api/source.ts';
import type { JsonObject } from '../lib/json.ts';
import { parseYamlDocuments, type YamlDocument, YamlError } from '../lib/yaml.ts';
import { TemplateError } from './template/template-error.ts';
import { writeContent } from './text-plan.ts';

/** What is wrong with one leaf or key of a content. */
export interface Problem {
  readonly error: unknown;
  /** Below the content. */
  readonly path: Path;
  readonly where: 'key' | 'value';
}

interface Place {
  readonly line: number;
  readonly column: number;
}

/** What a leaf lacks that other leaves of the same content may give it. */
const NEEDS_OTHERS =
  /^unexpected (?:EOF|\{\{(?:end|else)\}\}|"\{\{~?(?:\/|\^|\s*else))|^undefined variable|^template .* not defined$|^the block that begins here has no end$/;

/** A content as one text, with the nodes of its YAML where it is any. */
interface Written {
  readonly text: string;
  readonly yaml: YamlDocument | undefined;
}

/** Finds the leaves that an error of a content rendered as one text, and the others with it, belong to. */
export type PlaceProblems = (error: unknown) => Problem[];

/**
 * A finder for one content: errors come back with their place in their leaf. An error without a place stays with
 * the content as a whole. The content is written and read once, for however many elements it fails.
 */
export function createPlacer(content: JsonObject): PlaceProblems {
  let written: Written | undefined;
  return (error) => {
    if (!(error instanceof TemplateError)) return [{ error, path: [], where: 'value' }];
    const whole = written ?? write(content);
    written = whole;
    return [error, ...error.others].map((one) => placeError(one, whole));
  };
}

function placeError(error: TemplateError, { text, yaml }: Written): Problem {
  const { phase, reason, line, message } = error;
  const place = { line, column: error.column ?? Number.MAX_SAFE_INTEGER };
  const field = yaml && findField(yaml, text, clampColumn(text, place));
  if (!field) return { error, path: [], where: 'value' };
  const placed = new TemplateError(message, { phase, reason, ...field.within }, { cause: error });
  return { error: placed, path: field.path, where: field.where };
}

function write(content: JsonObject): Written {
  const text = writeContent(content);
  try {
    return { text, yaml: parseYamlDocuments(text)[0] };
  } catch (error) {
    if (error instanceof YamlError) return { text, yaml: undefined };
    throw error;
  }
}

/** A column behind the end of its line becomes that end. */
function clampColumn(text: string, { line, column }: Place): Place {
  return { line, column: Math.min(column, (text.split('\n')[line - 1] ?? '').length + 1) };
}

/**
 * The problems of a content that makes sense neither leaf by leaf nor as one text. Where leaves belong together,
 * what is wrong is what the whole says; what one leaf lacks alone, others may give.
 */
export function mergeProblems(leaves: readonly Problem[], whole: readonly Problem[]): readonly Problem[] {
  if (leaves.length > 0 && !leaves.some(({ error }) => needsOthers(error))) return leaves;
  const told = whole.filter(({ error }) => !needsOthers(error));
  if (told.length === 0) return leaves;
  const own = leaves.filter(({ error }) => !needsOthers(error));
  const isOwn = ({ path, where }: Problem) => own.some((leaf) => isSamePlace(leaf, path, where));
  return [...own, ...told.filter((problem) => !isOwn(problem))];
}

function needsOthers(error: unknown): boolean {
  return error instanceof TemplateError && NEEDS_OTHERS.test(error.reason);
}

function isSamePlace(problem: Problem, path: Path, where: Problem['where']): boolean {
  return (
    problem.where === where &&
    problem.path.length === path.length &&
    problem.path.every((part, index) => part === path[index])
  );
}
