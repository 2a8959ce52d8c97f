import { RE2JS, RE2JSSyntaxException } from 're2js';
import { LimitFault, spend } from '../values/meter.ts';
import { clipQuoted, quoteGo } from '../values/quote.ts';
import { type NumberMode, nilList, type Value, withElementType } from '../values/value.ts';
import { type FunctionDef, fn } from './function-def.ts';
import { estimateRegexSize } from './regex-size.ts';
import { checkTextSize, MAX_TEXT } from './size.ts';

/** Patterns longer than this are refused, and those that repeat their parts to more instructions. */
const MAX_PATTERN = 2000;
const MAX_INSTRUCTIONS = 5000;

/** Instructions of all patterns that are kept compiled; each takes about 1 kB. */
const MAX_KEPT = 50_000;

/** A match looks at each character with each instruction at worst: so many looks of one call, about 200 ms. */
const MAX_LOOKS = 8_000_000;
const LOOKS_BY_ITSELF = 8;

/** What a match is counted as. */
const MATCH_UNITS = 200;

type Matcher = ReturnType<RE2JS['matcher']>;

const compiled = new Map<string, RE2JS>();
let kept = 0;

/**
 * Sprig's regular expressions: RE2, whose time is linear in the text. Errors quote a whole pattern, as Go's do;
 * those under exact numbers no more than its start.
 */
export function regexFunctions(mode: NumberMode): FunctionDef[] {
  const defs = [
    fn('regexMatch', '(string, string) -> bool', (pattern: string, text: string) => {
      try {
        return match(pattern, text).find();
      } catch (error) {
        if (error instanceof LimitFault) throw error;
        return false;
      }
    }),
    fn('mustRegexMatch', '(string, string) -> bool', (pattern: string, text: string) => {
      return match(pattern, text).find();
    }),
    ...pair('regexFind', '(string, string) -> string', find),
    ...pair('regexFindAll', '(string, string, int) -> list', findAll),
    ...pair('regexReplaceAll', '(string, string, string) -> string', replaceTemplate),
    ...pair('regexReplaceAllLiteral', '(string, string, string) -> string', replaceLiteral),
    ...pair('regexSplit', '(string, string, int) -> list', split),
    fn('regexQuoteMeta', '(string) -> string', (text: string) => text.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&')),
  ];
  return mode === 'exact' ? defs.map(withShortErrors) : defs;
}

function withShortErrors(def: FunctionDef): FunctionDef {
  const run = (...args: never[]) => {
    try {
      return def.run(...args);
    } catch (error) {
      const fault = syntaxFault(error);
      const pattern: string | undefined = args[0];
      if (fault === undefined || pattern === undefined || clipQuoted(pattern) === pattern) throw error;
      throw new Error(`error parsing regexp: ${describeFault(fault)}`, { cause: error });
    }
  };
  return { ...def, run };
}

function syntaxFault(error: unknown): RE2JSSyntaxException | undefined {
  if (error instanceof RE2JSSyntaxException) return error;
  return error instanceof Error ? syntaxFault(error.cause) : undefined;
}

/** What the library says of a pattern, with the start of the part that it doesn't understand. */
function describeFault(fault: RE2JSSyntaxException): string {
  const part = fault.getPattern();
  return part === null ? fault.getDescription() : `${fault.getDescription()}: \`${clipQuoted(part)}\``;
}

/** A function and its `must` form, which differ in how they tell of a bad pattern. */
function pair(
  name: string,
  signature: string,
  run: (pattern: string, ...rest: never[]) => Value,
): FunctionDef[] {
  const checked = (pattern: string, ...rest: never[]) => {
    checkPattern(pattern);
    return run(pattern, ...rest);
  };
  const must = `must${name[0]?.toUpperCase()}${name.slice(1)}`;
  return [fn(name, signature, checked), fn(must, signature, run)];
}

function checkPattern(pattern: string): void {
  try {
    compile(pattern);
  } catch (error) {
    if (error instanceof LimitFault) throw error;
    const quoted = /[`\x00-\x08\x0a-\x1f\x7f]/.test(pattern) ? quoteGo(pattern) : `\`${pattern}\``;
    throw new Error(`regexp: Compile(${quoted}): ${(error as Error).message}`, { cause: error });
  }
}

/** A matcher of a text, unless that would take too long. */
function match(pattern: string, text: string): Matcher {
  const regex = compile(pattern);
  const looks = text.length * (regex.programSize() + LOOKS_BY_ITSELF);
  if (looks > MAX_LOOKS) {
    throw new LimitFault(`text of ${text.length} characters is too long for a regexp of this size`);
  }
  spend(looks);
  return regex.matcher(text);
}

function compile(pattern: string): RE2JS {
  const known = compiled.get(pattern);
  if (known !== undefined) return known;
  checkPatternSize(pattern);
  let regex: RE2JS;
  try {
    regex = RE2JS.compile(pattern);
  } catch (error) {
    throw new Error((error as Error).message, { cause: error });
  }
  kept += regex.programSize();
  if (kept > MAX_KEPT) {
    compiled.clear();
    kept = regex.programSize();
  }
  compiled.set(pattern, regex);
  return regex;
}

function checkPatternSize(pattern: string): void {
  if (pattern.length > MAX_PATTERN) throw new LimitFault(`regexp is longer than ${MAX_PATTERN} characters`);
  const size = estimateRegexSize(pattern);
  if (size > MAX_INSTRUCTIONS)
    throw new LimitFault(`regexp repeats its parts to more than ${MAX_INSTRUCTIONS}`);
  spend(size * MATCH_UNITS);
}

function find(pattern: string, text: string): string {
  const matcher = match(pattern, text);
  return matcher.find() ? (matcher.group() ?? '') : '';
}

function findAll(pattern: string, text: string, count: number): Value {
  const found: string[] = [];
  eachMatch(pattern, text, (matcher) => {
    if (count >= 0 && found.length >= count) return false;
    found.push(matcher.group() ?? '');
    return true;
  });
  return found.length === 0 ? nilList('string') : withElementType(found, 'string');
}

/** Go's Split: at most `count` parts, all of them when it is negative. */
function split(pattern: string, text: string, count: number): Value {
  compile(pattern);
  if (count === 0) return nilList('string');
  if (pattern !== '' && text === '') return withElementType([''], 'string');
  const parts: string[] = [];
  let begin = 0;
  let end = 0;
  eachMatch(pattern, text, (matcher) => {
    if (count > 0 && parts.length === count - 1) return false;
    end = matcher.start();
    if (matcher.end() !== 0) {
      parts.push(text.slice(begin, end));
      begin = matcher.end();
    }
    return true;
  });
  if (end !== text.length) parts.push(text.slice(begin));
  return withElementType(parts, 'string');
}

function replaceTemplate(pattern: string, text: string, template: string): string {
  return replace(pattern, text, (matcher) => expand(template, matcher));
}

function replaceLiteral(pattern: string, text: string, replacement: string): string {
  return replace(pattern, text, () => replacement);
}

function replace(pattern: string, text: string, replacement: (matcher: Matcher) => string): string {
  const parts: string[] = [];
  let size = 0;
  let begin = 0;
  eachMatch(pattern, text, (matcher) => {
    const part = text.slice(begin, matcher.start()) + replacement(matcher);
    size += part.length;
    checkTextSize(size > MAX_TEXT ? size : part.length);
    parts.push(part);
    begin = matcher.end();
    return true;
  });
  return parts.join('') + text.slice(begin);
}

/** Calls back for every match; an empty match right after another one does not count, as in Go. */
function eachMatch(pattern: string, text: string, use: (matcher: Matcher) => boolean): void {
  const matcher = match(pattern, text);
  let last = -1;
  while (matcher.find()) {
    spend(MATCH_UNITS);
    const isEmpty = matcher.start() === matcher.end();
    if (isEmpty && matcher.start() === last) continue;
    last = matcher.end();
    if (!use(matcher)) return;
  }
}

/** Go's Expand: `$1`, `${1}`, `$name`, `$$`; unknown groups are empty. */
function expand(template: string, matcher: Matcher): string {
  return template.replace(/\$(?:\$|\{([\p{L}\p{Nd}_]+)\}|([\p{L}\p{Nd}_]+))/gu, (whole, braced, bare) => {
    if (whole === '$$') return '$';
    return group(matcher, braced ?? bare);
  });
}

function group(matcher: Matcher, name: string): string {
  try {
    if (/^\d+$/.test(name)) {
      const number = Number(name);
      return number <= matcher.groupCount() ? (matcher.group(number) ?? '') : '';
    }
    return matcher.group(name) ?? '';
  } catch {
    return '';
  }
}
