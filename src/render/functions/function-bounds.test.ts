import assert from 'node:assert/strict';
import { compileTemplate, TemplateError } from '../template/compile-template.ts';
import type { FunctionDef } from './function-def.ts';
import { functionsOf } from './profiles.ts';
import type { ParamType } from './signature.ts';

/** Long enough that work which grows with the square of the length takes minutes. */
const LENGTH = 128 * 1024;
const MAX_MILLISECONDS = 1000;
const REPEATS = 3;

const units = ['a', 'Ab1-_ ', '\u3000é', '{"a":[', '1.0,', '\\n- %d'];
const data = {
  texts: units.map((unit) => unit.repeat(LENGTH / unit.length)),
  list: Array.from({ length: LENGTH / 4 }, (_, i) => `item-${i}`),
  map: Object.fromEntries(Array.from({ length: LENGTH / 8 }, (_, i) => [`key-${i}`, i])),
};

/** Arguments of one kind: the longest that there is for each parameter. */
function argument(type: ParamType, kind: number): string {
  switch (type) {
    case 'string':
      return `(index .texts ${kind})`;
    case 'int':
    case 'int64':
      return kind % 2 === 0 ? '1000' : '-1';
    case 'float64':
      return '0.5';
    case 'bool':
      return 'true';
    case 'map':
      return '.map';
    case 'list':
      return '.list';
    default:
      return ['.list', '.map', `(index .texts ${kind})`][kind % 3] as string;
  }
}

function callOf({ name, signature: { params, rest } }: FunctionDef, kind: number): string {
  const types = rest === undefined ? params : [...params, rest, rest];
  return `{{ ${[name, ...types.map((type) => argument(type, kind))].join(' ')} }}`;
}

/** Milliseconds of one call; its answer may be an error of the template, and no other. */
function timeCall(template: string): number {
  const start = performance.now();
  try {
    compileTemplate(template, { name: 't' }).render(data);
  } catch (error) {
    assert.ok(error instanceof TemplateError, `${template}: ${error}`);
    assert.ok(error.message.length < 5000, template);
    assert.doesNotMatch(
      error.message,
      /Invalid (string|array) length|Cannot read|is not a function/,
      template,
    );
  }
  return performance.now() - start;
}

describe('functions with long arguments', () => {
  const defs = [...functionsOf('generatorset', 'exact').values()].filter((def) => !def.isNonDeterministic);

  for (const [kind, unit] of units.entries()) {
    it(`answer within a second: ${JSON.stringify(unit)}`, () => {
      for (const def of defs) {
        const template = callOf(def, kind);
        const times: number[] = [];
        // Only what is slow every time is slow: a busy machine is not the function's fault.
        while (times.length < REPEATS && (times.at(-1) ?? MAX_MILLISECONDS) >= MAX_MILLISECONDS) {
          times.push(timeCall(template));
        }
        assert.ok((times.at(-1) as number) < MAX_MILLISECONDS, `${template}: ${times} ms`);
      }
    }).timeout(60_000);
  }
});
