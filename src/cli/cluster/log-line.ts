import { isObject, type JsonObject, ownValue, parseJson } from '../../lib/json.ts';
import { printable } from '../printer.ts';

/** A line of the controller's log. */
export interface LogLine {
  /** RFC 3339. */
  readonly ts: string;
  readonly level: string;
  readonly message: string;
  readonly error: string;
  /** Empty where the line is about no set. */
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
}

/** Which lines are wanted; what is absent does not matter. */
export interface LogFilter {
  readonly level?: string;
  readonly name?: string;
  readonly namespace?: string;
}

/** Reads a line as the controller writes it; undefined for what is none, such as Node's own warnings. */
export function parseLogLine(text: string): LogLine | undefined {
  const fields = parseFields(text);
  if (!fields) return undefined;
  const field = (key: string): string => {
    const value = ownValue(fields, key);
    return typeof value === 'string' ? value : '';
  };
  const name = field('name');
  return {
    ...{ ts: field('ts'), level: field('level'), message: field('msg'), error: field('error') },
    ...{ kind: field('controllerKind'), name, namespace: field('namespace') },
  };
}

/** Whether a line is about what is wanted; case does not matter, as in Flux. */
export function matchesLog(line: LogLine, filter: LogFilter): boolean {
  const fields = ['level', 'name', 'namespace'] as const;
  return fields.every((field) => {
    const wanted = filter[field];
    return wanted === undefined || wanted.toLowerCase() === line[field].toLowerCase();
  });
}

/** `<time> <level> GeneratorSet/<name>.<namespace> - <message> <error>`, as `flux logs` prints it. */
export function formatLogLine({ ts, level, kind, name, namespace, message, error }: LogLine): string {
  const object = name === '' ? kind : `${kind}/${name}.${namespace}`;
  const text = `${ts} ${level} ${object} - ${message} ${error}`.trimEnd();
  return `${printable(text).replaceAll('\n', '\\n')}\n`;
}

function parseFields(text: string): JsonObject | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    const value = parseJson(text);
    return isObject(value) ? value : undefined;
  } catch {
    // Somebody else's line, or one that was cut.
    return undefined;
  }
}
