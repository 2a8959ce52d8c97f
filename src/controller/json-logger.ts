import pino from 'pino';
import type { Logger } from '../lib/logger.ts';

/** From the most to the least that is said. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** `json` for machines; `console` for a person who reads along. */
const LOG_ENCODINGS = ['json', 'console'] as const;
export type LogEncoding = (typeof LOG_ENCODINGS)[number];

/** Where lines go, one call for each. */
export interface LogDestination {
  write(line: string): unknown;
}

export interface JsonLoggerOptions {
  readonly level: LogLevel;
  readonly encoding: LogEncoding;
  readonly destination: LogDestination;
  /** The present time; default the clock's. */
  readonly now?: () => Date;
}

/** A logger that others are made of, with fields that each of their lines has. */
export interface ControllerLogger extends Logger {
  child(fields: Readonly<Record<string, unknown>>): ControllerLogger;
}

/** Keys whose values are nobody's business, wherever they stand, in lower case. */
const SECRET_KEYS: ReadonlySet<string> = new Set([
  'authorization',
  'proxy-authorization',
  'password',
  'token',
  'bearertoken',
  'secret',
  'apikey',
  'api-key',
  'x-api-key',
  'cookie',
  'set-cookie',
  'privatekey',
  'client-key-data',
]);

/** Characters of one text, and levels and members of one field: a line is to be read. */
const MAX_TEXT = 16_384;
const MAX_DEPTH = 6;
const MAX_MEMBERS = 200;

/**
 * A logger whose lines have the shape of controller-runtime's: `level`, `ts`, `msg`, then fields. No text can begin a
 * line of its own or reach a terminal as a command, and values under the known names of secrets are not written.
 */
export function createJsonLogger(options: JsonLoggerOptions): ControllerLogger {
  const { level, encoding, now = () => new Date() } = options;
  const write = (line: string): void => {
    options.destination.write(encoding === 'json' ? escapeInvisible(line) : consoleLine(line));
  };
  const logger = pino(
    {
      level,
      base: null,
      messageKey: 'msg',
      timestamp: () => `,"ts":"${now().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write },
  );
  return wrap(logger);
}

function wrap(logger: pino.Logger): ControllerLogger {
  const say = (level: LogLevel) => (message: string, fields?: Record<string, unknown>) => {
    if (!logger.isLevelEnabled(level)) return;
    logger[level](fields ? cleanFields(fields) : {}, cut(message));
  };
  return {
    debug: say('debug'),
    info: say('info'),
    warn: say('warn'),
    error: say('error'),
    child: (fields) => wrap(logger.child(cleanFields(fields))),
  };
}

/** pino's own keys are taken; fields with these names get another. */
const OWN_KEYS: ReadonlySet<string> = new Set(['level', 'ts', 'msg']);

function cleanFields(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const clean = cleanMembers(fields, MAX_DEPTH, new Set());
  return Object.fromEntries(
    Object.entries(clean).map(([key, value]) => [OWN_KEYS.has(key) ? `${key}_` : key, value]),
  );
}

function cleanMembers(object: object, depth: number, above: Set<unknown>): Record<string, unknown> {
  const entries = Object.entries(object).slice(0, MAX_MEMBERS);
  return Object.fromEntries(
    entries.map(([key, value]) => [
      cut(key),
      SECRET_KEYS.has(key.toLowerCase()) ? '[redacted]' : cleanValue(value, depth, above),
    ]),
  );
}

/** Nothing that a caller hands in may throw, run long or be someone else's object: what is written is a plain copy. */
function cleanValue(value: unknown, depth: number, above: Set<unknown>): unknown {
  if (typeof value === 'string') return cut(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return typeof value === 'function' ? '[function]' : value;
  if (value instanceof Error) return cut(describeError(value));
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'invalid date' : value.toISOString();
  if (depth === 0 || above.has(value)) return '[...]';
  const within = new Set(above).add(value);
  if (!Array.isArray(value)) return cleanMembers(value, depth - 1, within);
  return value.slice(0, MAX_MEMBERS).map((item) => cleanValue(item, depth - 1, within));
}

/** The message is enough where the error was foreseen; a mistake in this program needs its stack. */
function describeError(error: Error): string {
  const isMistake = error instanceof TypeError || error instanceof ReferenceError;
  return isMistake && error.stack ? error.stack : error.message;
}

function cut(text: string): string {
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}...` : text;
}

/** JSON itself escapes only what is below a space. */
function escapeInvisible(line: string): string {
  return line.replace(/[\u007f-\u009f\p{Zl}\p{Zp}\p{Cf}]/gu, (character) =>
    Array.from({ length: character.length }, (_, unit) => escapeUnit(character.charCodeAt(unit))).join(''),
  );
}

function escapeUnit(code: number): string {
  return `\\u${code.toString(16).padStart(4, '0')}`;
}

/** `<time> <level> <message> {"field":"value"}`, as zap's console encoder writes it. */
function consoleLine(line: string): string {
  const { level, ts, msg, ...fields } = JSON.parse(line) as Record<string, string>;
  const text = JSON.stringify(msg ?? '')
    .slice(1, -1)
    .replaceAll('\\"', '"')
    .replaceAll('\\\\', '\\');
  const rest = Object.keys(fields).length > 0 ? `\t${JSON.stringify(fields)}` : '';
  return `${escapeInvisible(`${ts}\t${level?.toUpperCase()}\t${text}${rest}`)}\n`;
}
