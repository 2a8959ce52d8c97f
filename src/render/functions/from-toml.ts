import { parse, TomlDate, TomlError, type TomlTable, type TomlValue } from 'smol-toml';
import { goInt } from '../values/go-number.ts';
import { spend } from '../values/meter.ts';
import { parseTime } from '../values/parse-time.ts';
import { createMap, type Value, type ValueMap } from '../values/value.ts';
import { checkArgumentSize } from './size.ts';

/** Characters of a document; reading more takes too long. */
const MAX_LENGTH = 64 * 1024;
/** What reading a character costs, in units of work. */
const COST = 20;
const MAX_DEPTH = 64;
const RFC_3339 = '2006-01-02T15:04:05Z07:00';
const MAX_INT64 = 2n ** 63n - 1n;
const MIN_INT64 = -(2n ** 63n);

/**
 * Reads a TOML document: integers are int64, floats are numbers, a date and time with an offset is a time; those
 * of no place are texts as TOML writes them.
 * Throws an Error with line and column, which quotes nothing of the document.
 */
export function readToml(text: string): ValueMap {
  checkArgumentSize(text, MAX_LENGTH);
  spend(text.length * COST);
  return toMap(parseDocument(text));
}

function parseDocument(text: string): TomlTable {
  try {
    return parse(text, { integersAsBigInt: true, maxDepth: MAX_DEPTH });
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const reason = (error.message.split('\n')[0] as string).replace('Invalid TOML document: ', '');
    throw new Error(`toml: line ${error.line}, column ${error.column}: ${reason}`, { cause: error });
  }
}

function toMap(table: TomlTable): ValueMap {
  return createMap(Object.keys(table).map((key) => [key, toValue(table[key] as TomlValue)] as const));
}

function toValue(value: TomlValue): Value {
  if (typeof value === 'bigint') {
    if (value > MAX_INT64 || value < MIN_INT64) throw new Error('toml: an integer is out of range for int64');
    return goInt(value, 'int64');
  }
  if (typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(toValue);
  return value instanceof TomlDate ? readDate(value) : toMap(value as TomlTable);
}

function readDate(date: TomlDate): Value {
  const text = date.toISOString();
  if (date.isDateTime() && !date.isLocal()) return parseTime(RFC_3339, text);
  // The library writes milliseconds always.
  return text.replace(/\.(\d*?)0+$/, (_, digits: string) => (digits === '' ? '' : `.${digits}`));
}
