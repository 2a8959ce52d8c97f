import type { JsonValue } from '../../src/lib/json.ts';

/** When made-up queries were evaluated, in seconds: 2023-06-28T11:07:35.230Z. */
export const EVALUATED = 1687950455.23;

/** A whole answer of Prometheus as text; `more` stands beside status and data. */
export function answerText(resultType: string, result: JsonValue, more: object = {}): string {
  return JSON.stringify({ status: 'success', data: { resultType, result }, ...more });
}

/** A vector of series with these labels and values. */
export function vectorText(
  series: readonly (readonly [labels: Record<string, string>, value: string])[],
  more: object = {},
): string {
  const result = series.map(([metric, value]) => ({ metric, value: [EVALUATED, value] }));
  return answerText('vector', result, more);
}
