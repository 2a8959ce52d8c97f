import { flattenJson } from '../../lib/flatten-json.ts';
import { type JsonValue, nestsDeeper } from '../../lib/json.ts';

/** An integer that a number may not hold exactly; numbers come after a colon, a comma or a bracket only. */
const LONG_INTEGER = /[:,[]\s*-?\d{16}/;

/**
 * Levels of an answer that are read. The API server stores 10,000, which neither JSON.parse with a reviver nor
 * JSON.stringify can take; this is far more than any pass does, so that what is cut off is refused by whoever uses it.
 */
const MAX_LEVELS = 500;

/**
 * Reads the API server's JSON; integers keep every digit. Anything that the server stores is read, since one odd
 * object must not make a whole collection unreadable: what nests too deeply is empty from there on. Throws a
 * SyntaxError that quotes nothing.
 */
export function parseAnswer(text: string): JsonValue {
  const readable = nestsDeeper(text, MAX_LEVELS) ? flattenJson(text, MAX_LEVELS) : text;
  try {
    return JSON.parse(readable, LONG_INTEGER.test(readable) ? keepDigits : undefined) as JsonValue;
  } catch {
    // The parser's own error quotes the text, which may be a Secret.
    throw new SyntaxError('the answer is not valid JSON');
  }
}

function keepDigits(_key: string, value: JsonValue, context?: { source?: string }): JsonValue {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  const source = context?.source ?? '';
  return /^-?\d{16,1000}$/.test(source) ? BigInt(source) : value;
}
