import { type JsonValue, nestsDeeper } from '../lib/json.ts';
import { evaluateContent } from './evaluate-content.ts';
import { type Ambient, withAmbient } from './functions/ambient.ts';
import { FUNCTION_PROFILES, type FunctionProfile } from './functions/profiles.ts';
import { compileTemplate, TemplateError, type TemplateOptions } from './template/compile-template.ts';
import type { MissingKey } from './values/field.ts';
import { goInt } from './values/go-number.ts';
import { toJsonValue } from './values/to-json-value.ts';
import { createMap, isMap, type NumberMode, type Value } from './values/value.ts';

/** The marker of a Go integer in a case's data. */
const INT_MARKER = '$int';

/** Cases longer than this are refused unread. */
const MAX_LINE = 64 * 1024 * 1024;

/** Lists and objects of a case within each other; functions that read a value whole refuse it sooner. */
const MAX_DEPTH = 1000;

const MISSING_KEYS: Readonly<Record<string, MissingKey>> = {
  '': 'default',
  default: 'default',
  invalid: 'default',
  zero: 'zero',
  error: 'error',
};

const NUMBERS: Readonly<Record<string, NumberMode>> = {
  '': 'go',
  go: 'go',
  float64: 'go',
  int64: 'int64',
  exact: 'exact',
};

const DIALECTS: Readonly<Record<string, 'go' | 'handlebars' | undefined>> = {
  '': undefined,
  go: 'go',
  handlebars: 'handlebars',
};

const FUNCTIONS: Readonly<Record<string, FunctionProfile>> = {
  '': 'sprig',
  ...Object.fromEntries(FUNCTION_PROFILES.map((profile) => [profile, profile])),
};

/** A number of a case's data with its digits as they were written. */
class WrittenNumber {
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }
}

type Written = null | boolean | string | WrittenNumber | Written[] | { [key: string]: Written };

interface Case {
  readonly id?: JsonValue;
  readonly template: string;
  /** Instead of a template: an object, rendered leaf by leaf. */
  readonly content: Written | undefined;
  readonly data: Written | undefined;
  readonly options: TemplateOptions;
}

/**
 * Evaluates one line of `template --ndjson`: a JSON object with `template`, `data` and options, answered with
 * `{id, output}`, `{id, objects}` for `content`, or `{id, error, phase}`. Never throws. Numbers are Go's unless the case says otherwise.
 * Functions of another value at every render have the `ambient`; our own profile asks for `allowNonDeterministic`.
 */
export function evaluateCase(line: string, ambient?: Ambient): string {
  let id: Written | undefined;
  try {
    if (line.length > MAX_LINE) throw new SyntaxError(`case is longer than ${MAX_LINE} characters`);
    if (nestsDeeper(line, MAX_DEPTH)) throw new SyntaxError(`the case nests deeper than ${MAX_DEPTH} levels`);
    const input = JSON.parse(line, keepDigits) as Written;
    if (!isPlainObject(input)) throw new SyntaxError('a case must be a JSON object');
    id = input['id'];
    const kase = readCase(input);
    const permitted = kase.options.allowNonDeterministic ? ambient : undefined;
    return withAmbient(permitted, () => answer(id, evaluate(kase)));
  } catch (error) {
    const phase = error instanceof TemplateError ? error.phase : 'parse';
    return answer(id, { error: (error as Error).message.toWellFormed(), phase });
  }
}

function evaluate({ template, content, data: written, options }: Case): object {
  const mode = options.numbers as NumberMode;
  // To Go's templates nil as their whole data is no value.
  const data = (written === undefined ? null : convert(written, mode)) ?? undefined;
  if (content !== undefined) {
    return { objects: evaluateContent(toJsonValue(convert(content, mode)), data, options) };
  }
  return {
    output: compileTemplate(template, options)
      .render(data as object)
      .toWellFormed(),
  };
}

function readCase(input: { [key: string]: Written }): Case {
  const { template, content, data, name, missingkey, numbers, funcs, delims } = input;
  const functions = choose('funcs', funcs, FUNCTIONS);
  if (template !== undefined && typeof template !== 'string')
    throw new SyntaxError('template must be a string');
  if (delims !== undefined && delims !== null && !isTextList(delims)) {
    throw new SyntaxError('delims must be a list of strings');
  }
  const dialect = choose('dialect', input['dialect'], DIALECTS);
  const options: TemplateOptions = {
    name: typeof name === 'string' && name !== '' ? name : 't',
    // Handlebars has no such option: a missing key is an error.
    missingKey:
      dialect === 'handlebars' && missingkey === undefined
        ? 'error'
        : choose('missingkey', missingkey, MISSING_KEYS),
    numbers: choose('numbers', numbers, NUMBERS),
    functions,
    ...(dialect && { dialect }),
    allowNonDeterministic: functions !== 'generatorset' || input['allowNonDeterministic'] === true,
    // Like Go's own, any other number of delimiters leaves the usual ones.
    ...(delims?.length === 2 ? { delimiters: delims as [string, string] } : {}),
  };
  return { template: template ?? '', content, data, options };
}

/** What a word of a case means; an absent one means what the empty one does. */
function choose<T>(field: string, value: Written | undefined, meanings: Readonly<Record<string, T>>): T {
  const word = value ?? '';
  if (typeof word === 'string' && Object.hasOwn(meanings, word)) return meanings[word] as T;
  const known = Object.keys(meanings).filter((name) => name !== '');
  throw new SyntaxError(`${field} must be one of ${known.join(', ')}`);
}

/** Data as the engine knows it: numbers by the mode, `{"$int": n}` as a Go int. */
function convert(value: Written, mode: NumberMode): Value {
  if (typeof value === 'string') return value.toWellFormed();
  if (value === null || typeof value === 'boolean') return value;
  if (value instanceof WrittenNumber) return convertNumber(value.source, mode);
  if (Array.isArray(value)) return value.map((item) => convert(item, mode));
  const marked = Object.keys(value).length === 1 ? value[INT_MARKER] : undefined;
  if (marked instanceof WrittenNumber) return goInt(isInt64(marked.source) ? BigInt(marked.source) : 0);
  return createMap(
    Object.entries(value).map(([key, item]) => [key.toWellFormed(), convert(item, mode)] as const),
  );
}

function convertNumber(source: string, mode: NumberMode): Value {
  if (mode === 'int64' && isInt64(source)) return goInt(BigInt(source), 'int64');
  const number = Number(source);
  return mode === 'exact' && isWhole(source) && !Number.isSafeInteger(number) ? BigInt(source) : number;
}

function isWhole(source: string): boolean {
  return /^-?\d+$/.test(source);
}

function isInt64(source: string): boolean {
  if (!isWhole(source) || source.length > 20) return false;
  return BigInt.asIntN(64, BigInt(source)) === BigInt(source);
}

function keepDigits(this: unknown, _key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value === 'number') return new WrittenNumber(context?.source ?? String(value));
  return value;
}

function isPlainObject(value: Written): value is { [key: string]: Written } {
  return isMap(value) && !(value instanceof WrittenNumber);
}

function isTextList(value: Written): value is string[] {
  return Array.isArray(value) && value.every((part) => typeof part === 'string');
}

function answer(id: Written | undefined, result: object): string {
  const shown = id === undefined ? {} : { id };
  return JSON.stringify({ ...shown, ...result }, (_, value) => {
    if (typeof value === 'bigint') return rawJson(String(value));
    return value instanceof WrittenNumber ? rawJson(value.source) : value;
  });
}

function rawJson(source: string): unknown {
  return (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(source);
}
