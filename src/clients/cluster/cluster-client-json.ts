import type { JsonValue } from '../../lib/json.ts';

/** An integer that a number may not hold exactly; numbers come after a colon, a comma or a bracket only. */
const LONG_INTEGER = /[:,[]\s*-?\d{16}/;

/**
 * Reads the API server's JSON; integers keep every digit. Anything that the server stores is read, since one odd
 * object must not make a whole collection unreadable. Throws a SyntaxError that quotes nothing.
 */
export function parseAnswer(text: string): JsonValue {
  try {
    return JSON.parse(text, LONG_INTEGER.test(text) ? keepDigits : undefined) as JsonValue;
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
