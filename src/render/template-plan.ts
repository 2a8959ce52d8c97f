import { StalledError } from '../api/errors.ts';
import type { JsonObject, JsonValue } from '../lib/json.ts';
import { parseJsonPath } from '../lib/json-path-parser.ts';
import { createLeafFinder, type FindLeaf, planContent, type Report, renderPlan } from './content-plan.ts';
import { createPlacer, mergeProblems, type PlaceProblems, type Problem } from './content-problems.ts';
import type { LeafOptions } from './leaf.ts';
import type { RecordReads } from './record-reads.ts';
import { INVALID_TEMPLATE } from './render-failures.ts';
import { isTypedRefusal } from './template/typed.ts';
import { mayChangeData } from './template-data.ts';
import type { Template } from './template-set.ts';
import { compileContentText, compileText, type RenderText } from './text-plan.ts';

/** One of `spec.templates`, compiled once for all elements. */
export interface TemplatePlan {
  /** The documents for this data. What is wrong is reported. */
  render(data: object, report: Report): JsonValue[];
  /** What renders once more the leaves that gave this data's documents. */
  leafFinder(data: object): FindLeaf;
  /** Whether it is one text, so that every leaf was read from all of it. */
  readonly isOneText: boolean;
  /** Whether it may change the data that it is rendered with, which then must be its own. */
  readonly changesData: boolean;
  /** The field with the template: `content` or `text`. */
  readonly field: 'content' | 'text';
  /** What leads from the values that a ready-made template reads to what these have read. */
  through?(recordReads: RecordReads): RecordReads;
}

/** Compiles a template. What doesn't parse is reported, with its path below the template. */
export function planTemplate(
  template: Template,
  options: LeafOptions,
  report: Report,
): TemplatePlan | undefined {
  const { content, text, repeat } = template;
  const isRepeatable = repeat === undefined || checkRepeat(repeat, report);
  const plan = content ? planLeaves(content, options, report) : planOneText(text ?? '', options, report);
  return isRepeatable && plan ? { ...plan, changesData: mayChangeData(content ?? text ?? '') } : undefined;
}

/** What leaves or a text give, whatever functions they call. */
type Rendered = Omit<TemplatePlan, 'changesData'>;

/** A path that is wrong in itself is wrong for every element, and reported once. */
function checkRepeat(repeat: string, report: Report): boolean {
  try {
    parseJsonPath(repeat);
    return true;
  } catch (error) {
    report(
      new StalledError(INVALID_TEMPLATE, (error as Error).message, { cause: error }),
      ['repeat'],
      'value',
    );
    return false;
  }
}

/** A `text` template, which is one leaf as a whole. */
function planOneText(text: string, options: LeafOptions, report: Report): Rendered | undefined {
  try {
    return planText('text', compileText(text, options));
  } catch (error) {
    report(error, ['text'], 'value');
    return undefined;
  }
}

/** Leaf by leaf; as one text when only the whole makes sense, as where a range spans several leaves. */
function planLeaves(content: JsonObject, options: LeafOptions, report: Report): Rendered | undefined {
  const problems: Problem[] = [];
  const plan = planContent(content, options, (error, path, where) => problems.push({ error, path, where }));
  const isWhole = problems.length > 0 || isSplit(content, options);
  const whole = isWhole ? compileWhole(content, options) : undefined;
  const place = createPlacer(content);
  if (whole?.render) return planText('content', whole.render, place);
  // Leaves that call each other's templates parse one by one, and still are one text.
  const isFailed = whole?.error && (problems.length > 0 || isTypedRefusal(whole.error));
  const found = isFailed ? mergeProblems(problems, place(whole.error)) : problems;
  for (const { error, path, where } of found) report(error, ['content', ...path], where);
  if (found.length > 0) return undefined;
  return {
    field: 'content',
    isOneText: false,
    render: (data, reportLeaf) => [
      renderPlan(plan, data, (error, path, where) => reportLeaf(error, ['content', ...path], where)),
    ],
    leafFinder: (data) => createLeafFinder(plan, data),
  };
}

/** A text has no leaves to tell apart: whatever it holds was read from all of it. */
function planText(
  field: 'content' | 'text',
  renderText: RenderText,
  place: PlaceProblems = (error) => [{ error, path: [], where: 'value' }],
): Rendered {
  return {
    field,
    isOneText: true,
    render(data, report) {
      try {
        return renderText(data);
      } catch (error) {
        for (const problem of place(error)) report(problem.error, [field, ...problem.path], problem.where);
        return [];
      }
    },
    leafFinder: () => () => (data) => renderText(data),
  };
}

/** A content as one text, or why it is none. */
function compileWhole(
  content: JsonObject,
  options: LeafOptions,
): { readonly render?: RenderText; readonly error?: unknown } {
  try {
    return { render: compileContentText(content, options) };
  } catch (error) {
    return { error };
  }
}

/** Whether a leaf calls a template that it doesn't define: another one may, and then they belong together. */
function isSplit(value: JsonValue, options: LeafOptions): boolean {
  if (options.dialect === 'handlebars') return false;
  if (typeof value === 'string') return callsElsewhere(value, options.delimiters[0]);
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some((item) => isSplit(item, options));
}

/** Whether the text names a template that only others can define. */
function callsElsewhere(text: string, left: string): boolean {
  if (!text.includes(left)) return false;
  const defined = namesAfter(text, /\b(?:define|block)\s+("[^"\n]*"|`[^`]*`)/g);
  return [...namesAfter(text, /\btemplate\s+("[^"\n]*"|`[^`]*`)/g)].some((name) => !defined.has(name));
}

function namesAfter(text: string, pattern: RegExp): Set<string> {
  return new Set([...text.matchAll(pattern)].map((match) => (match[1] ?? '').slice(1, -1)));
}
