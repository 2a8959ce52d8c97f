import { StalledError } from '../api/errors.ts';
import type { Path } from '../api/source.ts';
import type { JsonObject, JsonValue } from '../lib/json.ts';
import { parseJsonPath } from '../lib/json-path-parser.ts';
import { findLeaf, planContent, type Report, renderPlan } from './content-plan.ts';
import type { LeafOptions } from './leaf.ts';
import { INVALID_TEMPLATE } from './render-failures.ts';
import type { Template } from './template-set.ts';
import { compileContentText, compileText, type RenderText } from './text-plan.ts';

/** One of `spec.templates`, compiled once for all elements. */
export interface TemplatePlan {
  /** The documents for this data. What is wrong is reported. */
  render(data: object, report: Report): JsonValue[];
  /** Renders once more the leaf that gave what stands at `path`; false when that is no leaf. */
  renderLeaf(path: Path, data: object): boolean;
  /** Whether it is one text, so that every leaf was read from all of it. */
  readonly isOneText: boolean;
  /** The field with the template: `content` or `text`. */
  readonly field: 'content' | 'text';
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
  return isRepeatable ? plan : undefined;
}

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
function planOneText(text: string, options: LeafOptions, report: Report): TemplatePlan | undefined {
  try {
    return planText('text', compileText(text, options));
  } catch (error) {
    report(error, ['text'], 'value');
    return undefined;
  }
}

/** Leaf by leaf; as one text when only the whole makes sense, as where a range spans several leaves. */
function planLeaves(content: JsonObject, options: LeafOptions, report: Report): TemplatePlan | undefined {
  const problems: Parameters<Report>[] = [];
  const plan = planContent(content, options, (...problem) => problems.push(problem));
  if (problems.length > 0 || isSplit(content, options)) {
    const text = tryContentText(content, options);
    if (text) return planText('content', text);
  }
  for (const [error, path, where] of problems) report(error, ['content', ...path], where);
  if (problems.length > 0) return undefined;
  return {
    field: 'content',
    isOneText: false,
    render: (data, reportLeaf) => [
      renderPlan(plan, data, (error, path, where) => reportLeaf(error, ['content', ...path], where)),
    ],
    renderLeaf(path, data) {
      const leaf = findLeaf(plan, path, data);
      leaf?.(data);
      return leaf !== undefined;
    },
  };
}

/** A text has no leaves to tell apart: whatever it holds was read from all of it. */
function planText(field: 'content' | 'text', renderText: RenderText): TemplatePlan {
  return {
    field,
    isOneText: true,
    render(data, report) {
      try {
        return renderText(data);
      } catch (error) {
        report(error, [field], 'value');
        return [];
      }
    },
    renderLeaf(_, data) {
      renderText(data);
      return true;
    },
  };
}

function tryContentText(content: JsonObject, options: LeafOptions): RenderText | undefined {
  try {
    return compileContentText(content, options);
  } catch {
    // The leaves' own errors tell more, for they have a place in the file.
    return undefined;
  }
}

/** Whether a leaf calls a template that it doesn't define: another one may, and then they belong together. */
function isSplit(value: JsonValue, options: LeafOptions): boolean {
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
