import { type JsonValue, stringifyJson } from '../lib/json.ts';
import { stringifyYaml } from '../lib/yaml.ts';

/** The forms of values that other programs read. */
export type DataFormat = 'json' | 'yaml';

/** What JSON may hold as it is and a terminal would obey: controls beyond ASCII, and what is invisible. */
const OBEYED = /[\u007f-\u009f\p{Cf}\u2028\u2029]/gu;

/** A value for programs, with a line break at its end; what others wrote into it cannot steer a terminal. */
export function formatData(value: JsonValue, format: DataFormat, indent = 2): string {
  if (format === 'yaml') return stringifyYaml(value);
  return `${stringifyJson(value, indent).replace(OBEYED, escapeUnits)}\n`;
}

function escapeUnits(character: string): string {
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}
