import type { Element } from '../../src/api/element.ts';
import { readData } from '../../src/api/secret-data.ts';
import { setOwn } from '../../src/lib/json.ts';
import type { Generator } from '../generator.ts';
import { type ConfigSpec, configSchema } from './schema.ts';

/** The data of a ConfigMap or Secret as one element: every value is text, as it is stored. */
export const config: Generator<ConfigSpec> = {
  name: 'config',
  schema: configSchema,
  async generate(spec, context) {
    context.signal.throwIfAborted();
    const { place, data } = await readData(spec, context);
    const element: Element = {};
    for (const [key, value] of data) setOwn(element, key, decodeText(value, `${place}: ${key}`));
    if (spec.kind === 'Secret') context.note(element, { isSecret: true });
    return [element];
  },
  query: ({ kind, name }) => `${kind} ${name}`,
};

/** Templates work on text: bytes that are none would become something else. */
function decodeText(value: Buffer, place: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(value);
  } catch (error) {
    throw new Error(`${place} is not UTF-8 text; move it to an object that is not read here`, {
      cause: error,
    });
  }
}
