import { isKnown, type Parameters, pathTo } from './parameters.ts';

/** Parameters whose rest is one key, however many points it has. */
const MAPS = ['metadata.labels', 'metadata.annotations', 'values'];
/** A tag, or the beginning of one without an end, which is text. */
const TAG = /\{\{(?:(.*?)\}\})?/gs;
const WORD = /^[\p{L}_][\p{L}\p{Nd}_]*$/u;
const NAME = /^[\w./:-]+(?:\[\d+\])?$/;

/** Rewrites a template without Go's language: `{{path.basename}}`. What is no parameter stays the text that it is. */
export function rewriteFastTemplate(text: string, parameters: Parameters): string {
  return text.replace(TAG, (tag: string, inside = '') => {
    const name = inside.trim();
    const [first = ''] = name.split(/[.[]/);
    const isParameter = NAME.test(name) && isKnown(first, parameters);
    return isParameter ? `{{ ${expressionOf(name, parameters)} }}` : `{{ ${JSON.stringify(tag)} }}`;
  });
}

function expressionOf(name: string, parameters: Parameters): string {
  const keys = keysOf(name, parameters);
  const path = [...pathTo(keys[0] as string, parameters), ...keys];
  const odd = path.findIndex((key) => !WORD.test(key));
  if (odd < 0) return `.${path.join('.')}`;
  const rest = path.slice(odd).map((key) => (/^\[\d+\]$/.test(key) ? key.slice(1, -1) : JSON.stringify(key)));
  return `index .${path.slice(0, odd).join('.')} ${rest.join(' ')}`;
}

/** The way to a parameter: of a directory `path` is its path, and `path[1]` one of its names. */
function keysOf(name: string, { paths }: Parameters): string[] {
  const [, path = name, index] = /^(.*)\[(\d+)\]$/.exec(name) ?? [];
  if (!paths.has(path)) return splitKeys(name);
  return [...splitKeys(path), ...(index === undefined ? ['path'] : ['segments', `[${index}]`])];
}

function splitKeys(name: string): string[] {
  const map = MAPS.find((prefix) => name.startsWith(`${prefix}.`));
  return map === undefined ? name.split('.') : [...map.split('.'), name.slice(map.length + 1)];
}
