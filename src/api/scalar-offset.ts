import type { Scalar } from 'yaml';

/** A place inside the text that a scalar holds; line and column count from 1. */
interface Within {
  readonly line: number;
  readonly column: number;
}

/**
 * The offset, in the source, of one character of the text that a scalar holds. Sources differ from what they
 * mean by indentation, folding, quotes and escapes; but white space apart they hold the same characters in the
 * same order, so the characters are counted.
 */
export function scalarOffset(source: string, scalar: Scalar, within: Within): number {
  const [start, end] = scalar.range ?? [0, 0];
  const raw = source.slice(start, end);
  const value = String(scalar.value ?? '');
  const index = indexWithin(value, within);
  if (scalar.type === 'BLOCK_LITERAL') return start + literalOffset(raw, value, within);
  return start + countedOffset(rawUnits(raw, scalar.type), value, index);
}

/** One character of the value as the source writes it: where, with how many characters, and whether it is white. */
interface Unit {
  readonly offset: number;
  readonly length: number;
  readonly white: boolean;
}

/** One escape of a double-quoted scalar, a continued line included. */
const ESCAPE = /\\(?:x[\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8}|\r\n|[\s\S])/y;
const WHITE = /[ \t\r\n]/;

function indexWithin(value: string, { line, column }: Within): number {
  const lines = value.split('\n');
  const before = lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0);
  return Math.min(before + column - 1, value.length);
}

/** Each line of a literal block is the value's line after some indentation. */
function literalOffset(raw: string, value: string, { line, column }: Within): number {
  const rawLines = raw.split('\n');
  const text = (rawLines[line] ?? '').replace(/\r$/, '');
  const indentation = Math.max(0, text.length - (value.split('\n')[line - 1] ?? '').length);
  const before = rawLines.slice(0, line).reduce((sum, rawLine) => sum + rawLine.length + 1, 0);
  return Math.min(before + indentation + column - 1, raw.length);
}

/** Finds the character after as many others as stand before it in the value, white space not counted. */
function countedOffset(units: readonly Unit[], value: string, index: number): number {
  const ink = units.filter((unit) => !unit.white);
  const before = countInk(value.slice(0, index));
  const next = value[index];
  if (next !== undefined && !WHITE.test(next)) return (ink[before] ?? ink.at(-1))?.offset ?? 0;
  const last = ink[before - 1];
  if (!last) return units[0]?.offset ?? 0;
  const gap = index - (value.slice(0, index).trimEnd().length || index);
  return last.offset + last.length + gap;
}

function countInk(text: string): number {
  return text.replace(/[ \t\r\n]+/g, '').length;
}

/** All characters of the source that stand for the value's; the header of a block does not. */
function rawUnits(raw: string, type: Scalar['type']): Unit[] {
  if (type === 'QUOTE_DOUBLE') return doubleQuotedUnits(raw);
  if (type === 'QUOTE_SINGLE') return singleQuotedUnits(raw);
  const first = type === 'BLOCK_FOLDED' ? raw.indexOf('\n') + 1 : 0;
  const units: Unit[] = [];
  for (let offset = first; offset < raw.length; offset++) units.push(unitAt(raw, offset));
  return units;
}

/** Two quotes are one character. */
function singleQuotedUnits(raw: string): Unit[] {
  const units: Unit[] = [];
  for (let offset = 1; offset < raw.length - 1; offset++) {
    units.push(unitAt(raw, offset));
    if (raw[offset] === "'") offset++;
  }
  return units;
}

function doubleQuotedUnits(raw: string): Unit[] {
  const units: Unit[] = [];
  let offset = 1;
  while (offset < raw.length - 1) {
    ESCAPE.lastIndex = offset;
    const sequence = raw[offset] === '\\' ? ESCAPE.exec(raw)?.[0] : undefined;
    const length = sequence?.length ?? 1;
    for (const white of sequence ? meansWhite(sequence) : [WHITE.test(raw[offset] as string)]) {
      units.push({ offset, length, white });
    }
    offset += length;
  }
  return units;
}

/** One answer for each character (UTF-16 unit) that the escape stands for. */
function meansWhite(sequence: string): boolean[] {
  const digits = /^\\[xuU](.+)$/.exec(sequence)?.[1];
  if (digits === undefined) return [/^\\[nrt \t\r\n]/.test(sequence)];
  const code = Number.parseInt(digits, 16);
  const white = code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d;
  return code > 0xffff ? [white, white] : [white];
}

function unitAt(raw: string, offset: number): Unit {
  return { offset, length: 1, white: WHITE.test(raw[offset] as string) };
}
