import { escapeText } from '../lib/escape-text.ts';

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&#39;'],
]);

/** A text of at most so many bytes as XML holds it, in content and attributes: nothing of it is markup. */
export function svgText(text: string, bytes = 160): string {
  // Two code points that are in no document of XML.
  const allowed = escapeText(text, bytes).replace(/[\ufffe\uffff]/g, '\ufffd');
  return allowed.replace(/[&<>"']/g, (character) => ENTITIES.get(character) ?? '');
}
