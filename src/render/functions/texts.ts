import { byteLength, sliceBytes } from '../values/byte-string.ts';
import type { NumberMode } from '../values/value.ts';
import { camelCase, separateWords } from './case-words.ts';
import { type FunctionDef, fn } from './function-def.ts';
import { lowerCharacter, titleCharacter, upperCharacter } from './letters.ts';
import { checkTextSize, closely } from './size.ts';
import { SPACES } from './white-space.ts';

const ELLIPSIS = '...';
const ASCII = /^[\x00-\x7f]*$/;
const SPACE = new RegExp(`^[${SPACES}]$`);

/** Sprig's functions that change the look of texts: case, width, wrapping. */
export function textFunctions(_mode: NumberMode): FunctionDef[] {
  return [
    fn('upper', '(string) -> string', upper),
    fn('lower', '(string) -> string', lower),
    fn('title', '(string) -> string', closely(title)),
    fn('untitle', '(string) -> string', closely(untitle)),
    fn('swapcase', '(string) -> string', closely(swapCase)),
    fn(
      'snakecase',
      '(string) -> string',
      closely((text) => separateWords(text, '_')),
    ),
    fn(
      'kebabcase',
      '(string) -> string',
      closely((text) => separateWords(text, '-')),
    ),
    fn('camelcase', '(string) -> string', closely(camelCase)),
    fn('nospace', '(string) -> string', removeSpace),
    fn('initials', '(string) -> string', initials),
    fn('abbrev', '(int, string) -> string', (width: number, text: string) => abbreviate(text, 0, width)),
    fn('abbrevboth', '(int, int, string) -> string', abbreviateBoth),
    fn('wrap', '(int, string) -> string', (width: number, text: string) => wrap(text, width, '\n', false)),
    fn('wrapWith', '(int, string, string) -> string', (width: number, newline: string, text: string) => {
      return wrap(text, width, newline === '' ? '\n' : newline, true);
    }),
  ];
}

function upper(text: string): string {
  return ASCII.test(text) ? text.toUpperCase() : mapCharacters(text, upperCharacter);
}

function lower(text: string): string {
  return ASCII.test(text) ? text.toLowerCase() : mapCharacters(text, lowerCharacter);
}

function mapCharacters(text: string, map: (char: string) => string): string {
  let mapped = '';
  for (const char of text) mapped += map(char);
  return mapped;
}

/** Go's strings.Title: the first letter of each word in upper case, where only some characters end a word. */
function title(text: string): string {
  let before = ' ';
  return mapCharacters(text, (char) => {
    const mapped = endsWord(before) ? titleCharacter(char) : char;
    before = char;
    return mapped;
  });
}

function endsWord(char: string): boolean {
  if (char <= '\x7f') return !/[\w]/.test(char);
  return !/[\p{L}\p{Nd}]/u.test(char) && SPACE.test(char);
}

function untitle(text: string): string {
  let isStart = true;
  return mapCharacters(text, (char) => {
    const isSpace = SPACE.test(char);
    const mapped = isStart && !isSpace ? lowerCharacter(char) : char;
    isStart = isSpace;
    return mapped;
  });
}

function swapCase(text: string): string {
  return mapCharacters(text, (char) => {
    if (/^[\p{Lu}\p{Lt}]$/u.test(char)) return lowerCharacter(char);
    return /^\p{Ll}$/u.test(char) ? upperCharacter(char) : char;
  });
}

/** Sprig looks at bytes here: a text that loses a space has its other bytes read as Latin-1. */
function removeSpace(text: string): string {
  const bytes = Buffer.from(text).toString('latin1');
  const kept = bytes.replace(/[\t\n\v\f\r \x85\xa0]/g, '');
  return kept.length === bytes.length ? text : kept;
}

function initials(text: string): string {
  let isGap = true;
  let letters = '';
  for (const byte of Buffer.from(text).toString('latin1')) {
    const isSpace = SPACE.test(byte);
    if (isGap && !isSpace) letters += byte;
    isGap = isSpace;
  }
  return letters;
}

function abbreviate(text: string, offset: number, width: number): string {
  const length = byteLength(text);
  if (width < 4 || length <= width) return text;
  const start = Math.min(offset, length - (width - 3));
  if (start <= 4) return sliceBytes(text, 0, width - 3) + ELLIPSIS;
  if (width < 7) return '';
  if (start + width - 3 < length) {
    return ELLIPSIS + abbreviate(sliceBytes(text, start, length), 0, width - 3);
  }
  return ELLIPSIS + sliceBytes(text, length - (width - 3), length);
}

function abbreviateBoth(left: number, right: number, text: string): string {
  if (right < 4 || (left > 0 && right < 7)) return text;
  return abbreviate(text, left, right);
}

/** Breaks lines at spaces so that each is no longer than the width, counted in bytes. */
function wrap(text: string, width: number, newline: string, breaksWords: boolean): string {
  const size = Math.max(1, width);
  const bytes = Buffer.from(text).toString('latin1');
  checkTextSize(bytes.length + (bytes.length / size) * newline.length);
  const parts: string[] = [];
  let offset = 0;
  while (bytes.length - offset > size) {
    if (bytes[offset] === ' ') {
      offset++;
      continue;
    }
    const inLine = bytes.slice(offset, offset + size + 1).lastIndexOf(' ');
    const space = offset + inLine;
    const end = inLine >= 0 ? space : longWordEnd(bytes, offset + size, breaksWords);
    parts.push(bytes.slice(offset, end));
    if (end === bytes.length) return fromBytes(parts, newline);
    offset = inLine < 0 && breaksWords ? end : end + 1;
  }
  parts.push(bytes.slice(offset));
  return fromBytes(parts, newline);
}

function longWordEnd(bytes: string, end: number, breaksWords: boolean): number {
  if (breaksWords) return end;
  const space = bytes.indexOf(' ', end);
  return space < 0 ? bytes.length : space;
}

function fromBytes(parts: readonly string[], newline: string): string {
  return parts.map((part) => Buffer.from(part, 'latin1').toString()).join(newline);
}
