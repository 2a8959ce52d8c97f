import { isObject, type JsonObject } from '../src/lib/json.ts';
import { stringifyYaml } from '../src/lib/yaml.ts';

/** Columns of the comments. */
const WIDTH = 100;

/** The defaults of a schema as the YAML of `values.yaml`, each below its description. */
export function formatValuesFile(schema: JsonObject, indent = ''): string {
  const properties = Object.entries(schema['properties'] as JsonObject);
  const texts = properties.map(([key, property]) => {
    if (!isObject(property)) throw new Error(`the schema of ${key} is none`);
    const comment = wrap(String(property['description'])).map((line) => `${indent}# ${line}\n`);
    return `${comment.join('')}${formatValue(key, property, indent)}`;
  });
  return texts.join(indent === '' ? '\n' : '');
}

function formatValue(key: string, property: JsonObject, indent: string): string {
  if (property['default'] === undefined)
    return `${indent}${key}:\n${formatValuesFile(property, `${indent}  `)}`;
  return stringifyYaml({ [key]: property['default'] }).replace(/^(?=.)/gm, indent);
}

function wrap(text: string): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const last = lines.pop() ?? '';
    const longer = last === '' ? word : `${last} ${word}`;
    lines.push(...(longer.length > WIDTH ? [last, word] : [longer]));
  }
  return lines;
}
