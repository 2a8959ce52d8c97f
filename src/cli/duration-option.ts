import { InvalidArgumentError, Option } from 'commander';
import { parseDuration } from '../lib/duration.ts';

/** An option that takes a duration, such as `5m30s`, as milliseconds; help shows its default as people write it. */
export function durationOption(flags: string, description: string, value?: string): Option {
  const option = new Option(flags, description).argParser(readDuration);
  return value === undefined ? option : option.default(parseDuration(value), value);
}

function readDuration(text: string): number {
  try {
    return parseDuration(text);
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}
