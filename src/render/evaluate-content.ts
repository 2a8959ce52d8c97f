import { isObject, type JsonObject, type JsonValue } from '../lib/json.ts';
import type { LeafOptions } from './leaf.ts';
import type { TemplateOptions } from './template/compile-template.ts';
import { planTemplate } from './template-plan.ts';
import type { Value } from './values/value.ts';

/** The objects that a template's `content` gives for this data. Throws the first error of its leaves. */
export function evaluateContent(content: JsonValue, data: Value, options: TemplateOptions): JsonValue[] {
  if (!isObject(content)) throw new SyntaxError('content must be an object');
  const report = (error: unknown): never => {
    throw error;
  };
  const leafOptions: LeafOptions = { delimiters: ['{{', '}}'], ...options };
  const plan = planTemplate({ content: content as JsonObject }, leafOptions, report);
  return plan?.render(data as object, report) ?? [];
}
