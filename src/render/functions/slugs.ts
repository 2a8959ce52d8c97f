import { GoInt } from '../values/go-number.ts';
import { type NumberMode, typeName, type Value } from '../values/value.ts';
import { type FunctionDef, fn } from './function-def.ts';
import { lowerCharacter } from './letters.ts';

/** Bytes of the longest DNS subdomain. */
const MAX_NAME = 253;
/** Characters of a text that a name is made of; the rest is beyond what a name can hold. */
const MAX_READ = 4096;
/** Bytes of a slug, unless the call says otherwise. */
const MAX_SLUG = 50;

/** Letters that no decomposition turns into ASCII. */
const ASCII_LETTERS: ReadonlyMap<string, string> = new Map([
  ['ß', 'ss'],
  ['ẞ', 'SS'],
  ['æ', 'ae'],
  ['Æ', 'AE'],
  ['œ', 'oe'],
  ['Œ', 'OE'],
  ['ø', 'o'],
  ['Ø', 'O'],
  ['đ', 'd'],
  ['Đ', 'D'],
  ['ð', 'd'],
  ['Ð', 'D'],
  ['ł', 'l'],
  ['Ł', 'L'],
  ['þ', 'th'],
  ['Þ', 'TH'],
  ['ħ', 'h'],
  ['Ħ', 'H'],
  ['ı', 'i'],
]);

/** What a call of `slugify` says besides the text. */
interface SlugOptions {
  readonly max: number;
  /** Whether a slug that is too long ends after a whole word. */
  readonly keepsWords: boolean;
}

/** ApplicationSet's functions that make names, with its meaning: what is no ASCII becomes a dash. */
export function slugFunctions(mode: NumberMode): FunctionDef[] {
  return [
    fn('normalize', '(string) -> string', normalize),
    fn('slugify', '(...any) -> string', (...args: Value[]) => slugify(args, mode, normalize)),
  ];
}

/** The same functions, but `slugify` keeps the letters under accents: `Zürich` is `zurich`, not `z-rich`. */
export function readableSlugFunctions(mode: NumberMode): FunctionDef[] {
  return [
    fn('normalize', '(string) -> string', normalize),
    fn('slugify', '(...any) -> string', (...args: Value[]) => {
      return slugify(args, mode, (text) => normalize(withoutAccents(text)));
    }),
  ];
}

/** A DNS subdomain: in lower case, every other character a dash, cut at 253 bytes, no dash or point at the ends. */
function normalize(name: string): string {
  let lower = '';
  for (const char of name.slice(0, MAX_READ)) lower += lowerCharacter(char);
  const dashed = lower.replace(/[^-a-z0-9.]/gu, '-');
  return trimEnds(dashed.slice(0, MAX_NAME), '-.');
}

/** The last argument is the text; before it may stand the longest length and whether words stay whole. */
function slugify(args: readonly Value[], mode: NumberMode, toAscii: (text: string) => string): string {
  const name = args.length === 0 ? '' : args.at(-1);
  if (typeof name !== 'string') throw badType(name, 'string');
  const options = readOptions(args.slice(0, -1), mode);
  const text = toAscii(name);
  const cut = options.keepsWords || text.length < options.max ? text : text.slice(0, options.max);
  const slug = trimEnds(cut.replace(/[^a-z0-9-]/g, '-').replace(/-+/g, '-'), '-');
  return options.keepsWords && options.max > 0 ? cutAtWord(slug, options.max) : slug;
}

function readOptions([max, keepsWords = true]: readonly Value[], mode: NumberMode): SlugOptions {
  if (typeof keepsWords !== 'boolean') throw badType(keepsWords, 'bool');
  return { max: max === undefined ? MAX_SLUG : readLength(max, mode), keepsWords };
}

function readLength(value: Value, mode: NumberMode): number {
  const isInt = value instanceof GoInt && (value.kind === 'int' || mode === 'exact');
  const length = isInt ? value.number : value;
  if (typeof length !== 'number' || !Number.isSafeInteger(length) || !(isInt || mode === 'exact')) {
    throw badType(value, 'int');
  }
  if (length < 0) throw new RangeError('the length is negative: write slugify 50 true "Some text"');
  return length;
}

function cutAtWord(slug: string, max: number): string {
  if (slug.length <= max) return slug;
  const dash = slug.lastIndexOf('-', max);
  return dash < 0 ? slug.slice(0, max) : slug.slice(0, dash);
}

/** Decomposed into letters and marks, and without the marks. */
function withoutAccents(text: string): string {
  const plain = text.slice(0, MAX_READ).normalize('NFKD').replace(/\p{M}/gu, '');
  return plain.replace(/[^\0-\x7f]/gu, (char) => ASCII_LETTERS.get(char) ?? char);
}

function trimEnds(text: string, marks: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && marks.includes(text[start] as string)) start++;
  while (end > start && marks.includes(text[end - 1] as string)) end--;
  return text.slice(start, end);
}

function badType(value: Value, wanted: string): Error {
  const found = value === null || value === undefined ? 'nil' : typeName(value);
  return new Error(`interface conversion: interface {} is ${found}, not ${wanted}`);
}
