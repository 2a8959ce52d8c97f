import { resetCost } from '../functions/ambient.ts';
import type { FunctionDef } from '../functions/function-def.ts';
import { type FunctionProfile, functionsOf } from '../functions/profiles.ts';
import { knownFunctions } from '../functions/refusals.ts';
import { resetMade } from '../functions/size.ts';
import { type MissingKey, TemplateFault } from '../values/field.ts';
import { startMeter, stopMeter } from '../values/meter.ts';
import { quoteGo } from '../values/quote.ts';
import type { NumberMode, Value } from '../values/value.ts';
import { describePlace, failParse } from './error-text.ts';
import { Frame } from './frame.ts';
import { hintAtHandlebars } from './handlebars-dialect/hint-at-handlebars.ts';
import { FIXED_DELIMITERS, parseHandlebars } from './handlebars-dialect/parse-handlebars.ts';
import { pathReader } from './handlebars-dialect/read-path.ts';
import { compileProgram, type Delegate } from './isolated-handlebars.ts';
import { type FullLimits, fillLimits, type Limits, MAX_TEMPLATE_LENGTH } from './limits.ts';
import { lowerTemplate } from './lower-statement.ts';
import { createLowering, type Lowering, type Place } from './lowering.ts';
import { LruMap } from './lru-map.ts';
import { parseTemplate } from './parse.ts';
import { createRuntime } from './runtime.ts';
import { type Piece, PieceSink, type Sink, TextSink, ValueSink } from './sink.ts';
import { withSuggestions } from './suggest-function.ts';
import { TemplateError } from './template-error.ts';
import type { Statement, TemplateTree } from './tree.ts';
import { checkTyped, isTyped, type TemplateUse } from './typed.ts';

export type { Limits } from './limits.ts';
export type { Piece } from './sink.ts';
export { TemplateError } from './template-error.ts';

/** How a template is read and run. */
export interface TemplateOptions {
  /** Go's template name, for error texts. */
  readonly name: string;
  readonly delimiters?: readonly [string, string];
  /** What a missing key is; an error by default. */
  readonly missingKey?: MissingKey;
  /** How JSON numbers behave; exact by default. */
  readonly numbers?: NumberMode;
  /** Which functions exist; everything hermetic by default. */
  readonly functions?: FunctionProfile;
  /** The language of the text; Go's by default. */
  readonly dialect?: 'go' | 'handlebars';
  /** Whether functions that give another value at every render may be called; not by default. */
  readonly allowNonDeterministic?: boolean;
  readonly limits?: Limits;
  /** What the output is for, where calls of `typed` without effect are refused; otherwise they print their value. */
  readonly use?: TemplateUse;
}

/** A compiled template. Every render throws a TemplateError of phase exec when it fails. */
export interface Program {
  /** No action at all: the text is the output. */
  readonly isStatic: boolean;
  /** One action and no text around it, so that `value` may be asked for. */
  readonly isSingleAction: boolean;
  /** The last action ends in `| typed`, and nothing else prints, so that `value` may be asked for. */
  readonly isTyped: boolean;
  /** The output as text. */
  render(data: object): string;
  /** The output in pieces that tell the template's text from values. */
  renderPieces(data: object): Piece[];
  /** The value of the single or typed action. */
  value(data: object): Value;
}

/** Characters of all templates that are kept, each with some hundred bytes of code; small ones count as more. */
const CACHE_CHARACTERS = 1024 * 1024;
const SMALL_TEMPLATE = 256;

const cache = new LruMap<Program>(CACHE_CHARACTERS, SMALL_TEMPLATE);

/** Compiles a template, or finds it compiled. Throws a TemplateError of phase parse. */
export function compileTemplate(text: string, options: TemplateOptions): Program {
  if (options.limits?.clock !== undefined) return createProgram(text, options);
  const key = cacheKey(text, options);
  const known = cache.get(key);
  if (known !== undefined) return known;
  const program = createProgram(text, options);
  cache.set(key, program);
  return program;
}

/** The parts of a template that all its renders share. */
interface Compiled {
  readonly name: string;
  readonly text: string;
  readonly templates: ReadonlyMap<string, Delegate>;
  readonly places: readonly Place[];
  readonly limits: FullLimits;
}

function createProgram(text: string, options: TemplateOptions): Program {
  const { name, numbers = 'exact', dialect = 'go', use } = options;
  if (text.length > MAX_TEMPLATE_LENGTH)
    failParse(name, `template is larger than ${MAX_TEMPLATE_LENGTH} characters`);
  const limits = fillLimits(options.limits);
  const parsed = parseAll(text, options);
  const main = (parsed.trees.get(name) as TemplateTree).body;
  const isStatic = main.every((statement) => statement.type === 'text');
  const isSingle = isSingleAction(main);
  const hasType = isTyped(main);
  if (use) checkTyped(parsed.trees, { name, text, use, dialect });
  let compiled: Compiled | undefined;
  const runInto = <T extends Sink>(sink: T, data: object): T => {
    compiled ??= compileSafely(text, options, parsed, limits);
    run(compiled, sink, data);
    return sink;
  };
  return {
    isStatic,
    isSingleAction: isSingle,
    isTyped: hasType,
    render: isStatic
      ? () => staticText(main)
      : (data) => runInto(new TextSink(numbers, limits.output), data).text,
    renderPieces: (data) => runInto(new PieceSink(numbers, limits.output), data).pieces,
    value(data) {
      if (!isSingle && !hasType) throw new TypeError('the value of a template needs exactly one action');
      return runInto(new ValueSink(), data).last;
    },
  };
}

/** A template's trees and the functions they may call. */
interface Parsed {
  readonly trees: ReadonlyMap<string, TemplateTree>;
  readonly defs: ReadonlyMap<string, FunctionDef>;
}

function parseAll(text: string, options: TemplateOptions): Parsed {
  const { name, numbers = 'exact', functions = 'generatorset', delimiters = ['{{', '}}'] } = options;
  const defs = functionsOf(functions, numbers);
  const permitted = knownFunctions(defs, { allowNonDeterministic: options.allowNonDeterministic ?? false });
  // Other collections answer with the words of the tool that has them.
  const known = functions === 'generatorset' ? withSuggestions(permitted, defs) : permitted;
  if (options.dialect === 'handlebars') {
    checkFixedDelimiters(name, delimiters);
    return { trees: parseHandlebars(text, { name, functions: known, defs }), defs };
  }
  try {
    return { trees: parseTemplate(text, { name, delimiters, functions: known }), defs };
  } catch (error) {
    throw options.dialect === 'go' && delimiters[0] === '{{' ? hintAtHandlebars(text, error) : error;
  }
}

function checkFixedDelimiters(name: string, [left, right]: readonly [string, string]): void {
  if (left !== '{{' || right !== '}}') failParse(name, FIXED_DELIMITERS);
}

function staticText(body: readonly Statement[]): string {
  return body.map((statement) => (statement.type === 'text' ? statement.text : '')).join('');
}

/** Compiling goes as deep as the template nests, and the stack ends somewhere. */
function compileSafely(...args: Parameters<typeof compileAll>): Compiled {
  try {
    return compileAll(...args);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return failParse(args[1].name, 'template nests too deeply');
  }
}

/** Makes functions of all the trees; done when a template is first run. */
function compileAll(
  text: string,
  options: TemplateOptions,
  { trees, defs }: Parsed,
  limits: FullLimits,
): Compiled {
  const { name, missingKey = 'error', numbers = 'exact' } = options;
  const runtime =
    options.dialect === 'handlebars'
      ? { ...createRuntime(numbers, missingKey, 'each'), get: pathReader(missingKey) }
      : createRuntime(numbers, missingKey);
  const places: Place[] = [{ pos: 0, template: name, describe: () => name }];
  const templates = new Map<string, Delegate>();
  for (const tree of trees.values()) {
    const lowering = createLowering(tree.name, defs, places);
    templates.set(tree.name, compileTree(lowering, tree, runtime));
  }
  return { name, text, templates, places, limits };
}

function compileTree(lowering: Lowering, tree: TemplateTree, runtime: object): Delegate {
  const program = lowerTemplate(lowering, tree);
  const { sites, constants, calls, registers } = lowering;
  const functions = calls.map((def) => def.run);
  const names = [...registers];
  for (let id = 1; id < tree.variables; id++) names.push(`x${id}`);
  const locals = names.length === 0 ? '' : `let ${names.join(',')};`;
  const header = `const $get=$.get${functions.map((_, i) => `,f${i}=$.functions[${i}]`).join('')};`;
  const prelude = `const o=data.out;let $root=depth0;${locals}`;
  return compileProgram(program, sites, { header, prelude, scope: { ...runtime, functions, constants } });
}

function run(compiled: Compiled, sink: Sink, data: unknown): void {
  resetMade();
  resetCost();
  startMeter(compiled.limits);
  const frame = new Frame(sink, compiled);
  try {
    (compiled.templates.get(compiled.name) as Delegate)(data, { partial: true, data: frame });
  } catch (error) {
    throw toTemplateError(compiled, frame, error);
  } finally {
    stopMeter();
  }
}

function toTemplateError(compiled: Compiled, frame: Frame, error: unknown): TemplateError {
  if (error instanceof TemplateError) return error;
  const place = compiled.places[frame.at] as Place;
  const reason = reasonOf(compiled, place, error);
  const { location, line, column } = describePlace(compiled.text, place.pos);
  const where = `template: ${compiled.name}:${location}: executing ${quoteGo(place.template)}`;
  const message = `${where} at <${place.describe()}>: ${reason}`;
  return new TemplateError(message, { phase: 'exec', line, column, reason }, { cause: error });
}

function reasonOf(compiled: Compiled, place: Place, error: unknown): string {
  if (error instanceof RangeError && /call stack/.test(error.message)) {
    return `exceeded maximum template depth (${compiled.limits.depth})`;
  }
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof TemplateFault || place.callee === undefined) return message;
  return `error calling ${place.callee}: ${message}`;
}

function isSingleAction(body: readonly Statement[]): boolean {
  const [first] = body;
  return body.length === 1 && first?.type === 'action' && first.pipe.variables.length === 0;
}

function cacheKey(text: string, options: TemplateOptions): string {
  const { name, delimiters = [], missingKey = '', numbers = '', functions = '', limits = {} } = options;
  const { dialect = '', allowNonDeterministic = false, use = '' } = options;
  const sizes = [limits.output, limits.iterations, limits.depth, limits.milliseconds];
  return [
    JSON.stringify([name, ...delimiters]),
    missingKey,
    numbers,
    functions,
    dialect,
    allowNonDeterministic,
    use,
    sizes.join(),
    text,
  ].join('\n');
}
