import { describeElement, type GeneratedElement, SECRET_VALUE } from '../api/element.ts';
import { ErrorList, StalledError } from '../api/errors.ts';
import { showLine } from '../api/show-line.ts';
import { formatPath, formatPosition, type Path, type Position, type Source } from '../api/source.ts';
import { explainMissingKey } from './explain-missing-key.ts';
import { TemplateError } from './template/template-error.ts';

/** The reason when a template itself is wrong: no element can cure it. */
export const INVALID_TEMPLATE = 'InvalidTemplate';

/** Several templates fail on the present elements; other elements may render. One message for each. */
export class RenderError extends Error {
  readonly errors: readonly Error[];

  constructor(errors: readonly Error[]) {
    super(errors.map((error) => error.message).join('\n'), { cause: errors[0] });
    this.name = 'RenderError';
    this.errors = errors;
  }
}

/** One thing that went wrong in a render. */
export interface Failure {
  readonly error: unknown;
  /** From the root of the set. */
  readonly path: Path;
  readonly where: 'key' | 'value';
  /** Position under `spec.templates`; absent for other fields. */
  readonly template?: number;
  readonly element?: GeneratedElement;
  /** The element that the field was rendered for, where the message need not name it. */
  readonly about?: GeneratedElement;
  /** Where it is in the library, when a ready-made template is at fault. */
  readonly library?: Place & { readonly source: Source };
}

/** A key or a value of a file. */
type Place = Pick<Failure, 'path' | 'where'>;

/** What went wrong so far: the first failures, and how many there are. */
export interface Failures {
  readonly first: Failure[];
  count: number;
  /** The first failure of each element that has one. */
  readonly byElement: Map<GeneratedElement, Failure>;
  /** Whether something is wrong that is no fault of single elements. */
  isWhole: boolean;
}

/** A key that a template names, and no value. */
const MISSING_KEY = /map has no entry for key "[^"]*"$/;
/** Other reasons may quote what was read, or a part of it. */
const HIDDEN_REASON = `fails on values ${SECRET_VALUE}, so that the reason is not shown`;

const MAX_SHOWN = 20;
const MAX_REASON = 500;

/** A list without failures. */
export function noFailures(): Failures {
  return { first: [], count: 0, byElement: new Map(), isWhole: false };
}

/** Remembers a failure; beyond the first 20 they are only counted. */
export function addFailure(failures: Failures, failure: Failure): void {
  failures.count++;
  const { element, error } = failure;
  if (!element || isTemplateWrong(error)) failures.isWhole = true;
  else if (!failures.byElement.has(element)) failures.byElement.set(element, failure);
  if (failures.first.length < MAX_SHOWN) failures.first.push(failure);
  if (!(failure.error instanceof TemplateError)) return;
  for (const other of failure.error.others) addFailure(failures, { ...failure, error: other });
}

/** All failures as one error: a StalledError when a template itself is wrong, else a RenderError. */
export function failuresError({ first, count }: Failures, source: Source | undefined): Error {
  const errors = first.map((failure) => {
    const message = describeFailure(failure, source);
    const options = { cause: failure.error };
    return isTemplateWrong(failure.error)
      ? new StalledError(INVALID_TEMPLATE, message, options)
      : new Error(message, options);
  });
  if (count > first.length) errors.push(new Error(`... and ${count - first.length} more`));
  const isStalled = first.some(({ error }) => isTemplateWrong(error));
  return isStalled ? new ErrorList(INVALID_TEMPLATE, errors) : new RenderError(errors);
}

/** What went wrong with each element, as one error for each. */
export function elementErrors(
  { byElement }: Failures,
  source: Source | undefined,
): { element: GeneratedElement; error: Error }[] {
  return [...byElement].map(([element, failure]) => ({
    element,
    error: new RenderError([new Error(describeFailure(failure, source), { cause: failure.error as Error })]),
  }));
}

/** What went wrong in several renders of one set, as one error: a StalledError when one of them is. */
export function joinFailures(errors: readonly Error[]): Error {
  const [first] = errors;
  if (first && errors.length === 1) return first;
  const stalled = errors.find((error) => error instanceof StalledError);
  const all = errors.flatMap((error) =>
    error instanceof ErrorList || error instanceof RenderError ? error.errors : [error],
  );
  return stalled ? new ErrorList(stalled.reason, all) : new RenderError(all);
}

function isTemplateWrong(error: unknown): boolean {
  return error instanceof StalledError || (error instanceof TemplateError && error.phase === 'parse');
}

/** `file:line:column: what is wrong (templates[0], element api)`, then the line of the file and a caret. */
function describeFailure(failure: Failure, source: Source | undefined): string {
  const { error, path, template, element, library } = failure;
  const about = element ?? failure.about;
  const reason = describeReason(error, about);
  const hint = explainMissingKey(reason, about);
  const file = library?.source ?? source;
  const position = file && findPosition(error, library ?? failure, file);
  const from = [
    ...(library && source ? [describeUser(source.locate(path))] : []),
    ...(template === undefined ? [] : [`templates[${template}]`]),
    ...(element ? [`element ${describeElement(element)}`] : []),
  ];
  const suffix = from.length > 0 ? ` (${from.join(', ')})` : '';
  const text = `${position ? formatPosition(position) : formatPath(path)}: ${cut(reason)}${hint === undefined ? '' : `: ${hint}`}${suffix}`;
  return position ? text + showLine(file.line(position.line), position.column) : text;
}

function describeReason(error: unknown, about: GeneratedElement | undefined): string {
  const reason = error instanceof TemplateError ? error.reason : (error as Error).message;
  const isShown = !about?.isSecret || isTemplateWrong(error) || MISSING_KEY.test(reason);
  return isShown ? reason : HIDDEN_REASON;
}

/** Where the set uses the ready-made template that is at fault. */
function describeUser(position: Position): string {
  return `used in ${formatPosition(position)}`;
}

/** Template errors know their place inside the scalar. */
function findPosition(error: unknown, { path, where }: Place, source: Source): Position {
  const within = error instanceof TemplateError ? { line: error.line, column: error.column ?? 1 } : undefined;
  return where === 'key' ? source.locateKey(path, within) : source.locate(path, within);
}

function cut(reason: string): string {
  const line = reason.replaceAll('\n', ' ');
  return line.length > MAX_REASON ? `${line.slice(0, MAX_REASON)}...` : line;
}
