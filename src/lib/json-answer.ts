import { type JsonValue, parseJson } from './json.ts';
import { describeErrorType } from './prometheus-answer.ts';

/** An HTTP answer that should be JSON; names of headers are in lower case. */
interface TextAnswer {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Parses an answer. Throws for a login page with status 200, the classic that must never pass for no elements. */
export function parseJsonAnswer({ headers, body }: TextAnswer): JsonValue {
  try {
    return parseJson(body);
  } catch (error) {
    const html = /^\s*</.test(body) || /html/i.test(headers['content-type'] ?? '');
    const guess = html ? ' but HTML, such as a login page' : '';
    throw new Error(`the answer is not JSON${guess}: ${(error as Error).message}`, { cause: error });
  }
}

/** ` (bad_data)` where Prometheus explains a 4xx or 5xx in its body: the type is a constant, the text is not shown. */
export function errorTypeOf(body: string): string {
  try {
    return describeErrorType(parseJson(body));
  } catch {
    // The body of an error is often a page; the status says enough.
    return '';
  }
}
