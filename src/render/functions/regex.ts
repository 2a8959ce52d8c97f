import { RE2JS } from 're2js';
import { quoteGo } from '../values/quote.ts';
import { nilList, type Value, withElementType } from '../values/value.ts';
import { type FunctionDef, fn } from './function-def.ts';
import { checkTextSize } from './size.ts';

/** Patterns longer than this are refused. */
const MAX_PATTERN = 10_000;
const MAX_COMPILED = 500;

type Matcher = ReturnType<RE2JS['matcher']>;

const compiled = new Map<string, RE2JS>();

/** Sprig's regular expressions: RE2, whose time is linear in the text. */
export function regexFunctions(): FunctionDef[] {
  return [
    fn('regexMatch', '(string, string) -> bool', (pattern: string, text: string) => {
      try {
        return compile(pattern).matcher(text).find();
      } catch {
        return false;
      }
    }),
    fn('mustRegexMatch', '(string, string) -> bool', (pattern: string, text: string) => {
      return compile(pattern).matcher(text).find();
    }),
    ...pair('regexFind', '(string, string) -> string', find),
    ...pair('regexFindAll', '(string, string, int) -> list', findAll),
    ...pair('regexReplaceAll', '(string, string, string) -> string', replaceTemplate),
    ...pair('regexReplaceAllLiteral', '(string, string, string) -> string', replaceLiteral),
    ...pair('regexSplit', '(string, string, int) -> list', split),
    fn('regexQuoteMeta', '(string) -> string', (text: string) => text.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&')),
  ];
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
    const quoted = /[`\x00-\x08\x0a-\x1f\x7f]/.test(pattern) ? quoteGo(pattern) : `\`${pattern}\``;
    throw new Error(`regexp: Compile(${quoted}): ${(error as Error).message}`, { cause: error });
  }
}

function compile(pattern: string): RE2JS {
  const known = compiled.get(pattern);
  if (known !== undefined) return known;
  if (pattern.length > MAX_PATTERN) throw new Error(`regexp is longer than ${MAX_PATTERN} characters`);
  let regex: RE2JS;
  try {
    regex = RE2JS.compile(pattern);
  } catch (error) {
    throw new Error((error as Error).message, { cause: error });
  }
  if (compiled.size >= MAX_COMPILED) compiled.clear();
  compiled.set(pattern, regex);
  return regex;
}

function find(pattern: string, text: string): string {
  const matcher = compile(pattern).matcher(text);
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
  if (count === 0) return nilList('string');
  compile(pattern);
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
    checkTextSize(size);
    parts.push(part);
    begin = matcher.end();
    return true;
  });
  return parts.join('') + text.slice(begin);
}

/** Calls back for every match; an empty match right after another one does not count, as in Go. */
function eachMatch(pattern: string, text: string, use: (matcher: Matcher) => boolean): void {
  const matcher = compile(pattern).matcher(text);
  let last = -1;
  while (matcher.find()) {
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
