import { isPrintable } from '../values/quote.ts';

const HTML: Readonly<Record<string, string>> = {
  '"': '&#34;',
  "'": '&#39;',
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '\0': '\ufffd',
};

/** Go's HTMLEscapeString. */
export function escapeHtml(text: string): string {
  return text.replace(/["'&<>\0]/g, (char) => HTML[char] as string);
}

/** Go's JSEscapeString: what ends or breaks a JavaScript string or a script element is escaped. */
export function escapeJs(text: string): string {
  return text.replace(/[\\'"<>&=\x00-\x1f]|[^\x00-\x7f]/gu, escapeJsChar);
}

/** Go's url.QueryEscape: a space becomes a plus sign. */
export function escapeQuery(text: string): string {
  const escaped = encodeURIComponent(text.toWellFormed());
  return escaped.replace(/%20/g, '+').replace(/[!'()*]/g, (char) => `%${hex(char.charCodeAt(0), 2)}`);
}

function escapeJsChar(char: string): string {
  if (char === '\\' || char === "'" || char === '"') return `\\${char}`;
  const code = char.codePointAt(0) as number;
  if (code > 0x7f && isPrintable(char)) return char;
  return `\\u${hex(code, 4)}`;
}

function hex(code: number, width: number): string {
  return code.toString(16).toUpperCase().padStart(width, '0');
}
