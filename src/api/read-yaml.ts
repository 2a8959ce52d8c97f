import { parseYamlDocuments, type ReadOptions, type YamlDocument, YamlError } from '../lib/yaml.ts';

/** One thing that keeps a text from being YAML; line and column count from 1, columns in characters. */
export interface YamlMistake {
  readonly line: number;
  readonly column: number;
  /** What is wrong, or what to write instead. */
  readonly reason: string;
  /** The line as it stands, where the reason says what to change in it. */
  readonly text?: string;
  readonly cause: YamlError;
}

/** The documents of a text, or all that is wrong with it. */
type ReadYaml = { readonly documents: readonly YamlDocument[] } | { readonly mistakes: YamlMistake[] };

/** A text that is read again and again, each time with one template less. */
interface Repair {
  readonly lines: string[];
  readonly options: ReadOptions;
  readonly mistakes: YamlMistake[];
  /** Characters that may still be read. */
  budget: number;
}

/** Characters that are read again, all tries together: a set is small, and its reader waits. */
const MAX_READ_AGAIN = 512 * 1024;
const MAX_MISTAKES = 20;

const ACTION = /\{\{.*?(?:\}\}|$)/g;

/**
 * Reads the documents of a text. Where YAML fails on templates without quotes, or with double quotes in double
 * quotes, all of these are named at once: a line is one of them when the text reads further without its template.
 */
export function readYaml(text: string, options: ReadOptions): ReadYaml {
  const first = tryRead(text, options);
  if (!(first instanceof YamlError)) return { documents: first };
  const repair: Repair = { lines: text.split('\n'), options, mistakes: [], budget: MAX_READ_AGAIN };
  let error: YamlError | undefined = first;
  while (error && repair.mistakes.length < MAX_MISTAKES) {
    const next = repairOne(repair, error);
    if (next === error) break;
    error = next;
  }
  const { mistakes } = repair;
  if (error) mistakes.push({ line: error.line, column: error.column, reason: error.reason, cause: error });
  return { mistakes: mistakes.sort((a, b) => a.line - b.line) };
}

function tryRead(text: string, options: ReadOptions): YamlDocument[] | YamlError {
  try {
    return parseYamlDocuments(text, options);
  } catch (error) {
    if (error instanceof YamlError) return error;
    throw error;
  }
}

/** Masks the template that an error comes from, and gives the next error, if any; the same one if there is none. */
function repairOne(repair: Repair, error: YamlError): YamlError | undefined {
  const { lines, mistakes } = repair;
  for (const at of suspects(lines, error.line - 1)) {
    const line = lines[at] as string;
    for (const masked of masks(line, at)) {
      const next = readWith(repair, { at, masked, error });
      if (next === error) continue;
      lines[at] = masked;
      mistakes.push(describeMistake(line, at, error));
      return next;
    }
  }
  return error;
}

/** The lines with a template that an error may come from: its own, and the one with text before it. */
function suspects(lines: readonly string[], at: number): number[] {
  const before = lines.slice(0, at).findLastIndex((line) => line.trim() !== '');
  return [at, before].filter((index) => lines[index]?.includes('{{'));
}

/** The next error with another line; the same one where nothing is better. */
function readWith(
  repair: Repair,
  { at, masked, error }: { at: number; masked: string; error: YamlError },
): YamlError | undefined {
  const text = repair.lines.with(at, masked).join('\n');
  repair.budget -= text.length;
  if (repair.budget < 0) return error;
  const next = tryRead(text, repair.options);
  if (!(next instanceof YamlError)) return undefined;
  return next.line === at + 1 || next.line === error.line ? error : next;
}

/** The line without its templates, as long as before, so that places stay: a comment; a word, or a whole value. */
function masks(line: string, at: number): string[] {
  if (isTemplateAlone(line)) return [line.replace('{', '#')];
  // A word of its own, so that two keys never become the same one.
  const word = (text: string) => `x${at}_`.padEnd(text.length, 'x').slice(0, text.length);
  const end = line.trimEnd().length;
  const before = /(?:^\s*-|:)\s+(?=\S)/.exec(line);
  const start = before ? before.index + before[0].length : end;
  const whole = line.slice(0, start) + word(line.slice(start, end)) + line.slice(end);
  return [line.replace(ACTION, word), whole];
}

/** Whether a line holds templates and nothing else, as a `range` around lines does. */
function isTemplateAlone(line: string): boolean {
  return line.replace(ACTION, '').trim() === '';
}

function describeMistake(line: string, at: number, cause: YamlError): YamlMistake {
  const start = line.indexOf('{{');
  const column = [...line.slice(0, start)].length + 1;
  return { line: at + 1, column, reason: describeQuotes(line, start), text: line.trimEnd(), cause };
}

/** What to write in place of a line's templates, the first of which stands at `start`. */
function describeQuotes(line: string, start: number): string {
  if (isTemplateAlone(line))
    return 'a template is no line of YAML: write it in a value, or the whole template as "text: |"';
  const actions = (line.match(ACTION) ?? []).join('');
  const end = line.lastIndexOf('}}');
  const isPart = end >= 0 && /^["']?\s*[^\s:,}\]#"']/.test(line.slice(end + 2));
  const what =
    isPart || /[^\s:,[{(-]\s+$|[^\s:,[{("'-]$/.test(line.slice(0, start))
      ? 'the whole value'
      : 'the template';
  const shape = isPart ? '{{ ... }}...' : '{{ ... }}';
  if (!actions.includes('"')) return `quote ${what}: "${shape}"`;
  if (!actions.includes("'")) return `quote ${what}: '${shape}', for it holds double quotes`;
  return `write ${what} as a block of text, in the lines below "|": it holds both kinds of quotes`;
}
