import type { SpecMistake } from '../generator.ts';
import type { PrometheusSpec } from './schema.ts';

// RFC 9110, 5.6.2 (token) and 5.5 (field value).
const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$/;
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

// They frame the message, belong to one connection, or would make the server see another caller.
const PROTOCOL =
  /^(?:host|te|expect|upgrade|trailer|connection|keep-alive|content-length|content-type|content-encoding|transfer-encoding|accept-encoding|proxy-.*|impersonate-.*)$/i;
const CREDENTIALS = /^(?:authorization|cookie)$/i;

/** Headers stand in the spec for everybody to read, and must not change how the question is sent. */
export function checkHeaders({ headers = {} }: PrometheusSpec): SpecMistake[] {
  const seen = new Set<string>();
  return Object.entries(headers).flatMap(([name, value]) => {
    const message = findMistake(name, value) ?? (seen.has(name.toLowerCase()) ? 'is there twice' : undefined);
    seen.add(name.toLowerCase());
    return message === undefined ? [] : [{ path: ['headers', name], message }];
  });
}

function findMistake(name: string, value: string): string | undefined {
  if (!NAME.test(name)) return "cannot be a header's name";
  if (PROTOCOL.test(name)) return 'is refused: it would change how the query is sent';
  if (CREDENTIALS.test(name)) return 'is refused: credentials belong in the Secret of secretRef';
  return VALUE.test(value) ? undefined : 'has a character that no header may have';
}
