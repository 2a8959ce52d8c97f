import { quoteGo } from '../values/quote.ts';

/** The parts of a URL, each with its own rule for what stands unescaped. */
export type UrlPart = 'host' | 'zone' | 'path' | 'user' | 'fragment';

/** Characters that each part leaves as they are, besides letters, digits and `-_.~`. */
const KEPT: Readonly<Record<UrlPart, string>> = {
  host: `!$&'()*+,;=:[]<>"`,
  zone: `!$&'()*+,;=:[]<>"`,
  path: '$&+,/:;=@',
  user: '$&+,;=',
  fragment: '$&+,/:;=?@!()*',
};

const keptCodes = new Map(
  Object.entries(KEPT).map(([part, marks]) => [part as UrlPart, new Set(`${marks}-_.~`)] as const),
);

/** Escapes a text of bytes (one character each) with the rules of Go's net/url. */
export function escapePart(bytes: string, part: UrlPart): string {
  return bytes.replace(/[^A-Za-z0-9]/g, (char) => (isKept(char, part) ? char : percent(char)));
}

/** Undoes the escapes of a part. Throws as Go's net/url does for a broken escape or a character no host has. */
export function unescapePart(bytes: string, part: UrlPart): string {
  const isHost = part === 'host' || part === 'zone';
  return bytes.replace(/%(?:[\da-fA-F]{2})?|[^%]/gs, (piece, offset: number) => {
    if (piece.startsWith('%')) return decodeEscape(piece, bytes.slice(offset, offset + 3), part);
    if (isHost && piece < '\x80' && isEscaped(piece, part)) {
      throw new Error(`invalid character ${quoteGo(piece)} in host name`);
    }
    return piece;
  });
}

/** In a host only bytes beyond ASCII are escaped; `%25` may begin a zone. */
function decodeEscape(piece: string, written: string, part: UrlPart): string {
  if (piece === '%') throw badEscape(written);
  const char = String.fromCharCode(Number.parseInt(piece.slice(1), 16));
  if (part === 'host' && char < '\x80' && piece !== '%25') throw badEscape(piece);
  if (part === 'zone' && piece !== '%25' && char !== ' ' && isEscaped(char, 'host')) throw badEscape(piece);
  return char;
}

function badEscape(written: string): Error {
  return new Error(`invalid URL escape ${quoteGo(toText(written))}`);
}

function isEscaped(char: string, part: UrlPart): boolean {
  return !/[A-Za-z0-9]/.test(char) && !isKept(char, part);
}

function isKept(char: string, part: UrlPart): boolean {
  return (keptCodes.get(part) as ReadonlySet<string>).has(char);
}

function percent(char: string): string {
  return `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}

/** A text as bytes, one character each. */
export function toBytes(text: string): string {
  return Buffer.from(text).toString('latin1');
}

/** Bytes, one character each, as the text that they spell; what is no UTF-8 becomes U+FFFD. */
export function toText(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString();
}
